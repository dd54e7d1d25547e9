/// How an array is laid out in the file.
struct Layout {
  let shape: [Int]
  let checksum: Bool
  /// The shape of its chunks; nil for one piece.
  let chunk: [Int]?

  private static let smallest = 1 << 16
  private static let largestChunk = 1 << 20

  init(_ shape: [Int], elementSize: Int, canCompress: Bool, checksum: Bool) {
    self.shape = shape
    self.checksum = checksum
    let bytes = shape.reduce(elementSize, *)
    guard canCompress, bytes >= Self.smallest else {
      chunk = nil
      return
    }
    var chunk = shape
    while chunk.reduce(elementSize, *) > Self.largestChunk,
      let axis = chunk.firstIndex(where: { $0 > 1 })
    {
      chunk[axis] = (chunk[axis] + 1) / 2
    }
    self.chunk = chunk
  }

  /// Texts are references to a heap, which do not compress.
  init(_ array: StoredArray, canCompress: Bool) {
    switch array.elements {
    case .strings: self.init(array.shape, elementSize: 16, canCompress: false, checksum: false)
    case .booleans:
      self.init(array.shape, elementSize: 1, canCompress: canCompress, checksum: false)
    case .integers, .floats:
      self.init(array.shape, elementSize: 8, canCompress: canCompress, checksum: false)
    }
  }
}
