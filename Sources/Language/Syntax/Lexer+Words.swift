extension Lexer {
  // Identifiers are those of Unicode (UAX 31) with the underscore: `τ`, `λ_max`, `π2`.
  mutating func word() {
    let start = position
    let (first, firstLength) = scalar()
    guard first == "_" || first.properties.isXIDStart else {
      position += firstLength
      return reportStray(first, from: start)
    }
    position += firstLength
    while position < file.bytes.count {
      let (next, length) = scalar()
      guard next == "_" || next.properties.isXIDContinue else { break }
      position += length
    }
    let text = String(decoding: file.bytes[start..<position], as: UTF8.self)
    if let keyword = Keyword(rawValue: text) {
      emit(.keyword(keyword), from: start)
    } else {
      emit(.word, from: start)
    }
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
  private static let foreignOperators: [(text: StaticString, meant: String)] = [
    ("===", "=="), ("!==", "!="), ("&&", "and"), ("||", "or"), ("++", "+= 1"), ("--", "-= 1"),
    ("<>", "!="), (":=", "="), ("&", "and"), ("|", "or"), ("!", "not"), ("^", "**"),
    ("**=", "= x **"), ("//=", "= x //"), ("%=", "= x %"),
  ]

  /// Longest first, so that the first match is the token.
  private static let marks: [(text: [UInt8], mark: Mark)] =
    Mark.allCases.map { (Array($0.rawValue.utf8), $0) }.sorted { $0.text.count > $1.text.count }

  mutating func mark() -> Bool {
    let start = position
    if let foreign = foreignOperator() {
      position += foreign.text.utf8CodeUnitCount
      report(.foreignOperator("\(foreign.text)", meant: foreign.meant), from: start)
      emit(.invalid, from: start)
      return true
    }
    guard
      let (text, mark) = Self.marks.first(where: { file.bytes[position...].starts(with: $0.text) })
    else { return false }
    if closesInterpolation(mark) { return true }
    position += text.count
    emit(.mark(mark), from: start)
    return true
  }

  private func foreignOperator() -> (text: StaticString, meant: String)? {
    // `!=` and `|>` are ours, `--` may be two minus signs before a number.
    if starts("!=") && !starts("!==") { return nil }
    if starts("|>") { return nil }
    if starts("--") || starts("++") {
      let after = peek(2)
      let endsStatement = after == 0 || after == UInt8(ascii: "\n") || after == UInt8(ascii: ";")
      guard endsStatement || after == UInt8(ascii: "\r") else { return nil }
    }
    return Self.foreignOperators.first { starts($0.text) }
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
    continueString(open, from: position - 1)
    return true
  }
}
