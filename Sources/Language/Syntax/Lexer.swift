/// Text to tokens.
///
/// The lexer knows nothing of statements: it notes for each token whether it is the first on its
/// line, and the parser decides which line breaks count. Strings with `\(…)` are the one place that
/// nests: a piece of the string is a token, the tokens of the expression follow, and the
/// parenthesis that closes it takes up the string again. `openStrings` remembers where.
///
/// It never stops: what is no token is reported and becomes an `invalid` one, so that the parser
/// can go on and report more.
struct Lexer {
  let file: SourceFile
  var position = 0
  var tokens: [Token] = []
  /// The texts of strings and of their pieces; the first stands in for one that never ends.
  var texts = [""]
  var facts: [Located<SyntaxFact>] = []
  /// The `##` comments, each with the line breaks that follow it.
  var docs: [DocComment] = []
  var openStrings: [OpenString] = []
  private var sawLineBreak = true
  private var pendingDoc: Int?

  struct DocComment {
    var text: String
    var span: Span
    /// Whether an empty line separates it from what follows.
    var standsAlone = false
  }

  init(_ file: SourceFile) { self.file = file }

  /// All tokens, ending with `.end`.
  mutating func run() {
    if file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    while true {
      skipBlanks()
      guard position < file.bytes.count else { break }
      next()
    }
    if let open = openStrings.first {
      report(open.isText ? .unterminatedText : .unterminatedString, from: open.start)
    }
    emit(.end, from: position)
  }

  var byte: UInt8 { peek(0) }

  func peek(_ distance: Int) -> UInt8 {
    let index = position + distance
    return index < file.bytes.count ? file.bytes[index] : 0
  }

  /// Whether these bytes come next.
  func starts(_ bytes: [UInt8]) -> Bool {
    guard position + bytes.count <= file.bytes.count else { return false }
    for index in bytes.indices where file.bytes[position + index] != bytes[index] { return false }
    return true
  }

  mutating func emit(_ kind: Token.Kind, from start: Int) {
    tokens.append(
      Token(
        kind: kind, span: Span(start..<position), isFirstOnLine: sawLineBreak, doc: pendingDoc))
    sawLineBreak = false
    pendingDoc = nil
  }

  mutating func report(_ fact: SyntaxFact, from start: Int, to end: Int? = nil) {
    facts.append(Located(fact, Span(start..<(end ?? position))))
  }

  /// The Unicode scalar at the position and its length; U+FFFD cannot occur broken, the text was a
  /// `String`.
  func scalar() -> (Unicode.Scalar, length: Int) {
    var decoder = UTF8()
    var bytes = file.bytes[position...].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return ("\u{FFFD}", 1) }
    return (scalar, UTF8.width(scalar))
  }

  private mutating func next() {
    let start = position
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case UInt8(ascii: "\""): string()
    case UInt8(ascii: "'"): singleQuoted()
    case 0x80...: word()
    case _ where Self.isWordByte(byte): word()
    default:
      if !mark() {
        let (scalar, length) = scalar()
        position += length
        reportStray(scalar, from: start)
      }
    }
  }

  private mutating func skipBlanks() {
    while position < file.bytes.count {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
      case UInt8(ascii: "\n"):
        position += 1
        lineBreak()
      case UInt8(ascii: "#"): comment()
      default: return
      }
    }
  }

  private mutating func lineBreak() {
    sawLineBreak = true
    if let open = openStrings.last, !open.isText {
      report(.lineBreakInInterpolation, from: open.start, to: position - 1)
      openStrings.removeAll()
    }
    if let doc = pendingDoc, isBlankLine(at: position) { docs[doc].standsAlone = true }
  }

  private func isBlankLine(at start: Int) -> Bool {
    var index = start
    while index < file.bytes.count {
      switch file.bytes[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
      case UInt8(ascii: "\n"): return true
      default: return false
      }
    }
    return true
  }

  private mutating func comment() {
    let start = position
    while position < file.bytes.count, byte != UInt8(ascii: "\n") { position += 1 }
    var line = file.bytes[start..<position]
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    guard line.starts(with: "##".utf8), !line.starts(with: "###".utf8) else { return }
    line.removeFirst(2)
    if line.first == UInt8(ascii: " ") { line.removeFirst() }
    document(String(decoding: line, as: UTF8.self), Span(start..<position))
  }

  private mutating func document(_ line: String, _ span: Span) {
    if let doc = pendingDoc, !docs[doc].standsAlone {
      docs[doc].text += "\n" + line
      docs[doc].span = docs[doc].span.joined(to: span)
    } else {
      docs.append(DocComment(text: line, span: span))
      pendingDoc = docs.count - 1
    }
  }
}
