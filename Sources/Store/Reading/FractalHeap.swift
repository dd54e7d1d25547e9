/// A heap for many small things of different sizes: links and attributes of large groups.
///
/// Its space is a table of blocks whose sizes double from row to row; an id holds an offset into
/// that space and a length. Very large things have a tree of their own, very small ones lie in the
/// id itself. Blocks are read once and kept.
struct FractalHeap {
  private let source: FileBytes
  private let largestManaged: Int
  private let hugeTree: Int?
  private let width: Int
  private let firstSize: Int
  private let largestBlock: Int
  private let offsetBits: Int
  private let root: Int?
  private let rootRows: Int
  private let blocksAreChecked: Bool
  private var blocks: [Int: [UInt8]] = [:]
  private var huge: [UInt64: (address: Int, count: Int)]?

  init(_ source: FileBytes, at address: Int) throws(Fault) {
    self.source = source
    var cursor = try source.checkedCursor(at: address, count: 146)
    try cursor.expect("FRHP")
    _ = try cursor.expectVersion(0...0, of: "heap")
    try cursor.skip(4)
    blocksAreChecked = try cursor.byte() & 0x02 != 0
    largestManaged = try cursor.count(4)
    try cursor.skip(8)
    hugeTree = try cursor.address()
    try cursor.skip(80)
    width = try cursor.count(2)
    firstSize = try cursor.count(8)
    largestBlock = try cursor.count(8)
    offsetBits = try cursor.count(2)
    try cursor.skip(2)
    root = try cursor.address()
    rootRows = try cursor.count(2)
    let sizes = [width, firstSize, largestBlock]
    guard sizes.allSatisfy({ $0 > 0 && $0.nonzeroBitCount == 1 }), offsetBits <= 62,
      largestManaged > 0, firstSize <= largestBlock, largestBlock <= 1 << 32, width <= 1 << 16,
      rootRows <= 64
    else { throw .damaged("a heap with blocks of \(sizes)") }
  }

  private var offsetWidth: Int { (offsetBits + 7) / 8 }

  /// The rows that hold blocks of data; the others hold tables of blocks.
  private var dataRows: Int {
    largestBlock.trailingZeroBitCount - firstSize.trailingZeroBitCount + 2
  }

  /// The thing that an id names.
  mutating func object(_ id: [UInt8]) throws(Fault) -> [UInt8] {
    var cursor = ByteCursor(id)
    let head = try cursor.byte()
    guard head >> 6 == 0 else { throw .unsupported("a heap id of version \(head >> 6)") }
    switch head >> 4 & 0x03 {
    case 0:
      let offset = try cursor.count(offsetWidth)
      let blockBits = largestBlock.trailingZeroBitCount
      let managedBits = Int.bitWidth - 1 - largestManaged.leadingZeroBitCount
      let count = try cursor.count(min((blockBits + 7) / 8, managedBits / 8 + 1))
      return try managed(offset, count)
    case 1: return try hugeObject(try cursor.unsigned(min(8, cursor.remaining)))
    case 2: return try cursor.take((head & 0x0F) + 1)
    case let kind: throw .damaged("a heap id of kind \(kind)")
    }
  }

  private func rowSize(_ row: Int) -> Int { firstSize << max(0, min(row, 60) - 1) }

  private mutating func managed(_ offset: Int, _ count: Int) throws(Fault) -> [UInt8] {
    guard var address = root else { throw .damaged("an id into an empty heap") }
    var (rest, rows, size) = (offset, rootRows, firstSize)
    while rows > 0 {
      let first = firstSize * width
      let row = rest < first ? 0 : (rest / first).leadingBit + 1
      let rowStart = row == 0 ? 0 : first << (row - 1)
      size = rowSize(row)
      guard row < rows, size > 0 else { throw .damaged("an id past the end of its heap") }
      let column = (rest - rowStart) / size
      rest -= rowStart + column * size
      address = try child(of: address, row: row, column: column, rows: rows)
      guard row >= dataRows else { break }
      guard size >= first else { throw .damaged("a heap with tables of \(size) bytes") }
      rows = (size / first).leadingBit + 1
    }
    let block = try block(at: address, size: size)
    guard rest <= block.count, count <= block.count - rest else {
      throw .damaged("an id past the end of its block")
    }
    try source.spend(count)
    return Array(block[rest..<rest + count])
  }

  private func child(of table: Int, row: Int, column: Int, rows: Int) throws(Fault) -> Int {
    let entries = rows * width
    let count = 13 + offsetWidth + 8 * entries + 4
    var cursor = try source.checkedCursor(at: table, count: count)
    try cursor.expect("FHIB")
    try cursor.skip(9 + offsetWidth + 8 * (row * width + column))
    return try cursor.requiredAddress()
  }

  private mutating func block(at address: Int, size: Int) throws(Fault) -> [UInt8] {
    if let block = blocks[address] { return block }
    var cursor = try source.cursor(at: address, count: size)
    try cursor.expect("FHDB")
    try cursor.skip(9 + offsetWidth)
    if blocksAreChecked {
      let place = cursor.position
      let stored = try cursor.unsigned(4)
      var bytes = cursor.bytes
      bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0, 0])
      guard stored == UInt64(Checksum.lookup3(bytes)) else {
        throw .damaged("the checksum of the block at \(address)")
      }
    }
    blocks[address] = cursor.bytes
    return cursor.bytes
  }

  private mutating func hugeObject(_ key: UInt64) throws(Fault) -> [UInt8] {
    guard let hugeTree else { throw .damaged("an id into an empty tree") }
    if huge == nil {
      var found: [UInt64: (address: Int, count: Int)] = [:]
      try BTree.records(source, at: hugeTree, kind: 1) { (record) throws(Fault) in
        let place = (try record.requiredAddress(), try record.count(8))
        found[try record.unsigned(8)] = place
      }
      huge = found
    }
    guard let (address, count) = huge?[key] else { throw .damaged("an id without its object") }
    return try source.cursor(at: address, count: count).bytes
  }
}

extension Int {
  /// The position of the highest bit of a positive number.
  fileprivate var leadingBit: Int { Int.bitWidth - 1 - leadingZeroBitCount }
}
