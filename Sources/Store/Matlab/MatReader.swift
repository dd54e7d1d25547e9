/// Arrays inside a MATLAB file of level 5: flags, dimensions, a name, and what their class holds.
enum MatReader {
  /// A variable with its name.
  static func variable(_ element: MatElement) throws(Fault) -> (name: String, value: MatValue) {
    guard element.type == MatElement.matrix else {
      throw .unsupported("an element of type \(element.type)")
    }
    return try array(element.bytes, level: 0)
  }

  private static func array(_ bytes: [UInt8], level: Int) throws(Fault) -> (
    name: String, value: MatValue
  ) {
    guard level < MatFile.depth else { throw .tooMany("levels of cells", limit: MatFile.depth) }
    var cursor = ByteCursor(bytes)
    // An empty matrix may have no parts at all.
    guard cursor.remaining > 0 else { return ("", .numbers([], shape: [0, 0])) }
    let flags = try MatElement(&cursor)
    guard flags.type == 6, flags.bytes.count == 8 else { throw .damaged("an array without flags") }
    let kind = Int(flags.bytes[0])
    guard flags.bytes[1] & 0x08 == 0 else { throw .unsupported("complex numbers") }
    let shape = try dimensions(MatElement(&cursor))
    let name = try ascii(MatElement(&cursor))
    guard let count = product(shape) else { throw .damaged("an array of \(shape) elements") }
    switch kind {
    case 1: return (name, .cells(try cells(count, &cursor, level), shape: shape))
    case 2: return (name, .records(try records(count, &cursor, level), shape: shape))
    case 4:
      guard shape[0] <= 1, count == shape[1] else { throw .unsupported("a table of letters") }
      return (name, .text(try text(MatElement(&cursor))))
    case 6...15:
      let numbers = try numbers(MatElement(&cursor))
      guard numbers.count == count else {
        throw .damaged("\(numbers.count) numbers for \(shape)")
      }
      return (name, .numbers(numbers, shape: shape))
    case 3: throw .unsupported("an object of MATLAB")
    case 5: throw .unsupported("a sparse array")
    default: throw .unsupported("an array of class \(kind)")
    }
  }

  private static func dimensions(_ element: MatElement) throws(Fault) -> [Int] {
    guard element.type == 5, element.bytes.count.isMultiple(of: 4),
      (2...8).contains(element.bytes.count / 4)
    else { throw .damaged("an array without dimensions") }
    return try numbers(element).map { (number) throws(Fault) in
      guard number >= 0 else { throw .damaged("a negative dimension") }
      return Int(number)
    }
  }

  private static func product(_ shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product <= 1 << 32 else { return nil }
      count = product
    }
    return count
  }

  private static func inner(_ cursor: inout ByteCursor, _ level: Int) throws(Fault) -> MatValue {
    let element = try MatElement(&cursor)
    guard element.type == MatElement.matrix else { throw .damaged("a cell without an array") }
    return try array(element.bytes, level: level + 1).value
  }

  private static func cells(_ count: Int, _ cursor: inout ByteCursor, _ level: Int) throws(Fault)
    -> [MatValue]
  {
    // Each takes a tag at least.
    guard count <= cursor.remaining / 8 else { throw .damaged("\(count) cells past the end") }
    var cells: [MatValue] = []
    for _ in 0..<count { cells.append(try inner(&cursor, level)) }
    return cells
  }

  private static func records(_ count: Int, _ cursor: inout ByteCursor, _ level: Int)
    throws(Fault) -> [[MatField]]
  {
    let lengths = try numbers(MatElement(&cursor))
    guard lengths.count == 1, (1...256).contains(lengths[0]) else {
      throw .damaged("a structure without a length of its names")
    }
    let length = Int(lengths[0])
    let letters = try MatElement(&cursor).bytes
    guard letters.count.isMultiple(of: length) else { throw .damaged("the names of fields") }
    var names: [String] = []
    for start in stride(from: 0, to: letters.count, by: length) {
      let name = letters[start..<start + length].prefix { $0 != 0 }
      guard let text = String(validating: name, as: UTF8.self) else {
        throw .damaged("the name of a field")
      }
      names.append(text)
    }
    guard names.count > 0, count <= cursor.remaining / 8 / names.count else {
      throw .damaged("\(count) structures past the end")
    }
    var records: [[MatField]] = []
    for _ in 0..<count {
      var fields: [MatField] = []
      for name in names { fields.append(MatField(name: name, value: try inner(&cursor, level))) }
      records.append(fields)
    }
    return records
  }

  private static func ascii(_ element: MatElement) throws(Fault) -> String {
    guard let text = String(validating: element.bytes, as: UTF8.self) else {
      throw .damaged("the name of an array")
    }
    return text
  }

  /// Letters are bytes or UTF-16 units.
  private static func text(_ element: MatElement) throws(Fault) -> String {
    switch element.type {
    case 1, 2, 16:
      guard let text = String(validating: element.bytes, as: UTF8.self) else {
        throw .damaged("a text that is not UTF-8")
      }
      return text
    case 4, 17:
      let units = try numbers(MatElement(type: 4, bytes: element.bytes)).map { UInt16($0) }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw .damaged("a text that is not UTF-16")
      }
      return text
    default: throw .unsupported("a text of type \(element.type)")
    }
  }

  /// Numbers of any stored type: files keep whole numbers in as few bytes as they need.
  private static func numbers(_ element: MatElement) throws(Fault) -> [Double] {
    let widths = [1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8]
    guard let width = widths[element.type] else {
      throw .unsupported("numbers of type \(element.type)")
    }
    guard element.bytes.count.isMultiple(of: width) else { throw .damaged("half a number") }
    var cursor = ByteCursor(element.bytes)
    var numbers: [Double] = []
    numbers.reserveCapacity(element.bytes.count / width)
    while cursor.remaining > 0 {
      let bits = try cursor.unsigned(width)
      let shift = UInt64(64 - 8 * width)
      let signed = Int64(bitPattern: bits << shift) >> Int64(shift)
      switch element.type {
      case 7: numbers.append(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
      case 9: numbers.append(Double(bitPattern: bits))
      case 1, 3, 5, 12: numbers.append(Double(signed))
      default: numbers.append(Double(bits))
      }
    }
    return numbers
  }
}

extension MatElement {
  init(type: Int, bytes: [UInt8]) {
    self.type = type
    self.bytes = bytes
  }
}
