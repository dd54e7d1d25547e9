import Store
import Tensor
import TestSupport
import Testing

@Suite struct StoredFileTests {
  private static func file(_ folder: TemporaryFolder) throws -> String {
    var root = Node(.group([]), [Node.Attribute("format", .string("notes/1"))])
    root.set(["a", "numbers"], to: Node(.array(.integers([1, 2, 3]))))
    root.set(["a", "tensor"], to: Node(.tensor(try Tensor(1.5))))
    root.set(["words"], to: Node(.array(.strings(["one", "zwölf"]))))
    let path = folder.file("pieces.h5")
    try Archive(root: root).write(to: path)
    return path
  }

  @Test func `a file is read piece by piece`() throws {
    let folder = try TemporaryFolder()
    let file = try StoredFile(reading: try Self.file(folder))
    #expect(file.text("format") == "notes/1")
    #expect(file.text("kind") == nil)
    #expect(try file.names(in: "/a") == ["numbers", "tensor"])
    #expect(try file.array(at: "/a/numbers") == .integers([1, 2, 3]))
    #expect(try file.array(at: "/words").texts == ["one", "zwölf"])
  }

  @Test func `what is not there, or something else, is an error with its path`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(folder)
    let file = try StoredFile(reading: path)
    #expect(throws: StoreError(file: path, path: "/b", .absent)) { try file.names(in: "/b") }
    #expect(throws: StoreError.self) { try file.names(in: "/words") }
    #expect(throws: StoreError.self) { try file.array(at: "/a") }
    #expect(throws: StoreError.self) { try file.array(at: "/a/tensor") }
  }

  @Test func `the limits hold for each piece and not for all together`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.file(folder)
    var limits = ReadLimits()
    limits.bytes = 1000
    let file = try StoredFile(reading: path, limits)
    for _ in 0..<100 { #expect(try file.array(at: "/a/numbers").elements.count == 3) }
    limits.bytes = 8
    let narrow = try StoredFile(reading: path, limits)
    #expect(throws: StoreError.self) { try narrow.array(at: "/a/numbers") }
  }
}
