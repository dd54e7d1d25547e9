/// Cuts a clean text into words: the pieces that the first matching of these alternatives cuts off,
/// from left to right: a mark (the start or the end of a text), a contraction, letters, one digit, other
/// characters that are no space.
///
/// OpenAI's expression does not look at capitals, which brings two surprises: `'ſ` is a contraction, as
/// ſ is a small S, and U+0345 is left out, as its capital is a letter and itself none. Hugging Face
/// cuts with a second expression what the first one left, so that marks fall into three words.
struct WordCutter {
  /// What is a word as a whole.
  let marks: TokenFinder
  private let cleaning: Vocabulary.Cleaning
  private let contractions: [[UInt8]]

  /// Looks for the marks of a vocabulary.
  init(_ marks: [Vocabulary.AddedToken], _ cleaning: Vocabulary.Cleaning) {
    self.marks = TokenFinder(marks) { TextCleaning.cleaned($0, cleaning) }
    self.cleaning = cleaning
    let known = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"]
    contractions = (cleaning == .openAI ? known + ["'\u{17F}"] : known).map { Array($0.utf8) }
  }

  /// The places of the words.
  func words(in text: [UInt8]) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var start = 0
    while start < text.count {
      let (first, next) = scalar(of: text, at: start)
      if first == .space {
        start = next
        continue
      }
      var end = next
      if let mark = marks.end(in: text, from: start) {
        end = mark
        if cleaning == .huggingFace {
          words += pieces(of: text, start..<end)
          start = end
          continue
        }
      } else if let contraction = endOfContraction(text, start) {
        end = contraction
      } else if first != .number {
        end = endOfRun(text, of: first, from: next)
      }
      words.append(start..<end)
      start = end
    }
    return words
  }

  /// The runs that a mark consists of.
  private func pieces(of text: [UInt8], _ mark: Range<Int>) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = mark.lowerBound
    while start < mark.upperBound {
      let (kind, next) = scalar(of: text, at: start)
      let end = min(endOfRun(text, of: kind, from: next), mark.upperBound)
      pieces.append(start..<end)
      start = end
    }
    return pieces
  }

  private func endOfRun(_ text: [UInt8], of kind: Kind, from start: Int) -> Int {
    var end = start
    while end < text.count, case let (next, after) = scalar(of: text, at: end), next == kind {
      end = after
    }
    return end
  }

  private func endOfContraction(_ text: [UInt8], _ start: Int) -> Int? {
    guard text[start] == UInt8(ascii: "'") else { return nil }
    return contractions.first { text[start...].starts(with: $0) }.map { start + $0.count }
  }

  private enum Kind { case letter, number, space, other }

  /// What stands at a place of a text in UTF-8, and where the next scalar begins.
  private func scalar(of text: [UInt8], at place: Int) -> (kind: Kind, end: Int) {
    let first = text[place]
    if first < 0x80 { return (Self.plain[Int(first)], place + 1) }
    let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    let rest = text[(place + 1)..<min(place + length, text.count)]
    let code = rest.reduce(UInt32(first) & (0x7F >> UInt32(length))) { $0 << 6 | UInt32($1 & 0x3F) }
    if code == 0x345, cleaning == .openAI { return (.space, place + length) }
    return (Unicode.Scalar(code).map(Self.kind) ?? .other, place + length)
  }

  private static let plain = (UInt8(0)..<128).map { kind(Unicode.Scalar($0)) }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      .letter
    case .decimalNumber, .letterNumber, .otherNumber: .number
    default: scalar.properties.isWhitespace ? .space : .other
    }
  }
}
