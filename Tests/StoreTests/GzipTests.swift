import Foundation
import Store
import TestSupport
import Testing

/// Small files, compressed or not.
struct GzipTests {
  /// "hello hello hello\n", by `gzip -n`.
  private static let packed = [UInt8](
    Data(base64Encoded: "H4sIAAAAAAAAA8tIzcnJV8hAkFwAO3yK3xIAAAA=") ?? Data())

  private func bytes(_ content: [UInt8], limit: Int = 1000) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    try Data(content).write(to: URL(filePath: folder.file("x")))
    return try Gzip.bytes(of: folder.file("x"), limit: limit)
  }

  @Test func `a file is read as it is, or unpacked`() throws {
    #expect(try bytes(Array("plain".utf8)) == Array("plain".utf8))
    #expect(try bytes(Self.packed) == Array("hello hello hello\n".utf8))
    #expect(try bytes([]) == [])
  }

  @Test func `damaged and endless data are refused`() throws {
    for count in 2..<Self.packed.count {
      #expect(throws: StoreError.self) { try bytes(Array(Self.packed[..<count])) }
    }
    for place in [10, 20, Self.packed.count - 8] {
      var wrong = Self.packed
      wrong[place] ^= 1
      #expect(throws: StoreError.self) { try bytes(wrong) }
    }
    #expect(throws: StoreError.self) { try bytes(Self.packed, limit: 17) }
    #expect(throws: StoreError.self) { try bytes(Array("plain".utf8), limit: 4) }
    #expect(throws: StoreError.self) { try Gzip.bytes(of: "/no/such", limit: 9) }
  }
}
