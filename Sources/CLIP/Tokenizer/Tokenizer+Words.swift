/// Cutting a clean text into words.
extension Tokenizer {
  static let startMark = "<|startoftext|>"
  static let endMark = "<|endoftext|>"
  private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]

  /// The pieces that the first matching of these alternatives cuts off, from left to right: a special
  /// mark, a contraction, letters, one digit, marks that are neither.
  package static func words(in text: String) -> [Substring] {
    let scalars = text.unicodeScalars
    var words: [Substring] = []
    var start = scalars.startIndex
    while start < scalars.endIndex {
      if scalars[start].properties.isWhitespace {
        start = scalars.index(after: start)
        continue
      }
      let end = endOfWord(text, from: start)
      words.append(text[start..<end])
      start = end
    }
    return words
  }

  private static func endOfWord(_ text: String, from start: String.Index) -> String.Index {
    let scalars = text.unicodeScalars
    for mark in [startMark, endMark] + contractions {
      if scalars[start...].starts(with: mark.unicodeScalars) {
        return scalars.index(start, offsetBy: mark.unicodeScalars.count)
      }
    }
    let first = kind(scalars[start])
    var end = scalars.index(after: start)
    guard first != .number else { return end }
    while end < scalars.endIndex, kind(scalars[end]) == first { end = scalars.index(after: end) }
    return end
  }

  private enum Kind { case letter, number, space, other }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      .letter
    case .decimalNumber, .letterNumber, .otherNumber: .number
    default: scalar.properties.isWhitespace ? .space : .other
    }
  }
}
