internal import CZlib

/// What was done to each chunk before it was stored; undone here in the opposite order.
///
/// Only what HDF5 always has: shuffle, gzip (deflate) and the Fletcher checksum, each at most once.
struct FilterPipeline {
  private let filters: [Filter]

  /// HDF5's numbers.
  private enum Filter: Int {
    case deflate = 1
    case shuffle = 2
    case fletcher32 = 3
  }

  private static let names = [
    4: "szip", 5: "nbit", 6: "scale-offset", 32000: "lzf", 32001: "blosc",
  ]
  /// The best that deflate can do: 258 bytes for two bits.
  private static let bestRatio = 1032

  init(_ header: ObjectHeader) throws(Fault) {
    guard var cursor = try header.body(.filters) else {
      filters = []
      return
    }
    let version = try cursor.expectVersion(1...2, of: "filter pipeline")
    let count = try cursor.byte()
    if version == 1 { try cursor.skip(6) }
    var filters: [Filter] = []
    for _ in 0..<count {
      let code = try cursor.count(2)
      let nameLength = version == 1 || code >= 256 ? try cursor.count(2) : 0
      try cursor.skip(2)
      let values = try cursor.count(2)
      try cursor.skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength)
      try cursor.skip(4 * values + (version == 1 && values % 2 == 1 ? 4 : 0))
      guard let filter = Filter(rawValue: code) else {
        throw .unsupported("filter \(code)\(Self.names[code].map { " (\($0))" } ?? "")")
      }
      guard !filters.contains(filter) else { throw .damaged("filter \(code) twice") }
      filters.append(filter)
    }
    self.filters = filters
  }

  var isEmpty: Bool { filters.isEmpty }

  /// Whether `count` bytes of elements can have been packed into `stored` bytes.
  func couldHold(_ count: Int, in stored: Int) -> Bool {
    filters.contains(.deflate) ? count / Self.bestRatio <= stored : count <= stored
  }

  /// The bytes of a chunk that holds `count` bytes of elements of `elementSize` bytes. Bits set in
  /// `mask` say which filters were left out.
  func undo(_ stored: [UInt8], mask: Int, count: Int, elementSize: Int) throws(Fault) -> [UInt8] {
    let used = filters.indices.filter { mask >> $0 & 1 == 0 }.map { filters[$0] }
    var bytes = stored
    for (index, filter) in used.enumerated().reversed() {
      let earlier = used[..<index].contains(.fletcher32) ? 4 : 0
      switch filter {
      case .fletcher32: bytes = try Self.checked(bytes)
      case .deflate: bytes = try Self.inflated(bytes, count: count + earlier)
      case .shuffle: bytes = Self.unshuffled(bytes, elementSize)
      }
    }
    guard bytes.count == count else {
      throw .damaged("a chunk of \(bytes.count) bytes instead of \(count)")
    }
    return bytes
  }

  private static func checked(_ bytes: [UInt8]) throws(Fault) -> [UInt8] {
    guard bytes.count >= 4 else { throw .damaged("a chunk of \(bytes.count) bytes") }
    let content = bytes[..<(bytes.count - 4)]
    var last = ByteCursor(Array(bytes[(bytes.count - 4)...]))
    guard try last.unsigned(4) == UInt64(Checksum.fletcher32(content)) else {
      throw .damaged("the checksum of a chunk")
    }
    return Array(content)
  }

  private static func inflated(_ bytes: [UInt8], count: Int) throws(Fault) -> [UInt8] {
    var status: Int32 = 0
    let result = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var length = uLongf(count)
      status = unsafe uncompress(buffer.baseAddress, &length, bytes, uLong(bytes.count))
      initialized = status == Z_OK ? Int(length) : 0
    }
    guard status == Z_OK else { throw .damaged("compressed data (zlib says \(status))") }
    return result
  }

  /// Shuffle keeps all first bytes, then all second bytes, …; what is left over stays at the end.
  private static func unshuffled(_ bytes: [UInt8], _ size: Int) -> [UInt8] {
    let elements = bytes.count / size
    guard size > 1, elements > 1 else { return bytes }
    return unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { out, initialized in
      for byte in 0..<size {
        let start = byte * elements
        for index in 0..<elements { unsafe out[index * size + byte] = bytes[start + index] }
      }
      for index in elements * size..<bytes.count { unsafe out[index] = bytes[index] }
      initialized = bytes.count
    }
  }
}
