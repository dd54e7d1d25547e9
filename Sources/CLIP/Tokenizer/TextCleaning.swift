// The normal form C that the standard library computes with; it has no other door to it, and this
// target does without Foundation.
@_spi(_Unicode) internal import Swift

/// What is done to a text before it is cut into words. (White space is not folded: cutting does not
/// see how much of it there is.)
///
/// OpenAI's way is
///
///     repair each line (ftfy), resolve HTML references twice, lower case
///
/// where the repair is the deterministic part of ftfy 6, not its guesses about wrongly decoded text:
/// HTML references, terminal colours, ligatures, full-width forms, curly quotes, line ends, control
/// characters and the normal form C, again and again until nothing changes. Hugging Face's way is the
/// normal form C and lower case, where the final sigma is as any other.
enum TextCleaning {
  /// The clean text in UTF-8.
  static func cleaned(_ text: String, _ cleaning: Vocabulary.Cleaning) -> [UInt8] {
    var bytes = Array(text.utf8)
    // Nothing of what follows touches such a text, but for the capitals.
    let isPlain = bytes.allSatisfy { $0 < 127 && $0 >= 32 && $0 != UInt8(ascii: "&") }
    if isPlain, cleaning == .openAI || !hasRun(bytes) {
      for place in bytes.indices
      where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[place]) {
        bytes[place] |= 0x20
      }
      return bytes
    }
    switch cleaning {
    case .openAI: return Array(lowercased(unescaped(unescaped(repaired(text)))).utf8)
    case .huggingFace: return Array(lowercasedEach(folded(normalized(text.unicodeScalars))).utf8)
    }
  }

  private static func hasRun(_ text: [UInt8]) -> Bool {
    zip(text, text.dropFirst()).contains { $0 == 32 && $1 == 32 }
  }

  /// Each run of white space as one space: an added token may contain one.
  private static func folded(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard scalar.properties.isWhitespace else {
        result.append(scalar)
        continue
      }
      if result.last != " " { result.append(" ") }
    }
    return String(result)
  }

  // MARK: - Repair

  /// Rounds of repair, more than any text needs that nobody has nested on purpose.
  private static let rounds = 32

  private static func repaired(_ text: String) -> String {
    var resolves = true
    var result = ""
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      // Mark-up is left as it is, from its first line on.
      if line.contains("<") { resolves = false }
      if !result.isEmpty { result += "\n" }
      result += repaired(line: String(line), resolves: resolves)
    }
    return result
  }

  private static func repaired(line: String, resolves: Bool) -> String {
    var line = line
    for _ in 0..<rounds {
      var scalars: [Unicode.Scalar] = []
      for scalar in (resolves ? withReferences(line) : line).unicodeScalars {
        append(scalar, to: &scalars)
      }
      let next = normalized(withoutControls(withoutColours(scalars)))
      // By their bytes: strings of one normal form are equal, whatever they are made of.
      if next.utf8.elementsEqual(line.utf8) { break }
      line = next
    }
    return line
  }

  private static func normalized(_ scalars: some Collection<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    var result = String.UnicodeScalarView()
    result.append(contentsOf: String(text)._nfc)
    return String(result)
  }

  /// References that end in a semicolon, with at most 24 letters and digits.
  private static func withReferences(_ text: String) -> String {
    replacingReferences(text) { body, hasSemicolon in
      guard hasSemicolon, body.utf8.count <= 25 else { return nil }
      if body.first == "#" {
        // A semicolon that ends nothing yet could end another reference in the next round.
        let text = numbered(body.dropFirst())
        return text == ";" ? nil : text
      }
      if let text = HTMLEntities.texts[body] { return text }
      // ftfy knows names in capitals where HTML does not.
      let small = body.lowercased()
      guard body == small.uppercased() else { return nil }
      return HTMLEntities.texts[small[...]]?.uppercased()
    }
  }

  /// Without the sequences ESC [ numbers letter; the digits may be those of any script.
  private static func withoutColours(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    guard scalars.contains("\u{1B}") else { return scalars }
    var result: [Unicode.Scalar] = []
    var place = 0
    while place < scalars.count {
      if scalars[place] == "\u{1B}", place + 1 < scalars.count, scalars[place + 1] == "[" {
        var end = place + 2
        while end < scalars.count, scalars[end] == ";" || scalars[end].isDigit { end += 1 }
        if end < scalars.count, scalars[end].properties.isAlphabetic, scalars[end].isASCII {
          place = end + 1
          continue
        }
      }
      result.append(scalars[place])
      place += 1
    }
    return result
  }

  private static func withoutControls(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    scalars.filter { scalar in
      switch scalar.value {
      case 0x00...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFC: false
      default: true
      }
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout [Unicode.Scalar]) {
    switch scalar.value {
    case 0x20...0x7E: result.append(scalar)
    case 0x0A, 0x0D, 0x2028, 0x2029: result.append("\n")
    case 0x02BC, 0x2018...0x201B: result.append("'")
    case 0x201C...0x201F: result.append("\"")
    case 0x3000: result.append(" ")
    default:
      if let others = TextForms.replacements[scalar] {
        result.append(contentsOf: others.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
  }

  // MARK: - HTML

  /// As browsers do: names of the old standard need no semicolon.
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    return replacingReferences(text) { body, hasSemicolon in
      if body.first == "#" { return numbered(body.dropFirst()) }
      if hasSemicolon, let text = HTMLEntities.texts[body] { return text }
      // By scalars: an accent may follow the name.
      let scalars = body.unicodeScalars
      for length in stride(from: scalars.count, to: 1, by: -1) {
        let name = Substring(scalars.prefix(length))
        if HTMLEntities.withoutSemicolon.contains(name), let text = HTMLEntities.texts[name] {
          return text + String(scalars.dropFirst(length)) + (hasSemicolon ? ";" : "")
        }
      }
      return nil
    }
  }

  /// Replaces "&body" or "&body;" by what `text` makes of it; nil leaves it alone.
  private static func replacingReferences(
    _ text: String, by replacement: (_ body: Substring, _ hasSemicolon: Bool) -> String?
  ) -> String {
    let source = text.unicodeScalars
    var result = String.UnicodeScalarView()
    var place = source.startIndex
    while place < source.endIndex {
      let after = source.index(after: place)
      if source[place] == "&" {
        let end = endOfReference(source, after)
        let hasSemicolon = end < source.endIndex && source[end] == ";"
        if end > after, let new = replacement(text[after..<end], hasSemicolon) {
          result.append(contentsOf: new.unicodeScalars)
          place = hasSemicolon ? source.index(after: end) : end
          continue
        }
      }
      result.append(source[place])
      place = after
    }
    return String(result)
  }

  /// The end of a reference's body: "#" and digits, "#x" and hexadecimal digits, or letters.
  private static func endOfReference(
    _ source: String.UnicodeScalarView, _ start: String.UnicodeScalarView.Index
  ) -> String.UnicodeScalarView.Index {
    var end = start
    var length = 0
    let isNumber = start < source.endIndex && source[start] == "#"
    var isHexadecimal = false
    while end < source.endIndex, isNumber || length < 32 {
      let scalar = source[end]
      if isNumber {
        if length == 1, scalar == "x" || scalar == "X" {
          isHexadecimal = true
        } else if length > 0 {
          guard scalar.isASCII, let digit = Character(scalar).hexDigitValue,
            isHexadecimal || digit < 10
          else { break }
        }
      } else if scalar.isBreak {
        break
      }
      end = source.index(after: end)
      length += 1
    }
    // "#" or "#x" alone is no number.
    return isNumber && length < (isHexadecimal ? 3 : 2) ? start : end
  }

  /// The character of a number, "233" or "xE9", with the exceptions of HTML.
  private static func numbered(_ digits: Substring) -> String {
    let isHexadecimal = digits.first == "x" || digits.first == "X"
    let number = UInt32(isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10)
    guard let code = number, code != 0, let scalar = Unicode.Scalar(code) else { return "\u{FFFD}" }
    switch code {
    case 0x80...0x9F: return TextForms.windows[Int(code - 0x80)]
    case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0xFDD0...0xFDEF: return ""
    default: return code & 0xFFFE == 0xFFFE ? "" : String(scalar)
    }
  }

  // MARK: - Lower case

  /// Each scalar by itself.
  private static func lowercasedEach(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
    return String(result)
  }

  /// Each scalar by itself, but for a capital sigma at the end of a word.
  private static func lowercased(_ text: String) -> String {
    guard text.unicodeScalars.contains("\u{3A3}") else { return lowercasedEach(text) }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (place, scalar) in scalars.enumerated() {
      if scalar == "\u{3A3}", isFinal(place, scalars) {
        result.append("\u{3C2}")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return String(result)
  }

  /// Whether a letter stands before, and none after, marks and the like aside.
  private static func isFinal(_ place: Int, _ scalars: [Unicode.Scalar]) -> Bool {
    let before = scalars[..<place].last { !$0.properties.isCaseIgnorable }
    let after = scalars[(place + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && after?.properties.isCased != true
  }
}

extension Unicode.Scalar {
  /// A decimal digit of any script.
  fileprivate var isDigit: Bool { properties.generalCategory == .decimalNumber }

  /// Ends the name of a reference.
  fileprivate var isBreak: Bool {
    switch self {
    case "\t", "\n", "\u{0C}", " ", "<", "&", "#", ";": true
    default: false
    }
  }
}
