import Store
import Testing

/// Files that are made to harm their reader: bombs, links out of the file, endless structures. Each
/// ends in an error that names the object; the rest of the file can be read.
@Suite struct HostileTests {
  private let file = fixture("hostile.h5")

  struct Case: CustomTestStringConvertible {
    let name: String
    let fault: StoreError.Fault
    var path: String?
    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(name: "soft", fault: .unsupported("a soft link")),
    Case(name: "external", fault: .unsupported("a link into another file")),
    Case(name: "host", fault: .unsupported("data in another file")),
    Case(name: "virtual", fault: .unsupported("a virtual dataset")),
    Case(name: "lzf", fault: .unsupported("filter 32000 (lzf)")),
    Case(name: "offset", fault: .unsupported("filter 6 (scale-offset)")),
    Case(name: "compound", fault: .unsupported("a compound type")),
    Case(name: "opaque", fault: .unsupported("opaque bytes")),
    Case(name: "reference", fault: .unsupported("a reference")),
    Case(name: "sequences", fault: .unsupported("sequences of variable length")),
    Case(name: "complex", fault: .unsupported("a compound type")),
    Case(name: "array", fault: .unsupported("an array type")),
    Case(name: "huge", fault: .unsupported("integers beyond 2^63")),
    Case(name: "type", fault: .unsupported("neither a group nor a dataset")),
    Case(name: "latin", fault: .unsupported("a text that is not UTF-8")),
    Case(name: "declared", fault: .tooLarge(needed: 1 << 43, limit: 4 << 30)),
    Case(name: "sparse", fault: .tooLarge(needed: 1 << 43, limit: 4 << 30)),
    Case(name: "empty", fault: .tooLarge(needed: .max, limit: .max)),
    Case(name: "claim", fault: .damaged("15 bytes said to hold 536870912")),
    Case(name: "shared", fault: .damaged("texts that share their bytes")),
    Case(name: "sums", fault: .damaged("the checksum of a chunk")),
    Case(
      name: "cycle", fault: .unsupported("a group of two names"), path: "/cycle/again"),
    Case(
      name: "deep", fault: .tooMany("levels", limit: 64),
      path: "/deep" + String(repeating: "/d", count: 63)),
    Case(name: "lattice", fault: .unsupported("a group of two names")),
  ])
  func `is refused by name`(_ test: Case) throws {
    let error = try #require(throws: StoreError.self) {
      try Archive.node(at: "/" + test.name, of: file)
    }
    #expect(error.fault == test.fault)
    #expect(error.file == file)
    if test.name != "lattice" { #expect(error.path == test.path ?? "/" + test.name) }
  }

  @Test func `links in the old format are not followed either`() throws {
    let file = fixture("links.h5")
    for (name, fault) in [
      ("soft", StoreError.Fault.unsupported("a soft link")),
      ("cycle", .unsupported("a group of two names")),
    ] {
      #expect(throws: StoreError(file: file, path: "/" + name, fault)) {
        try Archive.node(at: "/" + name, of: file)
      }
    }
    #expect(try Archive.node(at: "/good", of: file).content == .array(.integers([0, 1, 2])))
  }

  @Test func `the rest can be read, and everything can be listed`() throws {
    #expect(try Archive.node(at: "/good", of: file).content == .array(.integers([0, 1, 2])))
    #expect(throws: StoreError.self) { try Archive(reading: file) }
    let text = try Listing(of: file, width: 300).text
    for part in ["a soft link", "data in another file", "8.0 TiB in 0 B", "good"] {
      #expect(text.contains(part))
    }
  }

  @Test func `limits can be set`() throws {
    var options = Archive.ReadOptions()
    options.limits.bytes = 1000
    #expect(throws: StoreError(file: file, path: "/zeros", .tooLarge(needed: 1 << 25, limit: 1000)))
    {
      try Archive.node(at: "/zeros", of: file, options)
    }
    options = Archive.ReadOptions()
    options.limits.objects = 30
    #expect(throws: StoreError.self) { try Archive.node(at: "/lattice", of: file, options) }
    let zeros = try Archive.node(at: "/zeros", of: file)
    #expect(
      zeros.content
        == .array(.init(shape: [1 << 22], .floats([Double](repeating: 0, count: 1 << 22)))))
  }
}
