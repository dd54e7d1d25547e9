/// The type of the elements of a dataset or attribute, as far as Duet reads it.
enum ElementType: Equatable {
  case integer(size: Int, isSigned: Bool, isBigEndian: Bool)
  /// IEEE 754: half (2 bytes), single or double precision.
  case float(size: Int, isBigEndian: Bool)
  /// h5py's Bool: an enumeration FALSE = 0, TRUE = 1 over one byte.
  case boolean
  case fixedString(size: Int, padding: Padding)
  /// A text of any length, kept in a heap of the file.
  case string

  /// What follows the text in a string of fixed size.
  enum Padding: Int { case nullTerminated, nulls, spaces }

  /// Bytes of an element in the file.
  var size: Int {
    switch self {
    case .integer(let size, _, _), .float(let size, _), .fixedString(let size, _): size
    case .boolean: 1
    case .string: 16
    }
  }

  /// The name used in listings.
  var name: String {
    switch self {
    case .integer(let size, let isSigned, _): "\(isSigned ? "int" : "uint")\(8 * size)"
    case .float(let size, _): "float\(8 * size)"
    case .boolean: "bool"
    case .fixedString, .string: "string"
    }
  }

  init(_ cursor: inout ByteCursor) throws(Fault) {
    let start = cursor.position
    let head = try cursor.byte()
    let version = head >> 4
    guard (1...5).contains(version) else { throw .unsupported("datatype of version \(version)") }
    let bits = try cursor.count(3)
    let size = try cursor.count(4)
    guard size > 0 else { throw .damaged("a type of no bytes") }
    switch head & 0x0F {
    case 0: self = try Self.integer(&cursor, bits, size)
    case 1: self = try Self.float(&cursor, bits, size)
    case 3:
      guard let padding = Padding(rawValue: bits & 0x0F) else {
        throw .unsupported("string padding \(bits & 0x0F)")
      }
      self = .fixedString(size: size, padding: padding)
    case 8: self = try Self.enumeration(&cursor, version, bits, from: start)
    case 9:
      guard bits & 0x0F == 1 else { throw .unsupported("sequences of variable length") }
      guard size == 16 else { throw .damaged("a text reference of \(size) bytes") }
      self = .string
    case let code: throw .unsupported("\(Self.refused[code] ?? "type class \(code)")")
    }
  }

  private static let refused = [
    2: "a time", 4: "a bit field", 5: "opaque bytes", 6: "a compound type", 7: "a reference",
    10: "an array type", 11: "complex numbers",
  ]

  private static func integer(_ cursor: inout ByteCursor, _ bits: Int, _ size: Int) throws(Fault)
    -> ElementType
  {
    let (offset, precision) = (try cursor.count(2), try cursor.count(2))
    guard [1, 2, 4, 8].contains(size), offset == 0, precision == 8 * size else {
      throw .unsupported("an integer of \(precision) bits in \(size) bytes")
    }
    return .integer(size: size, isSigned: bits & 0x08 != 0, isBigEndian: bits & 0x01 != 0)
  }

  /// Exponent position and size, mantissa position and size, bias: only those of IEEE 754.
  private static func float(_ cursor: inout ByteCursor, _ bits: Int, _ size: Int) throws(Fault)
    -> ElementType
  {
    let (offset, precision) = (try cursor.count(2), try cursor.count(2))
    let fields = try cursor.take(4).map(Int.init)
    let bias = try cursor.count(4)
    let layouts = [
      2: ([10, 5, 0, 10], 15), 4: ([23, 8, 0, 23], 127), 8: ([52, 11, 0, 52], 1023),
    ]
    guard let (known, knownBias) = layouts[size], fields == known, bias == knownBias,
      offset == 0, precision == 8 * size, bits & 0x40 == 0, bits >> 4 & 0x03 == 2,
      bits >> 8 & 0xFF == 8 * size - 1
    else { throw .unsupported("a float of \(precision) bits that is not IEEE 754") }
    return .float(size: size, isBigEndian: bits & 0x01 != 0)
  }

  /// Bool is an enumeration; other enumerations count as their integers.
  private static func enumeration(
    _ cursor: inout ByteCursor, _ version: Int, _ bits: Int, from start: Int
  ) throws(Fault) -> ElementType {
    var peek = cursor
    guard try peek.byte() & 0x0F == 0, case let base = try ElementType(&cursor),
      case .integer(let size, _, _) = base
    else { throw .damaged("an enumeration of something else than integers") }
    var names: [[UInt8]] = []
    for _ in 0..<(bits & 0xFFFF) {
      let first = cursor.position
      var name: [UInt8] = []
      while case let byte = try cursor.byte(), byte != 0 { name.append(UInt8(byte)) }
      if version < 3 { try cursor.align(from: first) }
      names.append(name)
    }
    var values: [UInt64] = []
    for _ in names { values.append(try cursor.unsigned(size)) }
    let isBoolean =
      size == 1 && names == [Array("FALSE".utf8), Array("TRUE".utf8)] && values == [0, 1]
    return isBoolean ? .boolean : base
  }
}
