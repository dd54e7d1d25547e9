internal import Tensor

/// Turns the bytes of elements into values: half and single floats into tensors, doubles, integers
/// of every width, Bool and texts into arrays.
struct ElementReader {
  let source: FileBytes
  var heap: GlobalHeap
  var budget: Budget
  private var textBytes = 0

  init(_ source: FileBytes, _ limits: ReadLimits) {
    self.source = source
    heap = GlobalHeap(source)
    budget = Budget(limits)
  }

  /// The content of a dataset; with a mapping, tensors that can be mapped are.
  mutating func content(_ dataset: StoredDataset, mapping: FileMapping?) throws(Fault)
    -> Node.Content
  {
    guard let shape = dataset.shape else { return .group([]) }
    if let mapping, let place = try dataset.mappablePlace(source) {
      return .tensor(try mapping.tensor(shape, at: place.offset, bytes: place.bytes))
    }
    let block = try dataset.read(source, &budget)
    switch dataset.type {
    case .float(4, false): return .tensor(try block.tensor(shape))
    case .float(4, true): return .tensor(try tensor(shape, singles(block)))
    case .float(2, let isBigEndian): return .tensor(try tensor(shape, halves(block, isBigEndian)))
    default: return .array(try array(block, shape, dataset.type))
    }
  }

  /// The elements of a dataset or attribute as an array, floats of every width as Float64.
  mutating func array(_ block: ByteBlock, _ shape: [Int], _ type: ElementType) throws(Fault)
    -> StoredArray
  {
    let count = shape.reduce(1, *)
    switch type {
    case .integer(let size, let isSigned, let isBigEndian):
      try budget.charge(8 * count)
      return StoredArray(
        shape: shape, .integers(try Self.integers(block, size, isSigned, isBigEndian)))
    case .boolean:
      return StoredArray(shape: shape, .booleans(try Self.booleans(block)))
    case .float(let size, let isBigEndian):
      try budget.charge(8 * count)
      switch size {
      case 2: return StoredArray(shape: shape, .floats(halves(block, isBigEndian).map(Double.init)))
      case 4:
        let bits = block.numbers(UInt32.self, isBigEndian: isBigEndian)
        return StoredArray(shape: shape, .floats(bits.map { Double(Float(bitPattern: $0)) }))
      default:
        let bits = block.numbers(UInt64.self, isBigEndian: isBigEndian)
        return StoredArray(shape: shape, .floats(bits.map(Double.init(bitPattern:))))
      }
    case .fixedString(let size, let padding):
      try budget.charge(16 * count)
      var texts: [String] = []
      for index in 0..<count {
        texts.append(try Self.text(Self.trimmed(block.bytes(index, size: size), padding)))
      }
      return StoredArray(shape: shape, .strings(texts))
    case .string: return StoredArray(shape: shape, .strings(try texts(block, count)))
    }
  }

  /// Texts of variable length. Each has its own bytes in a whole file, so that together they are
  /// not longer than the file; those of all arrays may be a few times longer, for arrays may have
  /// several names.
  private mutating func texts(_ block: ByteBlock, _ count: Int) throws(Fault) -> [String] {
    var texts: [String] = []
    var total = 0
    for index in 0..<count {
      var reference = ByteCursor(block.bytes(index, size: 16))
      var bytes = try heap.object(&reference)
      total += bytes.count
      textBytes += bytes.count
      guard total <= source.size, textBytes / 4 <= source.size else {
        throw .damaged("texts that share their bytes")
      }
      try budget.charge(bytes.count)
      if let end = bytes.firstIndex(of: 0) { bytes = bytes[..<end] }
      texts.append(try Self.text(bytes))
    }
    return texts
  }

  private static func text(_ bytes: some Sequence<UInt8>) throws(Fault) -> String {
    guard let text = String(validating: Array(bytes), as: UTF8.self) else {
      throw .unsupported("a text that is not UTF-8")
    }
    return text
  }

  private static func trimmed(_ bytes: [UInt8], _ padding: ElementType.Padding) -> ArraySlice<UInt8>
  {
    switch padding {
    case .nullTerminated: return bytes[..<(bytes.firstIndex(of: 0) ?? bytes.endIndex)]
    case .nulls: return bytes[..<((bytes.lastIndex { $0 != 0 } ?? -1) + 1)]
    case .spaces: return bytes[..<((bytes.lastIndex { $0 != 0x20 } ?? -1) + 1)]
    }
  }

  private static func booleans(_ block: ByteBlock) throws(Fault) -> [Bool] {
    let values = block.numbers(UInt8.self, isBigEndian: false)
    guard values.allSatisfy({ $0 < 2 }) else { throw .damaged("a Bool that is neither") }
    return values.map { $0 == 1 }
  }

  private static func integers(
    _ block: ByteBlock, _ size: Int, _ isSigned: Bool, _ isBigEndian: Bool
  ) throws(Fault) -> [Int] {
    func all<Number: FixedWidthInteger & SendableMetatype>(_ type: Number.Type) -> [Int] {
      block.numbers(type, isBigEndian: isBigEndian).map { Int(truncatingIfNeeded: $0) }
    }
    switch (size, isSigned) {
    case (1, true): return all(Int8.self)
    case (1, false): return all(UInt8.self)
    case (2, true): return all(Int16.self)
    case (2, false): return all(UInt16.self)
    case (4, true): return all(Int32.self)
    case (4, false): return all(UInt32.self)
    case (_, true): return all(Int64.self)
    case (_, false):
      let values = all(UInt64.self)
      guard values.allSatisfy({ $0 >= 0 }) else { throw .unsupported("integers beyond 2^63") }
      return values
    }
  }

  private func singles(_ block: ByteBlock) -> [Float] {
    block.numbers(UInt32.self, isBigEndian: true).map(Float.init(bitPattern:))
  }

  private func halves(_ block: ByteBlock, _ isBigEndian: Bool) -> [Float] {
    block.numbers(UInt16.self, isBigEndian: isBigEndian).map { Float(Float16(bitPattern: $0)) }
  }

  private func tensor(_ shape: [Int], _ elements: [Float]) throws(Fault) -> Tensor {
    do { return try Tensor(shape: shape, elements: elements) } catch { throw .tensor(error) }
  }
}
