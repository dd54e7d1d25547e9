/// What a file says about a dataset, and how its bytes are gathered.
///
/// Sizes are believed only as far as they are backed: the elements of a compact or contiguous
/// dataset must all lie in the file; a chunk may claim no more than gzip could have packed into its
/// bytes; what was never written (chunks or whole datasets that hold the fill value) may take
/// ``ReadLimits/unstored``; and everything together ``ReadLimits/bytes``.
struct StoredDataset {
  /// The extents; nil for a dataset without any element.
  let shape: [Int]?
  let type: ElementType
  let layout: DataLayout
  let filters: FilterPipeline
  /// Bytes that the elements take in memory, before conversion.
  let declaredBytes: Int
  private let maximum: [Int?]
  private let fill: FillValue

  init(_ header: ObjectHeader) throws(Fault) {
    guard header.message(.externalFiles) == nil else {
      throw .unsupported("data in another file")
    }
    guard var space = try header.body(.dataspace), var type = try header.body(.datatype),
      var layout = try header.body(.layout)
    else { throw .damaged("a dataset without shape, type or layout") }
    switch try Dataspace(&space) {
    case .null: (shape, maximum) = (nil, [])
    case .simple(let extents, let most): (shape, maximum) = (extents, most)
    }
    self.type = try ElementType(&type)
    declaredBytes = try Dataspace.bytes(shape ?? [0], of: self.type.size)
    self.layout = try DataLayout(&layout, elementSize: self.type.size)
    filters = try FilterPipeline(header)
    fill = try FillValue(header, elementSize: self.type.size)
    if case .chunked = self.layout { return }
    guard filters.isEmpty else { throw .damaged("filters on a dataset without chunks") }
  }

  /// Bytes that the elements take in the file.
  func storedBytes(_ source: FileBytes) throws(Fault) -> Int {
    switch layout {
    case .compact(let bytes): bytes.count
    case .contiguous(nil, _): 0
    case .contiguous(_, let size): size
    case .chunked(let chunk, let index): try chunks(source, chunk, index).storedBytes
    }
  }

  /// The place of a contiguous dataset of little-endian Float32 that can be mapped as it lies.
  func mappablePlace(_ source: FileBytes) throws(Fault) -> (offset: Int, bytes: Int)? {
    guard type == .float(size: 4, isBigEndian: false),
      case .contiguous(let address?, let size) = layout
    else { return nil }
    let offset = try source.position(of: address, count: size)
    guard offset % 64 == 0, declaredBytes == size else { return nil }
    return (offset, size)
  }

  /// Gathers the elements in row-major order.
  func read(_ source: FileBytes, _ budget: inout Budget) throws(Fault) -> ByteBlock {
    let count = declaredBytes
    try budget.charge(count)
    switch layout {
    case .compact(let bytes):
      guard bytes.count == count else {
        throw .damaged("\(bytes.count) bytes for elements of \(count)")
      }
      let block = try ByteBlock(count: count, repeating: [])
      block.copy(bytes, from: 0, count: count, to: 0)
      return block
    case .contiguous(nil, _):
      try budget.chargeUnstored(count)
      return try ByteBlock(count: count, repeating: fill.bytes)
    case .contiguous(let address?, let size):
      guard size == count else { throw .damaged("\(size) bytes for elements of \(count)") }
      _ = try source.position(of: address, count: size)
      let block = try ByteBlock(count: count, repeating: [])
      try block.read(source, at: address)
      return block
    case .chunked(let chunk, let index):
      return try gather(try chunks(source, chunk, index), count, source, &budget)
    }
  }

  private func chunks(_ source: FileBytes, _ chunk: [Int], _ index: DataLayout.ChunkIndex)
    throws(Fault) -> ChunkMap
  {
    let extents = ChunkMap.Extents(
      shape: shape ?? [], maximum: maximum, chunk: chunk, elementSize: type.size)
    guard extents.shape.allSatisfy({ $0 > 0 }) else {
      return try ChunkMap(source, extents, isFiltered: false, index: .tree(nil))
    }
    return try ChunkMap(source, extents, isFiltered: !filters.isEmpty, index: index)
  }

  private func gather(
    _ map: ChunkMap, _ count: Int, _ source: FileBytes, _ budget: inout Budget
  ) throws(Fault) -> ByteBlock {
    let missing = map.extents.grid.reduce(1, *) - map.chunks.count
    let (unstored, overflow) = missing.multipliedReportingOverflow(by: map.chunkBytes)
    try budget.chargeUnstored(overflow ? count : min(count, unstored))
    try budget.charge(map.chunkBytes)
    for chunk in map.chunks where !filters.couldHold(map.chunkBytes, in: chunk.size) {
      throw .damaged("\(chunk.size) bytes said to hold \(map.chunkBytes)")
    }
    let block = try ByteBlock(count: count, repeating: missing == 0 ? [] : fill.bytes)
    for chunk in map.chunks {
      let stored = try source.bytes(at: chunk.address, count: chunk.size)
      let bytes = try filters.undo(
        stored, mask: chunk.mask, count: map.chunkBytes, elementSize: type.size)
      map.extents.place(bytes, at: chunk.place, in: block)
    }
    return block
  }
}

extension ChunkMap.Extents {
  /// Copies the part of a chunk that lies inside the shape, in runs as long as possible.
  func place(_ bytes: [UInt8], at place: [Int], in block: ByteBlock) {
    let rank = shape.count
    var split = rank - 1
    while split > 0, chunk[split] == shape[split] { split -= 1 }
    let inner = shape[(split + 1)...].reduce(elementSize, *)
    let start = zip(place, chunk).map { $0 * $1 }
    let extent = (0..<rank).map { min(chunk[$0], shape[$0] - start[$0]) }
    var index = [Int](repeating: 0, count: split)
    while true {
      var (from, to) = (0, 0)
      for axis in 0...split {
        let here = axis < split ? index[axis] : 0
        from = from * chunk[axis] + here
        to = to * shape[axis] + start[axis] + here
      }
      block.copy(bytes, from: from * inner, count: extent[split] * inner, to: to * inner)
      guard let axis = index.indices.last(where: { index[$0] + 1 < extent[$0] }) else { return }
      index[axis] += 1
      for later in axis + 1..<split { index[later] = 0 }
    }
  }
}

/// What a reader may still ask for.
struct Budget {
  private let limits: ReadLimits
  private var bytes: Int
  private var unstored: Int

  init(_ limits: ReadLimits) {
    self.limits = limits
    (bytes, unstored) = (limits.bytes, limits.unstored)
  }

  mutating func charge(_ count: Int) throws(Fault) {
    guard count <= bytes else { throw .tooLarge(needed: count, limit: limits.bytes) }
    bytes -= count
  }

  mutating func chargeUnstored(_ count: Int) throws(Fault) {
    guard count <= unstored else { throw .tooLarge(needed: count, limit: limits.unstored) }
    unstored -= count
  }
}
