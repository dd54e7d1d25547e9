/// Finds tokens that stand in a text as they are: the longest at the first place where one begins.
struct TokenFinder {
  /// By their first byte, longest first.
  private var tokens: [UInt8: [Token]] = [:]

  private struct Token {
    let text: [UInt8]
    let id: Int
    let isWord: Bool
  }

  /// A token, or a stretch of text without one.
  enum Part {
    case token(Int)
    case text(Range<Int>)
  }

  /// Looks for tokens by what `spelling` makes of their texts.
  init(_ added: [Vocabulary.AddedToken], spelling: (String) -> [UInt8]) {
    for token in added {
      let text = spelling(token.text)
      guard let first = text.first else { continue }
      tokens[first, default: []].append(Token(text: text, id: token.id, isWord: token.isWord))
    }
    for first in tokens.keys { tokens[first]?.sort { $0.text.count > $1.text.count } }
  }

  var isEmpty: Bool { tokens.isEmpty }

  /// Where the token that begins at a place ends.
  func end(in text: [UInt8], from place: Int) -> Int? {
    longest(text, place).map { place + $0.text.count }
  }

  /// The token that a word is.
  func token(_ word: ArraySlice<UInt8>) -> Int? {
    word.first.flatMap { tokens[$0]?.first { word.elementsEqual($0.text) }?.id }
  }

  private func longest(_ text: [UInt8], _ place: Int) -> Token? {
    tokens[text[place]]?.first { text[place...].starts(with: $0.text) }
  }

  /// The text cut at its tokens.
  func parts(of text: [UInt8]) -> [Part] {
    guard !isEmpty else { return [.text(text.indices)] }
    var parts: [Part] = []
    var (start, place) = (0, 0)
    while place < text.count {
      guard let token = longest(text, place) else {
        place += 1
        continue
      }
      let found = place..<place + token.text.count
      place = found.upperBound
      // What is rejected is not searched once more for a shorter token.
      if token.isWord, Self.isTouched(found, in: text) { continue }
      if start < found.lowerBound { parts.append(.text(start..<found.lowerBound)) }
      parts.append(.token(token.id))
      start = place
    }
    if start < text.count { parts.append(.text(start..<text.count)) }
    return parts
  }

  /// Whether a part of a word stands before or behind.
  private static func isTouched(_ found: Range<Int>, in text: [UInt8]) -> Bool {
    // The bytes of one scalar are enough.
    let before = String(decoding: text[..<found.lowerBound].suffix(4), as: UTF8.self)
    let after = String(decoding: text[found.upperBound...].prefix(4), as: UTF8.self)
    return before.unicodeScalars.last?.isPartOfWord == true
      || after.unicodeScalars.first?.isPartOfWord == true
  }
}

extension Unicode.Scalar {
  /// What `\w` means: letters, marks, decimal digits, connectors.
  fileprivate var isPartOfWord: Bool {
    if properties.isAlphabetic || properties.isJoinControl { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
      return true
    default: return false
    }
  }
}
