/// The shape of a dataset or attribute.
enum Dataspace: Equatable {
  /// No element at all: h5py's `Empty`.
  case null
  /// One extent an axis, none for a scalar; and how far each may grow, nil without an end.
  case simple([Int], maximum: [Int?])

  /// HDF5 knows no more axes.
  static let maximumRank = 32

  init(_ cursor: inout ByteCursor) throws(Fault) {
    let version = try cursor.expectVersion(1...2, of: "dataspace")
    let rank = try cursor.byte()
    guard rank <= Self.maximumRank else { throw .damaged("a shape of \(rank) axes") }
    let flags = try cursor.byte()
    if version == 1 {
      try cursor.skip(5)
    } else {
      let kind = try cursor.byte()
      guard kind <= 2, kind == 1 || rank == 0 else { throw .damaged("a shape of kind \(kind)") }
      if kind == 2 {
        self = .null
        return
      }
    }
    var shape: [Int] = []
    for _ in 0..<rank { shape.append(try cursor.count(8)) }
    var maximum: [Int?] = shape
    for axis in 0..<(flags & 0x01 != 0 ? rank : 0) {
      let most = try cursor.unsigned(8)
      guard most >= UInt64(shape[axis]) else { throw .damaged("a shape beyond its limits") }
      maximum[axis] = most == .max ? nil : Int(exactly: most)
    }
    self = .simple(shape, maximum: maximum)
  }

  /// The product of a shape and an element size; an error beyond what memory addresses, even when
  /// one of the extents is zero.
  static func bytes(_ shape: [Int], of size: Int) throws(Fault) -> Int {
    var total = size
    for extent in shape where extent > 0 {
      let (product, overflow) = total.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .tooLarge(needed: .max, limit: .max) }
      total = product
    }
    return shape.contains(0) ? 0 : total
  }
}
