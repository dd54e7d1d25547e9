import Foundation
import Testing

/// Whether the file is mapped by this process. The list is read piece by piece, while other tests
/// map things, so that a line can be missed: then it is read again.
func isMapped(_ file: String, expecting expected: Bool) throws -> Bool {
  for _ in 0..<100 {
    let list = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
    var text = Data()
    while let piece = try list.read(upToCount: 1 << 16), !piece.isEmpty { text += piece }
    #expect(text.range(of: Data("[stack]".utf8)) != nil, "the list ends with the stack")
    if (text.range(of: Data(file.utf8)) != nil) == expected { return expected }
  }
  return !expected
}
