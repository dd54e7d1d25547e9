/// Strings: `"one line"` and `"""` texts of several lines, with escapes and `\(expression)`.
///
/// A text begins on the line after its opening quotes and ends on the line before its closing ones;
/// the indentation of the closing quotes is taken off every line. That indentation is known only at
/// the end, so pieces are kept as lines, and the tokens of a text are filled in when it closes.
extension Lexer {
  /// A string that is being read, or that waits for the end of an interpolation.
  struct OpenString {
    let start: Int
    let isText: Bool
    /// Open parentheses inside the interpolation.
    var parentheses = 0
    var pieces: [(token: Int, lines: [Line])] = []
  }

  /// A line of a piece: how many blanks of the source it starts with, and all its bytes.
  struct Line {
    var blanks = 0
    var bytes: [UInt8] = []
  }

  private var startsText: Bool {
    let quote = UInt8(ascii: "\"")
    return byte == quote && peek(1) == quote && peek(2) == quote
  }

  mutating func string() {
    let start = position
    let isText = startsText
    position += isText ? 3 : 1
    if isText { skipOpeningLine() }
    continueString(OpenString(start: start, isText: isText), from: start)
  }

  private mutating func skipOpeningLine() {
    var index = position
    while index < file.bytes.count, [0x20, 0x09, 0x0D].contains(file.bytes[index]) { index += 1 }
    if index < file.bytes.count, file.bytes[index] == UInt8(ascii: "\n") { position = index + 1 }
  }

  /// Reads on until the string ends or an interpolation opens.
  mutating func continueString(_ open: consuming OpenString, from start: Int) {
    var lines = [Line()]
    var isAtLineStart = open.pieces.isEmpty
    while position < file.bytes.count {
      let last = lines.count - 1
      switch byte {
      case UInt8(ascii: "\"") where !open.isText || startsText:
        position += open.isText ? 3 : 1
        return finish(&open, lines, from: start)
      case UInt8(ascii: "\n") where !open.isText:
        report(.unterminatedString, from: open.start)
        return finish(&open, lines, from: start)
      case UInt8(ascii: "\r") where open.isText && peek(1) == UInt8(ascii: "\n"):
        position += 1
        continue
      case UInt8(ascii: "\n"):
        lines.append(Line())
        isAtLineStart = true
        position += 1
        continue
      case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "("):
        position += 2
        open.pieces.append((tokens.count, lines))
        emit(.stringHead(0), from: start)
        open.parentheses = 0
        openStrings.append(open)
        return
      case UInt8(ascii: "\\"):
        isAtLineStart = false
        escape(into: &lines[last].bytes)
        continue
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        if isAtLineStart { lines[last].blanks += 1 }
      default: isAtLineStart = false
      }
      lines[last].bytes.append(byte)
      position += 1
    }
    report(open.isText ? .unterminatedText : .unterminatedString, from: open.start)
    finish(&open, lines, from: start)
  }

  private mutating func finish(_ open: inout OpenString, _ lines: [Line], from start: Int) {
    open.pieces.append((tokens.count, lines))
    emit(.string(0), from: start)
    var indentation = 0
    if open.isText, lines.count > 1 || open.pieces.count == 1,
      let closing = lines.last, closing.blanks == closing.bytes.count
    {
      indentation = closing.blanks
      open.pieces[open.pieces.count - 1].lines.removeLast()
    }
    for (index, piece) in open.pieces.enumerated() {
      let text = Self.text(piece.lines, without: indentation, startsLine: index == 0)
      let isLast = index == open.pieces.count - 1
      tokens[piece.token].kind = isLast ? .string(texts.count) : .stringHead(texts.count)
      texts.append(text)
    }
  }

  /// The text of a piece; the first line of a piece behind an interpolation is not a line's start.
  private static func text(
    _ lines: [Line], without indentation: Int, startsLine: Bool
  ) -> String {
    var bytes: [UInt8] = []
    for (index, line) in lines.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: "\n")) }
      let isStart = index > 0 || startsLine
      bytes.append(contentsOf: line.bytes.dropFirst(isStart ? min(indentation, line.blanks) : 0))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func escape(into bytes: inout [UInt8]) {
    let start = position
    position += 1
    guard position < file.bytes.count else { return }
    let (character, length) = scalar()
    position += length
    switch character {
    case "n": bytes.append(UInt8(ascii: "\n"))
    case "t": bytes.append(UInt8(ascii: "\t"))
    case "r": bytes.append(UInt8(ascii: "\r"))
    case "0": bytes.append(0)
    case "\"", "\\": bytes.append(UInt8(truncatingIfNeeded: character.value))
    case "u": codePoint(from: start, into: &bytes)
    case "\n":
      position -= 1
      report(.unknownEscape("\n"), from: start)
    default: report(.unknownEscape(Character(character)), from: start)
    }
  }

  /// `\u{1F600}`
  private mutating func codePoint(from start: Int, into bytes: inout [UInt8]) {
    var digits = ""
    if byte == UInt8(ascii: "{") {
      position += 1
      while position < file.bytes.count, Character(Unicode.Scalar(byte)).isHexDigit {
        digits.append(Character(Unicode.Scalar(byte)))
        position += 1
      }
    }
    guard byte == UInt8(ascii: "}"), let value = UInt32(digits, radix: 16),
      let scalar = Unicode.Scalar(value)
    else { return report(.invalidCodePoint(String(digits.prefix(12))), from: start) }
    position += 1
    bytes.append(contentsOf: Array(String(Character(scalar)).utf8))
  }

  /// `'text'`: passed over as one wrong string, so that what follows is still understood.
  mutating func singleQuoted() {
    let start = position
    position += 1
    while position < file.bytes.count, byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\n") {
      position += byte == UInt8(ascii: "\\") && peek(1) != UInt8(ascii: "\n") ? 2 : 1
    }
    position = min(position, file.bytes.count)
    if byte == UInt8(ascii: "'"), position < file.bytes.count { position += 1 }
    report(.singleQuotes, from: start)
    emit(.invalid, from: start)
  }
}
