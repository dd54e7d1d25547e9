/// The names in a group, and what they lead to.
///
/// Old groups keep names in a heap and a tree of symbol tables; new ones keep links as messages in
/// their header or, when there are many, in a fractal heap.
struct Link {
  let name: String
  let target: Target
  /// The order of creation, where the group keeps it.
  let order: Int?

  /// Where a link leads. Only hard links are followed.
  enum Target: Equatable {
    case object(Int)
    case elsewhere(String)
  }

  /// All links of a group, in order of creation if the group keeps it and else by name.
  static func all(_ source: FileBytes, of header: ObjectHeader, limit: Int) throws(Fault) -> [Link]
  {
    var links: [Link] = []
    if var table = try header.body(.symbolTable) {
      links = try classic(source, &table, limit)
    }
    for message in header.messages where message.kind == .link {
      var cursor = ByteCursor(message.body)
      links.append(try Link(&cursor))
    }
    if var info = try header.body(.linkInfo) {
      links += try dense(source, &info, limit)
    }
    guard links.count <= limit else { throw .tooMany("links", limit: limit) }
    var names: Set<[UInt8]> = []
    for link in links where !names.insert(Array(link.name.utf8)).inserted {
      throw .damaged("two links of one name, \(link.name)")
    }
    return sorted(links)
  }

  private static func sorted(_ links: [Link]) -> [Link] {
    let orders = links.compactMap(\.order)
    guard orders.count == links.count else {
      return links.sorted { $0.name.precedesInBytes($1.name) }
    }
    return zip(orders, links).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Links must have names that a path can spell.
  private static func name(_ bytes: some Sequence<UInt8>) throws(Fault) -> String {
    guard let name = String(validating: Array(bytes), as: UTF8.self) else {
      throw .unsupported("a name that is not UTF-8")
    }
    guard LinkName.isUsable(name) else { throw .damaged("the name \(name.debugDescription)") }
    return name
  }

  /// A link message.
  private init(_ cursor: inout ByteCursor) throws(Fault) {
    _ = try cursor.expectVersion(1...1, of: "link")
    let flags = try cursor.byte()
    let kind = flags & 0x08 != 0 ? try cursor.byte() : 0
    order = flags & 0x04 != 0 ? try cursor.count(8) : nil
    if flags & 0x10 != 0 { try cursor.skip(1) }
    let count = try cursor.count(1 << (flags & 0x03))
    name = try Self.name(try cursor.take(count))
    switch kind {
    case 0: target = .object(try cursor.requiredAddress())
    case 1: target = .elsewhere("a soft link")
    case 64: target = .elsewhere("a link into another file")
    default: target = .elsewhere("a link of kind \(kind)")
    }
  }

  private init(name: String, target: Target) {
    (self.name, self.target, order) = (name, target, nil)
  }

  private static func dense(_ source: FileBytes, _ info: inout ByteCursor, _ limit: Int)
    throws(Fault) -> [Link]
  {
    _ = try info.expectVersion(0...0, of: "link information")
    if try info.byte() & 0x01 != 0 { try info.skip(8) }
    guard let heapAddress = try info.address(), let tree = try info.address() else { return [] }
    var heap = try FractalHeap(source, at: heapAddress)
    var links: [Link] = []
    try BTree.records(source, at: tree, kind: 5) { (record) throws(Fault) in
      guard links.count < limit else { throw .tooMany("links", limit: limit) }
      try record.skip(4)
      var cursor = ByteCursor(try heap.object(try record.take(7)))
      links.append(try Link(&cursor))
    }
    return links
  }

  private static func classic(_ source: FileBytes, _ table: inout ByteCursor, _ limit: Int)
    throws(Fault) -> [Link]
  {
    let tree = try table.requiredAddress()
    var heap = try source.cursor(at: try table.requiredAddress(), count: 32)
    try heap.expect("HEAP")
    _ = try heap.expectVersion(0...0, of: "heap of names")
    try heap.skip(3)
    let count = try heap.count(8)
    try heap.skip(8)
    let names = try source.cursor(at: try heap.requiredAddress(), count: count).bytes
    var links: [Link] = []
    try BTree.walk(source, at: tree, kind: 0, keySize: 8) { (_, child) throws(Fault) in
      var node = try source.cursor(at: child, count: 8)
      try node.expect("SNOD")
      _ = try node.expectVersion(1...1, of: "symbol table")
      try node.skip(1)
      let entries = try node.count(2)
      guard links.count + entries <= limit else { throw .tooMany("links", limit: limit) }
      node = try source.cursor(at: child + 8, count: 40 * entries)
      for _ in 0..<entries { links.append(try symbol(source, &node, names)) }
    }
    return links
  }

  /// An entry of a symbol table.
  private static func symbol(
    _ source: FileBytes, _ cursor: inout ByteCursor, _ names: [UInt8]
  ) throws(Fault) -> Link {
    let start = try cursor.count(8)
    let address = try cursor.address()
    let cache = try cursor.count(4)
    try cursor.skip(20)
    guard start < names.count, let end = names[start...].firstIndex(of: 0) else {
      throw .damaged("a name past the end of its heap")
    }
    try source.spend(end - start)
    let name = try name(names[start..<end])
    if cache == 2 { return Link(name: name, target: .elsewhere("a soft link")) }
    guard let address else { throw .damaged("a link that leads nowhere") }
    return Link(name: name, target: .object(address))
  }
}
