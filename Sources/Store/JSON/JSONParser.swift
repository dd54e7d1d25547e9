/// Reads JSON byte by byte. It goes as deep as its limit and no deeper, looks at each byte once, and
/// makes nothing larger than the text gives cause for.
struct JSONParser {
  private let text: [UInt8]
  private let depth: Int
  private let values: Int
  /// Bytes of one text; unescaping one takes several times as many.
  private static let textLimit = 16 << 20
  private var position = 0
  private var level = 0
  private var found = 0

  init(_ text: [UInt8], depth: Int, values: Int) {
    self.text = text
    self.depth = depth
    self.values = values
  }

  /// The one value of a text, with nothing but space around it.
  mutating func document() throws(Fault) -> JSON {
    let value = try value()
    skipSpace()
    guard position == text.count else { throw wrong("more after its end") }
    return value
  }

  private mutating func value() throws(Fault) -> JSON {
    found += 1
    guard found <= values else { throw .tooMany("values in its JSON", limit: values) }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try nested { (parser) throws(Fault) in try parser.object() }
    case UInt8(ascii: "["): return try nested { (parser) throws(Fault) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"): return try number()
    default: throw wrong("no value")
    }
  }

  private mutating func nested(_ body: (inout Self) throws(Fault) -> JSON) throws(Fault) -> JSON {
    guard level < depth else { throw .tooMany("levels in its JSON", limit: depth) }
    level += 1
    position += 1
    defer { level -= 1 }
    return try body(&self)
  }

  private mutating func object() throws(Fault) -> JSON {
    var members: [JSON.Member] = []
    var names = NameSet()
    if take("}") { return .object([]) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw wrong("no name") }
      let start = position
      let name = try string()
      guard names.insert(name) else {
        position = start
        throw wrong("the name \(TextWidth.quoted(name)) again")
      }
      guard take(":") else { throw wrong("no colon") }
      members.append(JSON.Member(name, try value()))
    } while take(",")
    guard take("}") else { throw wrong("an object without end") }
    return .object(members)
  }

  private mutating func array() throws(Fault) -> JSON {
    var elements: [JSON] = []
    if take("]") { return .array([]) }
    repeat { elements.append(try value()) } while take(",")
    guard take("]") else { throw wrong("an array without end") }
    return .array(elements)
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(Fault) -> JSON {
    let bytes = Array("\(word)".utf8)
    guard text[position...].starts(with: bytes) else { throw wrong("no value") }
    position += bytes.count
    return value
  }
}

extension JSONParser {
  /// A number: `-`, digits without a leading zero, a fraction, an exponent.
  private mutating func number() throws(Fault) -> JSON {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    let first = next
    let digits = skipDigits()
    guard digits > 0, digits == 1 || first != UInt8(ascii: "0") else { throw wrong("no number") }
    var isWhole = true
    if next == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      guard skipDigits() > 0 else { throw wrong("no number") }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      isWhole = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() > 0 else { throw wrong("no number") }
    }
    guard position - start <= 400 else { throw wrong("a number of more than 400 characters") }
    let literal = String(decoding: text[start..<position], as: UTF8.self)
    if isWhole, let integer = Int(literal) { return .integer(integer) }
    guard let number = Double(literal), number.isFinite else { throw wrong("a number too large") }
    return .number(number)
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    return position - start
  }

  /// A text in quotes. Most have no escapes and are taken as they stand.
  private mutating func string() throws(Fault) -> String {
    position += 1
    var start = position
    var bytes: [UInt8] = []
    let first = position
    while let byte = next {
      guard position - first <= Self.textLimit else { throw wrong("a text too long") }
      switch byte {
      case UInt8(ascii: "\""):
        let rest = text[start..<position]
        let whole = bytes.isEmpty ? String(validating: rest, as: UTF8.self) : nil
        guard let string = whole ?? String(validating: bytes + rest, as: UTF8.self) else {
          throw wrong("a text that is not UTF-8")
        }
        position += 1
        return string
      case UInt8(ascii: "\\"):
        bytes += text[start..<position]
        bytes += try escape()
        start = position
      case ..<0x20: throw wrong("a control character in a text")
      default: position += 1
      }
    }
    throw wrong("a text without end")
  }

  private mutating func escape() throws(Fault) -> [UInt8] {
    position += 1
    guard let letter = next else { throw wrong("a text without end") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      guard let scalar = try unicodeEscape() else { throw wrong("half of a surrogate pair") }
      return Array(String(scalar).utf8)
    default: throw wrong("an unknown escape")
    }
  }

  /// The scalar of `\uXXXX`, or of the two of a surrogate pair.
  private mutating func unicodeEscape() throws(Fault) -> Unicode.Scalar? {
    let first = try hexadecimal()
    guard 0xD800..<0xDC00 ~= first else { return Unicode.Scalar(first) }
    guard text[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
      return nil
    }
    position += 2
    let second = try hexadecimal()
    guard 0xDC00..<0xE000 ~= second else { return nil }
    return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
  }

  private mutating func hexadecimal() throws(Fault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw wrong("an unknown escape")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private var next: UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  /// Skips space, and a sign if it is there.
  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: sign) else { return false }
    position += 1
    return true
  }

  private func wrong(_ what: String) -> Fault {
    .damaged("\(what) at byte \(position) of its JSON")
  }
}
