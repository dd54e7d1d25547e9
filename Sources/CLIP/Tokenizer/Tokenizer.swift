/// CLIP's byte-pair encoding.
///
/// A text is cleaned (white space folded, lower case), cut into words (letters, single digits, runs of
/// other marks), each word's UTF-8 bytes become characters of the ``ByteAlphabet``, the last one with
/// the mark `</w>`, and neighbouring symbols are joined in the order in which the vocabulary's merges
/// were learned. Ids: the 256 bytes, the same at the end of a word, one for each merge, then the start
/// and end of a text. The end of text has the largest id, which is how the encoder finds it.
package final class Tokenizer {
  /// The merges in order, which is all a vocabulary consists of.
  package let merges: [Merge]
  package let startOfText: Int
  package let endOfText: Int
  private let ids: [String: Int]
  private let ranks: [Merge: Int]
  private var known: [String: [Int]] = [:]

  /// Two symbols that are joined into one.
  package struct Merge: Hashable, Sendable {
    package let left: String
    package let right: String

    package init(_ left: String, _ right: String) {
      self.left = left
      self.right = right
    }
  }

  package init(merges: [Merge]) {
    self.merges = merges
    let alphabet = ByteAlphabet.characters.map(String.init)
    let symbols = alphabet + alphabet.map { $0 + Self.wordEnd } + merges.map { $0.left + $0.right }
    ids = Dictionary(zip(symbols, symbols.indices), uniquingKeysWith: { first, _ in first })
    ranks = Dictionary(zip(merges, merges.indices), uniquingKeysWith: { first, _ in first })
    startOfText = symbols.count
    endOfText = symbols.count + 1
  }

  /// Reads CLIP's file format: one header line, then one merge a line, of which `limit` count. The
  /// file of the released models holds five times as many lines as those use.
  package convenience init(vocabulary text: String, limit: Int = .max) throws(CLIPError) {
    var merges: [Merge] = []
    for (number, line) in text.split(whereSeparator: \.isNewline).enumerated().dropFirst() {
      if merges.count >= limit { break }
      let parts = line.split(separator: " ")
      guard parts.count == 2 else {
        throw .vocabulary("line \(number + 1) is not two symbols: `\(line.prefix(40))`")
      }
      merges.append(Merge(String(parts[0]), String(parts[1])))
    }
    self.init(merges: merges)
  }

  /// The file that ``init(vocabulary:)`` reads.
  package var vocabulary: String {
    "#version: 0.2\n" + merges.map { "\($0.left) \($0.right)\n" }.joined()
  }

  /// How many ids there are.
  package var count: Int { endOfText + 1 }

  static let wordEnd = "</w>"

  /// The ids of a text, without its ends.
  package func encode(_ text: String) -> [Int] {
    Self.words(in: Self.cleaned(text)).flatMap(encode(word:))
  }

  private func encode(word: Substring) -> [Int] {
    let word = String(word)
    if let found = known[word] { return found }
    if word == Self.startMark { return [startOfText] }
    if word == Self.endMark { return [endOfText] }
    var symbols = word.utf8.map { String(ByteAlphabet.byByte[Int($0)]) }
    symbols[symbols.count - 1] += Self.wordEnd
    let result = joined(symbols).compactMap { ids[$0] }
    if known.count < 1 << 16 { known[word] = result }
    return result
  }

  /// Joins the pair of lowest rank, everywhere, until no pair has a rank.
  private func joined(_ symbols: [String]) -> [String] {
    var symbols = symbols
    while symbols.count > 1 {
      let pairs = zip(symbols, symbols.dropFirst()).map { Merge($0, $1) }
      guard let best = pairs.min(by: { rank($0) < rank($1) }), ranks[best] != nil else { break }
      symbols = Self.joining(best, in: symbols)
    }
    return symbols
  }

  private func rank(_ merge: Merge) -> Int { ranks[merge] ?? .max }

  /// Joins all occurrences of a pair, from left to right.
  static func joining(_ merge: Merge, in symbols: [String]) -> [String] {
    var result: [String] = []
    var place = 0
    while place < symbols.count {
      if place + 1 < symbols.count, symbols[place] == merge.left, symbols[place + 1] == merge.right
      {
        result.append(merge.left + merge.right)
        place += 2
      } else {
        result.append(symbols[place])
        place += 1
      }
    }
    return result
  }
}
