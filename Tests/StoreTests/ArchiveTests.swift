import Foundation
import Store
import Tensor
import TestSupport
import Testing

@Suite struct ArchiveTests {
  private func provenance() -> Provenance {
    var provenance = Provenance()
    provenance.script = "let x = \"\0\"\nprint(x)"
    provenance.settings = #"{"lr": 0.002}"#
    provenance.seed = 3
    provenance.datasetDigest = "d"
    provenance.weightsDigest = "w"
    provenance.versions = [.init("duet", "0.1"), .init("openblas", "0.3.21")]
    provenance.volatile.created = "2026-01-01T00:00:00Z"
    provenance.volatile.host = "here"
    provenance.volatile.commandLine = ["duet", "run", "x.duet"]
    provenance.volatile.paths = ["x.duet", "data/"]
    provenance.volatile.wallTime = 1.5
    return provenance
  }

  @Test func `provenance comes back, with the version of HDF5`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try Archive.save(.int(1), of: file, provenance())
    var expected = provenance()
    expected.versions.append(.init("hdf5", "1.10.8"))
    var read = try Archive(reading: file).provenance
    #expect(read.versions.last?.name == "hdf5")
    read.versions[read.versions.count - 1] = .init("hdf5", "1.10.8")
    #expect(read == expected)
  }

  @Test func `a second value joins the first, and a place is replaced`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try Archive.save(.int(1), at: "/a", of: file, Provenance())
    try Archive.save(
      .tensor(try Tensor(shape: [2], elements: [1, 2])), at: "/b/c", of: file, provenance())
    try Archive.save(.int(2), at: "/a", of: file, Provenance())
    let archive = try Archive(reading: file)
    #expect(archive.root.children.map(\.name) == ["a", "b"])
    #expect(archive.root.node(at: "/a")?.content == .array(.integer(2)))
    #expect(archive.root.node(at: "/b/c")?.content == .tensor([2], [1, 2]))
    #expect(archive.provenance.script == nil)
  }

  struct Place: CustomTestStringConvertible {
    let testDescription: String
    let path: String
    let fault: StoreError.Fault

    init(_ path: String, _ fault: StoreError.Fault) {
      (testDescription, self.path, self.fault) = (path, path, fault)
    }
  }

  @Test(arguments: [
    Place("/", .refused("the path \"/\"")), Place("/a/./b", .refused("the path \"/a/./b\"")),
    Place("/provenance/x", .refused("the name provenance")),
    Place("/clip", .refused("the name clip")), Place("/results", .refused("the name results")),
    Place("/parameters", .refused("the name parameters")),
    Place("/training/x", .refused("the name training")),
    Place("/list/0", .kind(expected: "group", found: "list")),
    Place("/number/x", .kind(expected: "group", found: "int")),
  ])
  func `places where no value can be put`(_ place: Place) throws {
    var archive = Archive()
    try archive.set("/list", to: .list([.int(1), .float(1)]), file: "f")
    try archive.set("/number", to: .int(1), file: "f")
    do throws(StoreError) {
      try archive.set(place.path, to: .nothing, file: "f")
      Issue.record("\(place.path) was accepted")
    } catch {
      #expect(error.fault == place.fault)
    }
  }

  @Test func `files that Duet did not write are not overwritten`() throws {
    let folder = try TemporaryFolder()
    for (name, content) in [
      ("text.h5", Data("precious".utf8)), ("empty.h5", Data()),
      ("h5py.h5", try Data(contentsOf: URL(filePath: fixture("latest.h5")))),
    ] {
      let file = folder.file(name)
      try content.write(to: URL(filePath: file))
      #expect(throws: StoreError(file: file, .notDuet)) { try Archive().write(to: file) }
      #expect(throws: StoreError(file: file, .notDuet)) {
        try Archive.save(.int(1), of: file, Provenance())
      }
      #expect(try Data(contentsOf: URL(filePath: file)) == content)
    }
    let inner = folder.file("folder")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: false)
    #expect(throws: StoreError(file: inner, .notRegular)) { try Archive().write(to: inner) }
  }

  @Test func `a file of another schema is neither read nor overwritten`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try Archive().write(to: file)
    try patch(file, "duet/1", "duet/2")
    let error = StoreError(file: file, .schema(found: "duet/2"))
    #expect(throws: error) { try Archive(reading: file) }
    #expect(throws: error) { try Archive().write(to: file) }
    #expect(throws: error) { try StoredWeights(reading: file) }
  }

  @Test func `content that changed after writing is noticed unless asked not to look`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    let hash = try Archive.save(.string("accuracy 61.2"), of: file, Provenance())
    #expect(try Archive.verify(file) == hash)
    try patch(file, "accuracy 61.2", "accuracy 91.2")
    let error = try #require(throws: StoreError.self) { try Archive(reading: file) }
    guard case .contentHash(hash, let computed) = error.fault else { throw error }
    #expect(throws: error) { try Archive.node(at: "/value", of: file) }
    #expect(throws: error) { try Archive.verify(file) }
    #expect(throws: error) { try Archive.save(.int(1), at: "/b", of: file, Provenance()) }
    var options = Archive.ReadOptions()
    options.checksHash = false
    let archive = try Archive(reading: file, options)
    #expect(archive.root["value"]?.content == .array(.string("accuracy 91.2")))
    #expect(computed != hash && archive.contentHash == hash)
  }

  @Test func `names and texts that HDF5 cannot hold are refused before anything is written`() throws
  {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    let one = Node(.array(.integer(1)))
    let cases: [(Node, String, StoreError.Fault)] = [
      (Node(.group([.init("a/b", one)])), "/", .refused("the name \"a/b\"")),
      (
        Node(.group([.init("a", one), .init("a", one)])), "/",
        .refused("two things are called \"a\"")
      ),
      (
        Node(.group([.init("a", Node(.array(.string("\0"))))])), "/a",
        .refused("a text with a NUL")
      ),
      (Node(.group([]), [.init("CLASS", .integer(1))]), "/", .refused("the attribute \"CLASS\"")),
      (Node(.group([.init("provenance", one)])), "/provenance", .refused("the name provenance")),
      (one, "/", .kind(expected: "group", found: "int64")),
    ]
    for (root, path, fault) in cases {
      #expect(throws: StoreError(file: file, path: path, fault)) {
        try Archive(root: root).write(to: file)
      }
    }
    #expect(try folder.names == [])
  }

  @Test func `many attributes and long ones`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    var attributes = (0..<40).map { Node.Attribute("a\(39 - $0)", .integer($0)) }
    attributes.append(.init("long", .integers(Array(0..<20_000))))
    attributes.append(.init("texts", .strings((0..<5000).map { "text \($0)" })))
    let root = Node(.group([.init("x", Node(.group([]), attributes))]))
    try Archive(root: root).write(to: file)
    #expect(try Archive(reading: file).root == root)
  }
}

/// Replaces a text in a file by another of the same length.
func patch(_ file: String, _ text: String, _ other: String) throws {
  var data = try Data(contentsOf: URL(filePath: file))
  let range = try #require(data.range(of: Data(text.utf8)))
  data.replaceSubrange(range, with: Data(other.utf8))
  try data.write(to: URL(filePath: file))
}
