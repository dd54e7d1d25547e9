/// The collections in which a file keeps its texts of variable length, each read once.
struct GlobalHeap {
  private let source: FileBytes
  private var collections: [Int: [Int: Range<Int>]] = [:]
  private var bytes: [Int: [UInt8]] = [:]

  init(_ source: FileBytes) { self.source = source }

  /// The object that a reference of 16 bytes (length, collection, index) names.
  mutating func object(_ reference: inout ByteCursor) throws(Fault) -> ArraySlice<UInt8> {
    let count = try reference.count(4)
    let address = try reference.count(8)
    let index = try reference.count(4)
    if count == 0 || address == 0 { return [] }
    if collections[address] == nil { try read(address) }
    guard let range = collections[address]?[index], count <= range.count,
      let text = bytes[address]?[range.lowerBound..<range.lowerBound + count]
    else { throw .damaged("a text of \(count) bytes that is not in its heap") }
    return text
  }

  private mutating func read(_ address: Int) throws(Fault) {
    var head = try source.cursor(at: address, count: 16)
    try head.expect("GCOL")
    _ = try head.expectVersion(1...1, of: "heap collection")
    try head.skip(3)
    var cursor = try source.cursor(at: address, count: try head.count(8))
    try cursor.skip(16)
    var ranges: [Int: Range<Int>] = [:]
    while cursor.remaining >= 16 {
      let index = try cursor.count(2)
      try cursor.skip(6)
      let count = try cursor.count(8)
      if index == 0 { break }
      let start = cursor.position
      try cursor.skip(count)
      try cursor.align(from: start)
      ranges[index] = start..<start + count
    }
    collections[address] = ranges
    bytes[address] = cursor.bytes
  }
}
