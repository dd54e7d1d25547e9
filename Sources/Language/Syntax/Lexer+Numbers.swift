extension Lexer {
  // 12  1_000  0xFF  0b1010  1.5  2e-3. A dot counts only before a digit, so that 1...3 is a range.
  mutating func number() {
    let start = position
    if byte == UInt8(ascii: "0"), let radix = Self.radix(of: peek(1)) {
      position += 2
      return integer(radix: radix, from: start)
    }
    skipDigits()
    var isFloat = false
    if byte == UInt8(ascii: "."), Self.isDigit(peek(1)) {
      isFloat = true
      position += 1
      skipDigits()
    }
    if byte | 0x20 == UInt8(ascii: "e") {
      let sign = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
      if Self.isDigit(peek(1 + sign)) {
        isFloat = true
        position += 1 + sign
        skipDigits()
      }
    }
    if rejectSuffix(from: start) { return }
    let digits = file.bytes[start..<position].filter { $0 != UInt8(ascii: "_") }
    if file.bytes[position - 1] == UInt8(ascii: "_") {
      report(.malformedNumber(text(from: start)), from: start)
      return emit(.invalid, from: start)
    }
    isFloat ? float(digits, from: start) : decimal(digits, from: start)
  }

  private static func radix(of letter: UInt8) -> Int? {
    switch letter {
    case UInt8(ascii: "x"): 16
    case UInt8(ascii: "b"): 2
    case UInt8(ascii: "o"): 8
    default: nil
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private mutating func skipDigits() {
    while Self.isDigit(byte) || byte == UInt8(ascii: "_") { position += 1 }
  }

  private func text(from start: Int) -> String {
    String(decoding: file.bytes[start..<position].prefix(40), as: UTF8.self)
  }

  /// Letters that follow a number at once, as in `2x` or `0b12`, make one wrong token.
  private mutating func rejectSuffix(from start: Int) -> Bool {
    var isSuffixed = false
    while position < file.bytes.count {
      let (next, length) = scalar()
      guard next == "_" || next.properties.isXIDContinue else { break }
      isSuffixed = true
      position += length
    }
    if isSuffixed {
      report(.malformedNumber(text(from: start)), from: start)
      emit(.invalid, from: start)
    }
    return isSuffixed
  }

  private mutating func integer(radix: Int, from start: Int) {
    let first = position
    while position < file.bytes.count {
      let isHexLetter = radix == 16 && (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
      let isDigit =
        Self.isDigit(byte) && Int(byte - UInt8(ascii: "0")) < min(radix, 10) || isHexLetter
      guard isDigit || byte == UInt8(ascii: "_") else { break }
      position += 1
    }
    if rejectSuffix(from: start) { return }
    let digits = file.bytes[first..<position].filter { $0 != UInt8(ascii: "_") }
    guard !digits.isEmpty else {
      report(.malformedNumber(text(from: start)), from: start)
      return emit(.invalid, from: start)
    }
    guard let value = Int(String(decoding: digits, as: UTF8.self), radix: radix) else {
      report(.integerTooLarge, from: start)
      return emit(.invalid, from: start)
    }
    emit(.int(value), from: start)
  }

  private mutating func decimal(_ digits: [UInt8], from start: Int) {
    if digits.count <= 20, let magnitude = UInt64(String(decoding: digits, as: UTF8.self)) {
      if let value = Int(exactly: magnitude) { return emit(.int(value), from: start) }
      if magnitude == 1 << 63 { return emit(.intMinimumMagnitude, from: start) }
    }
    let significant = digits.drop { $0 == UInt8(ascii: "0") }
    if significant.count <= 18, let value = Int(String(decoding: significant, as: UTF8.self)) {
      return emit(.int(value), from: start)
    }
    report(.integerTooLarge, from: start)
    emit(.invalid, from: start)
  }

  private mutating func float(_ digits: [UInt8], from start: Int) {
    guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else {
      report(.floatTooLarge, from: start)
      return emit(.invalid, from: start)
    }
    emit(.float(value), from: start)
  }
}
