/// What the file says about one object: a list of messages (its shape, type, links, attributes, …).
///
/// Version 1 headers have no signature and no checksum; version 2 headers have both. Either may go
/// on in further blocks, to which a message points.
struct ObjectHeader {
  /// The messages of the header, in the order of the file.
  private(set) var messages: [Message] = []

  /// One message.
  struct Message {
    let kind: Kind
    /// Whether the body only points to a message stored elsewhere.
    let isShared: Bool
    /// The order of creation, where the header keeps it.
    let order: Int?
    let body: [UInt8]
  }

  /// The messages that this reader looks at.
  enum Kind: Int {
    case dataspace = 0x01
    case linkInfo = 0x02
    case datatype = 0x03
    case oldFill = 0x04
    case fill = 0x05
    case link = 0x06
    case externalFiles = 0x07
    case layout = 0x08
    case filters = 0x0B
    case attribute = 0x0C
    case sharedMessageTable = 0x0F
    case continuation = 0x10
    case symbolTable = 0x11
    case driver = 0x14
    case attributeInfo = 0x15
    case cacheImage = 0x18
    /// Comments, times, reference counts, …: of no interest.
    case other = -1
  }

  private struct Block: Hashable {
    let address: Int
    let count: Int
  }

  private var version = 1
  private var keepsOrder = false
  private var pending: [Block] = []
  private var seen: Set<Block> = []

  init(_ source: FileBytes, at address: Int) throws(Fault) {
    var start = try source.cursor(at: address, count: 4)
    if try start.take(4) == Array("OHDR".utf8) {
      try readModern(source, at: address)
    } else {
      try readClassic(source, at: address)
    }
    while let block = pending.popLast() { try read(source, block) }
  }

  /// The first message of a kind.
  func message(_ kind: Kind) -> Message? { messages.first { $0.kind == kind } }

  /// The body of a message that must not live elsewhere.
  func body(_ kind: Kind) throws(Fault) -> ByteCursor? {
    guard let message = message(kind) else { return nil }
    guard !message.isShared else { throw .unsupported("a \(kind) message stored elsewhere") }
    return ByteCursor(message.body)
  }

  private mutating func readClassic(_ source: FileBytes, at address: Int) throws(Fault) {
    var cursor = try source.cursor(at: address, count: 16)
    guard try cursor.byte() == 1 else { throw .damaged("no object at \(address)") }
    try cursor.skip(7)
    try read(source, Block(address: address + 16, count: try cursor.count(4)))
  }

  private mutating func readModern(_ source: FileBytes, at address: Int) throws(Fault) {
    version = 2
    var cursor = try source.cursor(at: address, count: 6)
    try cursor.expect("OHDR")
    _ = try cursor.expectVersion(2...2, of: "object header")
    let flags = try cursor.byte()
    keepsOrder = flags & 0x04 != 0
    let prefix = 6 + (flags & 0x20 != 0 ? 16 : 0) + (flags & 0x10 != 0 ? 4 : 0)
    let width = 1 << (flags & 0x03)
    cursor = try source.cursor(at: address, count: prefix + width)
    try cursor.skip(prefix)
    let count = try cursor.count(width)
    guard count <= source.size else { throw .damaged("a header of \(count) bytes") }
    var block = try source.checkedCursor(at: address, count: prefix + width + count + 4)
    try block.skip(prefix + width)
    try parse(&block, end: block.end - 4)
  }

  private mutating func read(_ source: FileBytes, _ block: Block) throws(Fault) {
    guard seen.insert(block).inserted else { throw .damaged("a header that leads to itself") }
    if version == 1 {
      var cursor = try source.cursor(at: block.address, count: block.count)
      try parse(&cursor, end: cursor.end)
    } else {
      var cursor = try source.checkedCursor(at: block.address, count: block.count)
      try cursor.expect("OCHK")
      try parse(&cursor, end: cursor.end - 4)
    }
  }

  private mutating func parse(_ cursor: inout ByteCursor, end: Int) throws(Fault) {
    let prefix = version == 1 ? 8 : keepsOrder ? 6 : 4
    while end - cursor.position >= prefix {
      let code = try cursor.count(version == 1 ? 2 : 1)
      let count = try cursor.count(2)
      let flags = try cursor.byte()
      if version == 1 { try cursor.skip(3) }
      let order = version == 2 && keepsOrder ? try cursor.count(2) : nil
      guard count <= end - cursor.position else { throw .damaged("a message past its header") }
      let body = try cursor.take(count)
      let kind = Kind(rawValue: code) ?? .other
      if code > Kind.cacheImage.rawValue, flags & 0x80 != 0 {
        throw .unsupported("a message of type \(code)")
      }
      if kind == .continuation {
        var pointer = ByteCursor(body)
        pending.append(
          Block(address: try pointer.requiredAddress(), count: try pointer.count(8)))
      } else if kind != .other {
        messages.append(
          Message(kind: kind, isShared: flags & 0x02 != 0, order: order, body: body))
      }
    }
  }
}

extension FileBytes {
  /// A block of metadata whose last four bytes are its checksum.
  func checkedCursor(at address: Int, count: Int) throws(Fault) -> ByteCursor {
    let cursor = try cursor(at: address, count: count)
    guard count >= 4 else { throw .damaged("a block of \(count) bytes") }
    var last = ByteCursor(Array(cursor.bytes[(count - 4)...]))
    guard try last.unsigned(4) == UInt64(Checksum.lookup3(cursor.bytes[..<(count - 4)])) else {
      throw .damaged("the checksum of the block at \(address)")
    }
    return cursor
  }
}
