/// The opcodes of protocols 0 and 1, which write numbers and texts as lines.
extension PickleMachine {
  mutating func early(_ opcode: UInt8) throws(Fault) -> Bool {
    switch opcode {
    case UInt8(ascii: "I"):
      let text = try line()
      switch text {
      case "00": try push(.bool(false))
      case "01": try push(.bool(true))
      default: try push(.int(try number(text)))
      }
    case UInt8(ascii: "L"):
      let text = try line()
      try push(.int(try number(text.hasSuffix("L") ? String(text.dropLast()) : text)))
    case UInt8(ascii: "F"):
      _ = try line()
      try push(.opaque)
    case UInt8(ascii: "V"): try pushText(try rawUnicode(try line()))
    case UInt8(ascii: "S"): try pushText(try quoted(try line()))
    case UInt8(ascii: "l"): try push(.list(try sequence(try popMark())))
    case UInt8(ascii: "d"):
      let entries = try popMark()
      guard entries.count.isMultiple(of: 2) else { throw wrong("a name without a value") }
      let map = try map()
      try set(entries, in: map)
      try push(.map(map))
    case UInt8(ascii: "p"): try put(at: try number(try line()))
    case UInt8(ascii: "g"): try get(from: try number(try line()))
    default: return false
    }
    return true
  }

  private func number(_ text: String) throws(Fault) -> Int {
    guard let number = Int(text) else { throw wrong("a line that is no number") }
    return number
  }

  /// A text in quotes without escapes, which paths and names of classes need not have.
  private func quoted(_ line: String) throws(Fault) -> [UInt8] {
    let bytes = Array(line.utf8)
    guard bytes.count >= 2, bytes.first == bytes.last,
      bytes[0] == UInt8(ascii: "'") || bytes[0] == UInt8(ascii: "\"")
    else { throw wrong("a text without quotes") }
    guard !bytes.contains(UInt8(ascii: "\\")) else {
      throw .unsupported("a text with escapes in its pickle")
    }
    return Array(bytes.dropFirst().dropLast())
  }

  /// A text in which `\uXXXX` and `\UXXXXXXXX` stand for characters.
  private func rawUnicode(_ line: String) throws(Fault) -> [UInt8] {
    guard line.utf8.contains(UInt8(ascii: "\\")) else { return Array(line.utf8) }
    var result = ""
    var rest = Substring(line)
    while let slash = rest.firstIndex(of: "\\") {
      result += rest[..<slash]
      let behind = rest[slash...].dropFirst()
      let length = behind.first == "u" ? 4 : behind.first == "U" ? 8 : 0
      let digits = behind.dropFirst().prefix(length)
      guard length > 0, digits.count == length, let code = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(code)
      else { throw wrong("an unknown escape") }
      result.unicodeScalars.append(scalar)
      rest = behind.dropFirst(1 + length)
    }
    return Array((result + rest).utf8)
  }
}
