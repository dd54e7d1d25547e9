extension Lexer {
  /// Whether a byte of ASCII can stand in a name.
  static func isWordByte(_ byte: UInt8) -> Bool {
    let letter = byte | 0x20
    return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z") || byte == UInt8(ascii: "_")
      || isDigit(byte)
  }

  // Identifiers are those of Unicode (UAX 31) with the underscore: `τ`, `λ_max`, `π2`.
  mutating func word() {
    let start = position
    if byte >= 0x80 {
      let (first, length) = scalar()
      position += length
      guard first.properties.isXIDStart else { return reportStray(first, from: start) }
    }
    while position < file.bytes.count {
      if byte < 0x80 {
        guard Self.isWordByte(byte) else { break }
        position += 1
      } else {
        let (next, length) = scalar()
        guard next.properties.isXIDContinue else { break }
        position += length
      }
    }
    emit(keyword(from: start).map { .keyword($0) } ?? .word, from: start)
  }

  private func keyword(from start: Int) -> Keyword? {
    // The reserved words have two to eight small letters.
    guard position - start <= 8, file.bytes[start] >= UInt8(ascii: "a") else { return nil }
    return Keyword(rawValue: String(decoding: file.bytes[start..<position], as: UTF8.self))
  }

  mutating func reportStray(_ scalar: Unicode.Scalar, from start: Int) {
    if let meant = Self.lookAlikes[scalar] {
      report(.lookAlike(scalar, meant: meant), from: start)
    } else {
      report(.unexpectedCharacter(scalar), from: start)
    }
    // A no-break space or the like is passed over, anything else is an operand gone wrong.
    if !scalar.properties.isWhitespace { emit(.invalid, from: start) }
  }

  private static let lookAlikes: [Unicode.Scalar: String] = [
    "\u{2018}": "\"", "\u{2019}": "\"", "\u{201C}": "\"", "\u{201D}": "\"", "\u{00AB}": "\"",
    "\u{00BB}": "\"", "\u{2010}": "-", "\u{2011}": "-", "\u{2012}": "-", "\u{2013}": "-",
    "\u{2014}": "-", "\u{2212}": "-", "\u{00D7}": "*", "\u{22C5}": "*", "\u{00B7}": "*",
    "\u{00F7}": "/", "\u{2215}": "/", "\u{2264}": "<=", "\u{2265}": ">=", "\u{2260}": "!=",
    "\u{2026}": "...", "\u{2192}": "->", "\u{21D2}": "=>", "\u{00A0}": " ", "\u{202F}": " ",
    "\u{FF08}": "(", "\u{FF09}": ")", "\u{FF0C}": ",", "\u{FF1A}": ":", "\u{FF1D}": "=",
    "\u{2208}": "in", "\u{2227}": "and", "\u{2228}": "or", "\u{00AC}": "not",
  ]

  /// Operators of other languages, longest first.
  private static let foreignOperators: [(text: String, bytes: [UInt8], meant: String)] = [
    ("===", "=="), ("!==", "!="), ("**=", "= x **"), ("//=", "= x //"), ("&&", "and"),
    ("||", "or"), ("++", "+= 1"), ("--", "-= 1"), ("<>", "!="), (":=", "="), ("%=", "= x %"),
    ("&", "and"), ("|", "or"), ("!", "not"), ("^", "**"),
  ].map { ($0.0, Array($0.0.utf8), $0.1) }

  /// The bytes with which one of them begins.
  private static let foreignBytes = Set(foreignOperators.map { $0.bytes[0] })

  /// The marks that begin with each byte of ASCII, longest first, so that the first match is it.
  private static let marks: [[(bytes: [UInt8], mark: Mark)]] = {
    var table = Array(repeating: [(bytes: [UInt8], mark: Mark)](), count: 128)
    for mark in Mark.allCases.sorted(by: { $0.rawValue.count > $1.rawValue.count }) {
      let bytes = Array(mark.rawValue.utf8)
      table[Int(bytes[0])].append((bytes, mark))
    }
    return table
  }()

  mutating func mark() -> Bool {
    let start = position
    if Self.foreignBytes.contains(byte), let foreign = foreignOperator() {
      position += foreign.text.utf8.count
      report(.foreignOperator(foreign.text, meant: foreign.meant), from: start)
      emit(.invalid, from: start)
      return true
    }
    guard let (bytes, mark) = Self.marks[Int(byte)].first(where: { starts($0.bytes) }) else {
      return false
    }
    if closesInterpolation(mark) { return true }
    position += bytes.count
    emit(.mark(mark), from: start)
    return true
  }

  private func foreignOperator() -> (text: String, meant: String)? {
    let (first, second, third) = (byte, peek(1), peek(2))
    // `!=` and `|>` are ours, `--` may be two minus signs before a number.
    if first == UInt8(ascii: "!"), second == UInt8(ascii: "="), third != second { return nil }
    if first == UInt8(ascii: "|"), second == UInt8(ascii: ">") { return nil }
    if first == second, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      guard [0, UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ";")].contains(third) else {
        return nil
      }
    }
    return Self.foreignOperators.first { starts($0.bytes) }.map { ($0.text, $0.meant) }
  }

  private mutating func closesInterpolation(_ mark: Mark) -> Bool {
    guard !openStrings.isEmpty else { return false }
    let last = openStrings.count - 1
    if mark == .leftParen { openStrings[last].parentheses += 1 }
    guard mark == .rightParen else { return false }
    if openStrings[last].parentheses > 0 {
      openStrings[last].parentheses -= 1
      return false
    }
    let open = openStrings.removeLast()
    position += 1
    continueString(consume open, from: position - 1)
    return true
  }
}
