// Chunks: the pieces of equal shape in which a dataset is stored, and the indices that tell where
// they are. HDF5 1.6 and 1.8 have one index, a search tree whose keys are the chunks' places. HDF5
// 1.10 has five more, chosen by what is known of the shape: a single chunk, chunks one after the other
// (implicit), an array of fixed length, an array that grows along one axis, and a newer tree when
// several axes grow. All become one list here, which is then checked against the shape and the file.

/// A piece of a chunked dataset, as it lies in the file.
struct StoredChunk {
  let address: Int
  let size: Int
  /// Bits of the filters that were left out.
  let mask: Int
  /// Its place, counted in chunks along each axis.
  let place: [Int]
}

/// The chunks of one dataset.
struct ChunkMap {
  /// What the index is asked for.
  struct Extents {
    let shape: [Int]
    /// How far each axis may grow; nil without an end.
    let maximum: [Int?]
    let chunk: [Int]
    let elementSize: Int

    /// Chunks along each axis.
    var grid: [Int] { zip(shape, chunk).map { $0 / $1 + ($0 % $1 > 0 ? 1 : 0) } }
    /// Bytes of a chunk before the filters.
    var chunkBytes: Int { chunk.reduce(elementSize, *) }
  }

  let extents: Extents
  let isFiltered: Bool
  private(set) var chunks: [StoredChunk] = []

  var chunkBytes: Int { extents.chunkBytes }
  /// Bytes that all chunks take in the file.
  var storedBytes: Int { chunks.reduce(0) { $0 + $1.size } }

  /// Finds all chunks of a dataset whose shape has been checked to fit memory.
  init(
    _ source: FileBytes, _ extents: Extents, isFiltered: Bool, index: DataLayout.ChunkIndex
  ) throws(Fault) {
    self.extents = extents
    self.isFiltered = isFiltered
    guard extents.shape.count == extents.chunk.count else {
      throw .damaged("chunks of \(extents.chunk.count) axes for a shape of \(extents.shape.count)")
    }
    try find(source, index)
    try checkPlaces(source)
  }

  private mutating func find(_ source: FileBytes, _ index: DataLayout.ChunkIndex) throws(Fault) {
    switch index {
    case .tree(nil), .single(nil, _, _), .implicit(nil), .fixedArray(nil), .extensibleArray(nil),
      .newTree(nil):
      break
    case .tree(let root?): try readTree(source, root)
    case .single(let address?, let size, let mask):
      let place = [Int](repeating: 0, count: extents.shape.count)
      add(StoredChunk(address: address, size: size ?? chunkBytes, mask: mask, place: place))
    case .implicit(let address?): try readImplicit(source, address)
    case .fixedArray(let header?): try readFixedArray(source, header)
    case .extensibleArray(let header?): try readExtensibleArray(source, header)
    case .newTree(let header?): try readNewTree(source, header)
    }
  }

  mutating func add(_ chunk: StoredChunk) { chunks.append(chunk) }

  /// Chunks lie in the file, inside the shape and at different places, and together take no more
  /// bytes than the file has.
  private func checkPlaces(_ source: FileBytes) throws(Fault) {
    var places: Set<[Int]> = []
    var total = 0
    let grid = extents.grid
    for chunk in chunks {
      guard zip(chunk.place, grid).allSatisfy({ $0 >= 0 && $0 < $1 }) else {
        throw .damaged("a chunk outside the shape")
      }
      guard places.insert(chunk.place).inserted else { throw .damaged("two chunks at one place") }
      _ = try source.position(of: chunk.address, count: chunk.size)
      total += chunk.size
      guard total <= source.size else { throw .damaged("chunks that share their bytes") }
      guard isFiltered || chunk.size == chunkBytes else {
        throw .damaged("a chunk of \(chunk.size) bytes instead of \(chunkBytes)")
      }
    }
  }

  private mutating func readTree(_ source: FileBytes, _ root: Int) throws(Fault) {
    let rank = extents.shape.count
    var found: [StoredChunk] = []
    try BTree.walk(source, at: root, kind: 1, keySize: 8 * rank + 16) {
      (key: inout ByteCursor, child) throws(Fault) in
      let size = try key.count(4)
      let mask = try key.count(4)
      var place: [Int] = []
      for extent in extents.chunk {
        let offset = try key.count(8)
        guard offset % extent == 0 else { throw .damaged("a chunk between the places of chunks") }
        place.append(offset / extent)
      }
      found.append(StoredChunk(address: child, size: size, mask: mask, place: place))
    }
    chunks = found
  }

  private mutating func readNewTree(_ source: FileBytes, _ header: Int) throws(Fault) {
    let rank = extents.shape.count
    var found: [StoredChunk] = []
    try BTree.records(source, at: header, kind: isFiltered ? 11 : 10) {
      (record: inout ByteCursor) throws(Fault) in
      let address = try record.requiredAddress()
      let sizeWidth = record.remaining - 4 - 8 * rank
      let size = isFiltered ? try record.count(sizeWidth) : chunkBytes
      let mask = isFiltered ? try record.count(4) : 0
      var place: [Int] = []
      for _ in 0..<rank { place.append(try record.count(8)) }
      found.append(StoredChunk(address: address, size: size, mask: mask, place: place))
    }
    chunks = found
  }

  private mutating func readImplicit(_ source: FileBytes, _ address: Int) throws(Fault) {
    let numbering = try ChunkNumbering(extents)
    guard numbering.count <= source.size / chunkBytes else {
      throw .damaged("\(numbering.count) chunks in a file of \(source.size) bytes")
    }
    _ = try source.position(of: address, count: numbering.count * chunkBytes)
    for number in 0..<numbering.count {
      guard let place = numbering.place(of: number) else { continue }
      add(
        StoredChunk(
          address: address + number * chunkBytes, size: chunkBytes, mask: 0, place: place))
    }
  }
}

/// The numbers of chunks in indices that are arrays: in row-major order of the grid as large as it
/// may ever become, the axis that grows without end first.
struct ChunkNumbering {
  /// How many numbers concern the present shape.
  let count: Int
  private let grid: [Int]
  /// Extents in the order of counting, and the axes that they belong to.
  private let counted: [(axis: Int, extent: Int)]

  init(_ extents: ChunkMap.Extents) throws(Fault) {
    grid = extents.grid
    let endless = extents.maximum.firstIndex(of: nil)
    guard endless == extents.maximum.lastIndex(of: nil) else {
      throw .damaged("an array of chunks that grows along several axes")
    }
    var axes = Array(grid.indices)
    if let endless {
      axes.remove(at: endless)
      axes.insert(endless, at: 0)
    }
    var counted: [(axis: Int, extent: Int)] = []
    for axis in axes {
      let most = axis == endless ? extents.shape[axis] : extents.maximum[axis] ?? 0
      counted.append((axis, most / extents.chunk[axis] + (most % extents.chunk[axis] > 0 ? 1 : 0)))
    }
    self.counted = counted
    count = try Dataspace.bytes(counted.map(\.extent), of: 1)
  }

  /// The place of a chunk; nil outside the present shape.
  func place(of number: Int) -> [Int]? {
    var rest = number
    var place = grid
    for (axis, extent) in counted.reversed() {
      place[axis] = rest % extent
      rest /= extent
    }
    return rest == 0 && zip(place, grid).allSatisfy({ $0 < $1 }) ? place : nil
  }
}
