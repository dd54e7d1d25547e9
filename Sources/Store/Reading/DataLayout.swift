/// Where the elements of a dataset lie in the file.
enum DataLayout {
  /// In the object header itself.
  case compact([UInt8])
  /// In one piece; nil before anything was written.
  case contiguous(address: Int?, size: Int)
  /// In pieces of equal shape, found through an index.
  case chunked(chunk: [Int], index: ChunkIndex)

  /// The ways in which HDF5 keeps the addresses of chunks. Only the first is older than 1.10.
  enum ChunkIndex: Equatable {
    case tree(Int?)
    case single(address: Int?, size: Int?, mask: Int)
    case implicit(Int?)
    case fixedArray(Int?)
    case extensibleArray(Int?)
    case newTree(Int?)
  }

  /// `size` is that of an element.
  init(_ cursor: inout ByteCursor, elementSize size: Int) throws(Fault) {
    let version = try cursor.expectVersion(3...5, of: "layout")
    switch try cursor.byte() {
    case 0: self = .compact(try cursor.take(try cursor.count(2)))
    case 1: self = .contiguous(address: try cursor.address(), size: try cursor.count(8))
    case 2 where version == 3: self = try Self.classic(&cursor, size)
    case 2: self = try Self.modern(&cursor, size)
    case 3: throw .unsupported("a virtual dataset")
    case let kind: throw .damaged("layout class \(kind)")
    }
  }

  private static func classic(_ cursor: inout ByteCursor, _ size: Int) throws(Fault) -> DataLayout {
    let rank = try cursor.byte() - 1
    let address = try cursor.address()
    let chunk = try extents(&cursor, rank, width: 4, size)
    return .chunked(chunk: chunk, index: .tree(address))
  }

  private static func modern(_ cursor: inout ByteCursor, _ size: Int) throws(Fault) -> DataLayout {
    let flags = try cursor.byte()
    guard flags & 0x01 == 0 else { throw .unsupported("chunks without filters at the edges") }
    let rank = try cursor.byte() - 1
    let width = try cursor.byte()
    let chunk = try extents(&cursor, rank, width: width, size)
    let index: ChunkIndex
    switch try cursor.byte() {
    case 1:
      let isFiltered = flags & 0x02 != 0
      let stored = isFiltered ? try cursor.count(8) : nil
      let mask = isFiltered ? try cursor.count(4) : 0
      index = .single(address: try cursor.address(), size: stored, mask: mask)
    case 2: index = .implicit(try cursor.address())
    case 3:
      try cursor.skip(1)
      index = .fixedArray(try cursor.address())
    case 4:
      try cursor.skip(5)
      index = .extensibleArray(try cursor.address())
    case 5:
      try cursor.skip(6)
      index = .newTree(try cursor.address())
    case let kind: throw .damaged("chunk index \(kind)")
    }
    return .chunked(chunk: chunk, index: index)
  }

  /// The shape of a chunk; the file ends it with the size of an element.
  private static func extents(
    _ cursor: inout ByteCursor, _ rank: Int, width: Int, _ size: Int
  ) throws(Fault) -> [Int] {
    guard (1...Dataspace.maximumRank).contains(rank) else {
      throw .damaged("chunks of \(rank) axes")
    }
    var chunk: [Int] = []
    for _ in 0..<rank { chunk.append(try cursor.count(width)) }
    guard !chunk.contains(0), try cursor.count(width) == size else {
      throw .damaged("chunks of shape \(chunk)")
    }
    guard try Dataspace.bytes(chunk, of: size) < 1 << 32 else {
      throw .damaged("chunks of 4 GiB or more")
    }
    return chunk
  }
}

/// The value of elements that were never written.
struct FillValue {
  /// One element as the file spells it; zeros where it says nothing.
  let bytes: [UInt8]

  init(_ header: ObjectHeader, elementSize size: Int) throws(Fault) {
    var value: [UInt8] = []
    if var cursor = try header.body(.fill) {
      value = try Self.modern(&cursor)
    } else if var cursor = try header.body(.oldFill) {
      value = try cursor.take(try cursor.count(4))
    }
    guard value.isEmpty || value.count == size else {
      throw .damaged("a fill value of \(value.count) bytes")
    }
    bytes = value.isEmpty ? [UInt8](repeating: 0, count: size) : value
  }

  private static func modern(_ cursor: inout ByteCursor) throws(Fault) -> [UInt8] {
    let version = try cursor.expectVersion(1...3, of: "fill value")
    let hasValue: Bool
    if version == 3 {
      hasValue = try cursor.byte() & 0x20 != 0
    } else {
      try cursor.skip(2)
      let isDefined = try cursor.byte() == 1
      hasValue = version == 1 || isDefined
    }
    return hasValue ? try cursor.take(try cursor.count(4)) : []
  }
}
