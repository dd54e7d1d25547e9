internal import CZlib
internal import Tensor

/// Where the elements of a tensor lie in a file: a run of bytes, and how it is looked at.
///
/// Formats differ in how they describe a view and not in what it is. Whoever makes one has checked that
/// all elements lie inside the run, and the run inside the file.
struct StoredView {
  let storage: StoredBytes
  let type: ScalarType
  /// The first element, counted from the start of the storage.
  let offset: Int
  let shape: [Int]
  /// Elements from one position of an axis to the next; 0 where there is no next one.
  let strides: [Int]

  /// A tensor that fills its storage.
  init(_ storage: StoredBytes, _ type: ScalarType, shape: [Int]) {
    self.init(storage, type, offset: 0, shape: shape, strides: Self.rowMajor(shape))
  }

  init(_ storage: StoredBytes, _ type: ScalarType, offset: Int, shape: [Int], strides: [Int]) {
    self.storage = storage
    self.type = type
    self.offset = offset
    self.shape = shape
    // Nobody walks along an axis of one position, and its stride may be any number.
    self.strides = zip(shape, strides).map { $0 > 1 ? $1 : 0 }
  }

  /// How many elements there are; the product was checked.
  var count: Int { shape.reduce(1, *) }

  /// Whether the elements stand in row-major order without gaps.
  var isContiguous: Bool {
    zip(zip(shape, strides), Self.rowMajor(shape)).allSatisfy { $0.0 == 1 || $0.1 == $1 }
  }

  private static func rowMajor(_ shape: [Int]) -> [Int] {
    var strides = shape
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step *= max(shape[axis], 1)
    }
    return strides
  }
}

/// A run of bytes of a file.
struct StoredBytes {
  let place: Int
  let count: Int
  /// The CRC-32 that all of them have.
  let checksum: UInt32?

  /// Compares the checksum.
  func verify(_ source: FileBytes) throws(Fault) {
    guard let checksum else { return }
    var sum = UInt32(0)
    var done = 0
    while done < count {
      let piece = try source.bytes(at: place + done, count: min(StoredView.piece, count - done))
      sum = CRC32.continued(sum, piece)
      done += piece.count
    }
    guard sum == checksum else { throw .damaged("bytes whose checksum differs") }
  }
}

/// The checksum of zip archives.
enum CRC32 {
  static func continued(_ sum: UInt32, _ bytes: [UInt8]) -> UInt32 {
    unsafe UInt32(truncatingIfNeeded: crc32(uLong(sum), bytes, uInt(bytes.count)))
  }
}

extension StoredView {
  /// Bytes that are read at once.
  static let piece = 1 << 20

  /// The tensor, in row-major order and as Float32. With a mapping, what can stay in it does.
  func tensor(_ source: FileBytes, mapping: FileMapping?) throws(Fault) -> Tensor {
    guard type.isFloat else { throw .kind(expected: "floats", found: type.rawValue) }
    guard count > 0 else { return try ByteBlock(count: 0, repeating: []).tensor(shape) }
    if isContiguous {
      let place = storage.place + offset * type.size
      if let mapping, type == .float32, place % 4 == 0 {
        return try mapping.tensor(shape, at: place, bytes: 4 * count)
      }
      return try floats(source, at: place, count: count).tensor(shape)
    }
    let reach = zip(shape, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
    let all = try floats(source, at: storage.place + offset * type.size, count: reach)
    return try gathered(all).tensor(shape)
  }

  /// Consecutive elements.
  private func floats(_ source: FileBytes, at place: Int, count: Int) throws(Fault) -> ByteBlock {
    _ = try source.position(of: place, count: count * type.size)
    let block = try ByteBlock(count: 4 * count, repeating: [])
    if type == .float32 {
      try block.read(source, at: place)
      return block
    }
    var done = 0
    while done < count {
      let elements = min(Self.piece / type.size, count - done)
      let bytes = try source.bytes(at: place + done * type.size, count: elements * type.size)
      block.widen(bytes, type, to: done)
      done += elements
    }
    return block
  }

  /// The elements of a view, taken one by one from those that it reaches.
  private func gathered(_ all: ByteBlock) throws(Fault) -> ByteBlock {
    let block = try ByteBlock(count: 4 * count, repeating: [])
    var index = [Int](repeating: 0, count: shape.count)
    var from = 0
    for place in 0..<count {
      block.copyFloat(from, of: all, to: place)
      for axis in shape.indices.reversed() {
        index[axis] += 1
        from += strides[axis]
        if index[axis] < shape[axis] { break }
        from -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
    return block
  }
}
