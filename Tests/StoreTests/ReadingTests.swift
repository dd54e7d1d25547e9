import Store
import Tensor
import TestSupport
import Testing

/// Files that h5py wrote in three formats: that of HDF5 1.6, that of 1.8 with creation order, and the
/// latest one. `Fixtures/make.py` says what is in them.
@Suite struct ReadingTests {
  static let files = ["earliest.h5", "ordered.h5", "latest.h5"]

  @Test(arguments: files)
  func `numbers of every width and order of bytes`(_ file: String) throws {
    let types = try Archive.node(at: "/types", of: fixture(file))
    for name in ["zi1", "zu1", "zi2", "zu2", "zi4", "zu4", "zi8", "zu8"] {
      #expect(types[name]?.content == .array(.integers([1, 2, 127])), "\(name)")
    }
    #expect(types["half"]?.content == .tensor([3], [0.5, -2, 65504]))
    #expect(types["single"]?.content == .tensor([3, 4], (0..<12).map(Float.init)))
    #expect(types["big"]?.content == .tensor([3], [1.5, -0.0, .nan]))
    #expect(types["double"]?.content == .array(.init(shape: [2], .floats([.pi, .infinity]))))
    #expect(types["bool"]?.content == .array(.init(shape: [2, 1], .booleans([true, false]))))
    #expect(types["enum"]?.content == .array(.integers([0, 1])))
  }

  @Test(arguments: files)
  func `texts of variable and fixed length`(_ file: String) throws {
    let strings = try Archive.node(at: "/strings", of: fixture(file))
    #expect(
      strings["vlen"]?.content == .array(.init(shape: [2, 2], .strings(["x", "yy", "", "ω"]))))
    #expect(strings["scalar"]?.content == .array(.string("one")))
    #expect(strings["nullpad"]?.content == .array(.strings(["abc", "defgh"])))
    #expect(strings["ascii"]?.content == .array(.strings(["q", ""])))
    #expect(strings["nullterm"]?.content == .array(.strings(["ab", "abc"])))
    #expect(strings["spacepad"]?.content == .array(.strings(["ab", "abc"])))
  }

  @Test(arguments: files)
  func `every layout and every index of chunks`(_ file: String) throws {
    let layouts = try Archive.node(at: "/layouts", of: fixture(file))
    let ramp = (0..<30).map(Float.init)
    for name in [
      "compact", "chunked", "gzip", "all", "single", "growing", "sideways", "both", "larger",
    ] {
      #expect(layouts[name]?.content == .tensor([6, 5], ramp), "\(name)")
    }
    let sparse = (0..<30).map { (10..<20).contains($0) ? Float($0) : -1 }
    #expect(layouts["sparse"]?.content == .tensor([6, 5], sparse))
    #expect(
      layouts["unwritten"]?.content == .array(.init(shape: [4], .floats([2.5, 2.5, 2.5, 2.5]))))
    #expect(layouts["scalar"]?.content == .array(.integer(-7)))
    #expect(layouts["none"]?.content == .tensor([0, 3], []))
    #expect(layouts["null"]?.kind == .nothing)
  }

  @Test(arguments: files)
  func `attributes`(_ file: String) throws {
    let root = try Archive(reading: fixture(file)).root
    #expect(root.attribute("text") == .string("grüße"))
    #expect(root.attribute("fixed") == .string("fixed"))
    #expect(root.attribute("numbers") == .integers([0, 1, 2, 3, 4]))
    #expect(root.attribute("real") == .float(0.5))
    #expect(root.attribute("flag") == .boolean(true))
    #expect(root.attribute("texts") == .strings(["a", "", "ccc"]))
    #expect(root.attribute("empty")?.shape == [0])
  }

  @Test(arguments: files)
  func `order of creation where it is kept, else of names`(_ file: String) throws {
    let many = try Archive.node(at: "/many", of: fixture(file))
    let (names, attributes) = (many.children.map(\.name), many.attributes.map(\.name))
    #expect(names.count == 30 && attributes.count == 12)
    let isOrdered = file == "ordered.h5"
    #expect(names == (isOrdered ? names.sorted(by: >) : names.sorted()))
    #expect(attributes == (isOrdered ? attributes.sorted(by: >) : attributes.sorted()))
    #expect(many["m07"]?.content == .array(.integer(22)))
    #expect(many.attribute("a03") == .string("text 8"))
  }

  @Test func `the three formats hold the same content`() throws {
    let hashes = try Self.files.map { ContentHash.of(try Archive(reading: fixture($0)).root) }
    #expect(Set(hashes).count == 1)
    #expect(try Difference.between(fixture(Self.files[0]), fixture(Self.files[1])) == [])
  }

  @Test func `what is not there, and what is no HDF5`() throws {
    let folder = try TemporaryFolder()
    let file = fixture("latest.h5")
    #expect(throws: StoreError(file: file, path: "/types/x", .absent)) {
      try Archive.node(at: "/types/x", of: file)
    }
    #expect(throws: StoreError(file: folder.file("x"), .noFile)) {
      try Archive(reading: folder.file("x"))
    }
    #expect(throws: StoreError(file: folder.path, .notRegular)) {
      try Archive(reading: folder.path)
    }
    #expect(throws: StoreError(file: #filePath, .notHDF5)) { try Archive(reading: #filePath) }
  }
}

extension Node.Content {
  static func tensor(_ shape: [Int], _ elements: [Float]) -> Node.Content? {
    (try? Tensor(shape: shape, elements: elements)).map { .tensor($0) }
  }
}
