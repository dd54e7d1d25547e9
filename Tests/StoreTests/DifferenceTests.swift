import Store
import TestSupport
import Testing

@Suite struct DifferenceTests {
  private func tree(_ number: Double, _ text: String = "x") -> Node {
    let array = StoredArray(shape: [3], .floats([1, number, .nan]))
    return Node(
      .group([
        .init("a", Node(.array(array), [.init("units", .string(text))])),
        .init("b", Node(.array(.integers([1, 2])))),
      ]))
  }

  @Test func `equal trees do not differ, in whatever order`() {
    let turned = Node(.group(tree(2).children.reversed()))
    #expect(Difference.between(tree(2), turned) == [])
  }

  @Test func `numbers differ beyond the tolerance`() {
    let found = [
      Difference(path: "/a", what: .numbers(different: 1, of: 3, largest: 0.5))
    ]
    #expect(Difference.between(tree(2), tree(2.5)) == found)
    #expect(Difference.between(tree(2), tree(2.5), .init(absolute: 0.4)) == found)
    #expect(Difference.between(tree(2), tree(2.5), .init(relative: 0.1)) == found)
    #expect(Difference.between(tree(2), tree(2.5), .init(absolute: 0.5)) == [])
    #expect(Difference.between(tree(2), tree(2.5), .init(relative: 0.2)) == [])
    #expect(Difference.between(tree(0), tree(-0.0)).count == 1)
    #expect(Difference.between(tree(0), tree(-0.0), .init(absolute: 1e-9)) == [])
    #expect(Difference.between(tree(2), tree(.nan), .init(absolute: 9)).count == 1)
    #expect(Difference.between(tree(.infinity), tree(.infinity), .init(absolute: 9)) == [])
    #expect(Difference.between(tree(.infinity), tree(1), .init(absolute: 9)).count == 1)
  }

  @Test func `everything else that differs is told with its path`() {
    let other = Node(
      .group([
        .init("a", Node(.array(.strings(["x"])))),
        .init("c", Node(.group([]))),
      ]), [.init("seed", .integer(1))])
    #expect(
      Difference.between(tree(2), other) == [
        .init(path: "/@seed", what: .onlyInSecond("int64")),
        .init(path: "/a@units", what: .onlyInFirst("string")),
        .init(path: "/a", what: .form("float64 [3]", "string [1]")),
        .init(path: "/b", what: .onlyInFirst("int64 [2]")),
        .init(path: "/c", what: .onlyInSecond("group")),
      ])
    #expect(
      Difference.between(tree(2), tree(2, "y")) == [
        .init(
          path: "/a@units", what: .values(different: 1, of: 1, first: "x", second: "y"))
      ])
  }

  @Test func `files with equal hashes do not differ`() throws {
    let folder = try TemporaryFolder()
    let files = [folder.file("a.h5"), folder.file("b.h5"), folder.file("c.h5")]
    var hashes: [String] = []
    for (index, file) in files.enumerated() {
      var provenance = Provenance()
      provenance.volatile.host = "host \(index)"
      provenance.seed = index / 2
      hashes.append(try Archive.save(.float(0.5), of: file, provenance))
    }
    #expect(hashes[0] == hashes[1] && hashes[1] != hashes[2])
    #expect(try Difference.between(files[0], files[1]) == [])
    #expect(
      try Difference.between(files[1], files[2]) == [
        .init(path: "/provenance@seed", what: .numbers(different: 1, of: 1, largest: 1))
      ])
  }

  @Test func `large integers differ exactly`() {
    let a = Node(.array(.integer(1 << 53)))
    let b = Node(.array(.integer(1 << 53 + 1)))
    #expect(Difference.between(a, b).count == 1)
    #expect(Difference.between(a, b, .init(absolute: 1)).isEmpty)
  }
}
