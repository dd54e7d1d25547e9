import Store
import Tensor
import TestSupport
import Testing

@Suite struct ContentHashTests {
  private let one = Node(.array(.integer(1)))
  private let two = Node(.array(.float(2)), [.init("a", .integer(1)), .init("b", .string("x"))])

  @Test func `the order of writing does not count`() {
    let forward = Node(.group([.init("x", one), .init("y", two)]))
    let turned = Node(.array(.float(2)), two.attributes.reversed())
    let backward = Node(.group([.init("y", turned), .init("x", one)]))
    #expect(forward != backward)
    #expect(ContentHash.of(forward) == ContentHash.of(backward))
  }

  @Test func `whatever is content counts`() throws {
    let scalar = try Tensor(1)
    let base = Node(.group([.init("x", one), .init("y", two)]))
    let others = [
      Node(.group([.init("z", one), .init("y", two)])),
      Node(.group([.init("x", one), .init("y", one)])),
      Node(.group([.init("x", one), .init("y", Node(.array(.float(2))))])),
      Node(.group([.init("x", Node(.array(.integers([1])))), .init("y", two)])),
      Node(.group([.init("x", Node(.array(.float(1)))), .init("y", two)])),
      Node(.group([.init("x", one), .init("y", two)]), [.init("a", .integer(1))]),
      Node(.group([.init("x", Node(.group([.init("y", two)])))])),
      Node(.group([.init("x", Node(.tensor(scalar))), .init("y", two)])),
    ]
    let hashes = ([base] + others).map(ContentHash.of)
    #expect(Set(hashes).count == others.count + 1)
  }

  @Test func `only the volatile part of the provenance does not count`() throws {
    let folder = try TemporaryFolder()
    func write(_ change: (inout Provenance) -> Void) throws -> String {
      var archive = Archive()
      change(&archive.provenance)
      return try archive.write(to: folder.file("x.h5"))
    }
    let plain = try write { _ in }
    let late = try write { $0.volatile.created = "tomorrow" }
    #expect(late == plain)
    #expect(try write { $0.volatile.commandLine = ["duet"] } == plain)
    #expect(try write { $0.seed = 1 } != plain)
  }

  @Test func `the digest of nothing, and that of a text, are those of SHA-256`() {
    #expect(
      Digest().text == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      Digest.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test func `fields do not run together`() {
    func digest(_ texts: [String]) -> String {
      var digest = Digest()
      for text in texts { digest.add(text) }
      return digest.text
    }
    #expect(digest(["ab", "c"]) != digest(["a", "bc"]))
    #expect(digest(["ab"]) != digest(["a", "b"]))
  }

  @Test func `a tensor's digest knows its shape and its bits`() throws {
    let flat = try Tensor(shape: [4], elements: [1, 2, 3, 0])
    let square = try Tensor(shape: [2, 2], elements: [1, 2, 3, 0])
    let negative = try Tensor(shape: [4], elements: [1, 2, 3, -0.0])
    #expect(Set([flat, square, negative].map { Digest.sha256($0) }).count == 3)
    #expect(try Digest.sha256(flat) == Digest.sha256(flat.reshaped(to: [4])))
  }
}
