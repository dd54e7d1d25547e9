import Store
import Tensor
import TestSupport
import Testing

@Suite struct ValueTests {
  @Test(arguments: 0..<200)
  func `any value comes back equal from a file`(_ seed: Int) throws {
    var generator = Seeded(seed)
    let value = try StoredValue.random(&generator)
    let folder = try TemporaryFolder()
    let file = folder.file("value.h5")
    try Archive.save(value, of: file, Provenance())
    let node = try Archive.node(at: Archive.defaultPlace, of: file)
    #expect(try StoredValue(node, file: file, path: "/value") == value)
    #expect(node == (try Node(storing: value)))
  }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let value: @Sendable () -> StoredValue
    let summary: String

    init(
      _ description: String, _ value: @autoclosure @escaping @Sendable () -> StoredValue,
      _ summary: String
    ) {
      (testDescription, self.value, self.summary) = (description, value, summary)
    }
  }

  @Test(arguments: [
    Case("equal numbers", .list([.int(1), .int(2)]), "int64 [2]"),
    Case("a rectangle", .list([.list([.float(1)]), .list([.float(2)])]), "float64 [2, 1]"),
    Case("no elements", .list([]), "float64 [0]"),
    Case("empty rows", .list([.list([]), .list([])]), "float64 [2, 0]"),
    Case("ragged rows", .list([.list([.int(1)]), .list([])]), "group"),
    Case("mixed numbers", .list([.int(1), .float(2)]), "group"),
    Case("a scalar among lists", .list([.list([.int(1)]), .int(1)]), "group"),
    Case("Bools", .list([.bool(true)]), "bool [1]"),
    Case("texts", .list([.string("a"), .string("b")]), "string [2]"),
    Case("nil", .nothing, "group"),
    Case("a range", .range(StoredRange(lower: 1, upper: 3, isClosed: true)), "int64 [2]"),
  ])
  func `lists of equal scalars are one array`(_ test: Case) throws {
    let node = try Node(storing: test.value())
    #expect(node.summary == test.summary)
    #expect(try StoredValue(node, file: "", path: "/") == test.value())
  }

  @Test func `values that differ only in bits or bytes are not equal`() {
    #expect(StoredValue.float(0) != .float(-0.0))
    #expect(StoredValue.float(.nan) == .float(.nan))
    #expect(StoredValue.float(.nan) != .float(-.nan))
    #expect(StoredValue.string("é") != .string("e\u{301}"))
    #expect(StoredValue.int(1) != .float(1))
    #expect(StoredValue.list([]) != .nothing)
  }

  @Test func `a value nested too deeply is refused`() throws {
    func nested(_ depth: Int) -> StoredValue {
      (0..<depth).reduce(StoredValue.nothing) { inner, _ in .list([inner, .int(1)]) }
    }
    _ = try Node(storing: nested(30))
    #expect(throws: StoreError.Fault.tooMany("levels", limit: 32)) { try Node(storing: nested(32)) }
  }

  @Test func `a list of more axes than HDF5 has is a group of arrays`() throws {
    let value = (0..<33).reduce(StoredValue.int(7)) { inner, _ in .list([inner]) }
    let node = try Node(storing: value)
    #expect(node.summary == "group")
    #expect(try StoredValue(node, file: "", path: "/") == value)
  }

  @Test func `columns of a table have equal lengths and different names`() {
    let (short, long) = (StoredArray.integers([1]), StoredArray.integers([1, 2]))
    #expect(throws: StoreError.Fault.refused("columns a and b differ in length")) {
      try StoredTable([.init("a", short), .init("b", long)])
    }
    #expect(throws: StoreError.Fault.refused("two columns are called a")) {
      try StoredTable([.init("a", short), .init("a", short)])
    }
    #expect(throws: StoreError.Fault.refused("column a has 0 axes")) {
      try StoredTable([.init("a", .integer(1))])
    }
  }

  @Test func `a kind that its node cannot have is an error with the path`() throws {
    let kind = Node.Attribute(StoredKind.attribute, .string("range"))
    let node = Node(.group([.init("x", Node(.array(.integer(1)), [kind]))]))
    #expect(
      throws: StoreError(file: "f", path: "/r/x", .kind(expected: "range", found: "int64"))
    ) { try StoredValue(node, file: "f", path: "/r") }
  }

  @Test func `keys that are equal as text are refused both ways`() throws {
    let record = StoredValue.record([.init("é", .int(1)), .init("e\u{301}", .int(2))])
    #expect(throws: StoreError.Fault.refused("a record with two keys that are equal")) {
      try Node(storing: record)
    }
    let one = Node(.array(.integer(1)))
    let node = Node(.group([.init("é", one), .init("e\u{301}", one)]))
    #expect(
      throws: StoreError(file: "f", path: "/r", .unsupported("two names that are equal as text"))
    ) { try StoredValue(node, file: "f", path: "/r") }
  }

  @Test func `lists without elements are not multiplied`() {
    let array = StoredArray(shape: [1 << 40, 0], .floats([]))
    #expect(throws: StoreError.self) {
      try StoredValue(Node(.array(array)), file: "", path: "/")
    }
  }
}

@Suite struct LinkNameTests {
  @Test(arguments: [
    ("", "%"), ("a/b", "a%2Fb"), (".", "%2E"), ("..", "%2E."), ("a.b", "a.b"), ("%", "%25"),
    ("\0", "%00"), ("%2F", "%252F"), ("vision_prompt.3", "vision_prompt.3"), ("é /", "é %2F"),
  ])
  func `keys are escaped only where HDF5 needs it`(_ key: String, _ name: String) {
    #expect(LinkName.escaped(key) == name)
    #expect(LinkName.unescaped(name) == key)
    #expect(LinkName.isUsable(name))
  }

  @Test(arguments: ["", ".", "a/b", "a\0"])
  func `what HDF5 cannot spell is not usable`(_ name: String) {
    #expect(!LinkName.isUsable(name))
  }

  @Test func `a name that is no escape stands for itself`() {
    #expect(LinkName.unescaped("100%") == "100%")
    #expect(LinkName.unescaped("%zz") == "%zz")
  }
}
