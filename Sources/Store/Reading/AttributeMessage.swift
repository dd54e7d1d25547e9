/// A small named value that belongs to an object.
struct AttributeMessage {
  let name: String
  private var rest: ByteCursor
  private let version: Int
  private let flags: Int
  private let typeSize: Int
  private let spaceSize: Int

  /// The bookkeeping of dimension scales and of netCDF: references, which Duet writes from
  /// ``Node/axes`` and does not read.
  static let bookkeeping: Set<String> = [
    "CLASS", "NAME", "DIMENSION_LIST", "DIMENSION_LABELS", "REFERENCE_LIST", "_Netcdf4Dimid",
    "_Netcdf4Coordinates", "_NCProperties",
  ]

  /// All attributes of an object but the bookkeeping, in order of creation if the object keeps it
  /// and else by name.
  static func all(_ source: FileBytes, of header: ObjectHeader, limit: Int) throws(Fault)
    -> [AttributeMessage]
  {
    var found: [(order: Int?, attribute: AttributeMessage)] = []
    for message in header.messages where message.kind == .attribute {
      guard !message.isShared else { throw .unsupported("an attribute stored elsewhere") }
      found.append((message.order, try AttributeMessage(message.body)))
    }
    if var info = try header.body(.attributeInfo) {
      try readDense(source, &info, limit, &found)
    }
    guard found.count <= limit else { throw .tooMany("attributes", limit: limit) }
    var names: Set<[UInt8]> = []
    for (_, attribute) in found where !names.insert(Array(attribute.name.utf8)).inserted {
      throw .damaged("two attributes of one name, \(attribute.name)")
    }
    let isOrdered = found.allSatisfy { $0.order != nil }
    return found.sorted { a, b in
      isOrdered
        ? (a.order ?? 0) < (b.order ?? 0) : a.attribute.name.precedesInBytes(b.attribute.name)
    }.map(\.attribute).filter { !bookkeeping.contains($0.name) }
  }

  private static func readDense(
    _ source: FileBytes, _ info: inout ByteCursor, _ limit: Int,
    _ found: inout [(order: Int?, attribute: AttributeMessage)]
  ) throws(Fault) {
    _ = try info.expectVersion(0...0, of: "attribute information")
    let keepsOrder = try info.byte() & 0x01 != 0
    if keepsOrder { try info.skip(2) }
    guard let heapAddress = try info.address(), let tree = try info.address() else { return }
    var heap = try FractalHeap(source, at: heapAddress)
    var dense: [(order: Int?, attribute: AttributeMessage)] = []
    try BTree.records(source, at: tree, kind: 8) { (record: inout ByteCursor) throws(Fault) in
      guard dense.count < limit else { throw .tooMany("attributes", limit: limit) }
      let id = try record.take(8)
      guard try record.byte() & 0x02 == 0 else {
        throw .unsupported("an attribute stored elsewhere")
      }
      let order = keepsOrder ? try record.count(4) : nil
      dense.append((order, try AttributeMessage(try heap.object(id))))
    }
    found += dense
  }

  private init(_ body: [UInt8]) throws(Fault) {
    var cursor = ByteCursor(body)
    version = try cursor.expectVersion(1...3, of: "attribute")
    flags = version == 1 ? 0 : try cursor.byte()
    if version == 1 { try cursor.skip(1) }
    let nameSize = try cursor.count(2)
    typeSize = try cursor.count(2)
    spaceSize = try cursor.count(2)
    if version == 3 { try cursor.skip(1) }
    let start = cursor.position
    let bytes = try cursor.take(nameSize).prefix { $0 != 0 }
    if version == 1 { try cursor.align(from: start) }
    guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty else {
      throw .unsupported("an attribute whose name is not UTF-8")
    }
    self.name = name
    rest = cursor
  }

  /// The value.
  func value(_ reader: inout ElementReader) throws(Fault) -> StoredArray {
    guard flags & 0x03 == 0 else { throw .unsupported("a type stored elsewhere") }
    var cursor = rest
    var typeBytes = try field(&cursor, typeSize)
    var spaceBytes = try field(&cursor, spaceSize)
    let type = try ElementType(&typeBytes)
    guard case .simple(let shape, _) = try Dataspace(&spaceBytes) else {
      return StoredArray(shape: [0], .floats([]))
    }
    let count = try Dataspace.bytes(shape, of: type.size)
    guard count <= cursor.remaining else {
      throw .damaged("\(cursor.remaining) bytes for elements of \(count)")
    }
    let block = try ByteBlock(count: count, repeating: [])
    block.copy(try cursor.take(count), from: 0, count: count, to: 0)
    return try reader.array(block, shape, type)
  }

  private func field(_ cursor: inout ByteCursor, _ size: Int) throws(Fault) -> ByteCursor {
    let start = cursor.position
    let bytes = try cursor.take(size)
    if version == 1 { try cursor.align(from: start) }
    return ByteCursor(bytes)
  }
}
