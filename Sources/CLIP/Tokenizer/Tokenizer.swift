/// CLIP's byte-pair encoding.
///
/// A text is cleaned (``TextCleaning``), cut into words (letters, single digits, runs of other marks),
/// each word's UTF-8 bytes become characters of the ``ByteAlphabet``, the last one with the mark
/// `</w>`, and neighbouring symbols are joined in the order in which the vocabulary's merges were
/// learned. Ids: the 256 bytes, the same at the end of a word, one for each merge, then the start and
/// end of a text. The end of text has the largest id, which is how the encoder finds it.
package final class Tokenizer {
  /// The merges in order, which is all a vocabulary consists of.
  package let merges: [Merge]
  package let startOfText: Int
  package let endOfText: Int
  /// The symbol of each id but the last two.
  private let symbols: [String]
  private let joins: [Pair: Join]
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

  /// The ids of neighbours.
  private struct Pair: Hashable {
    let left: Int
    let right: Int
  }

  /// When a pair is joined, and into which id.
  private struct Join {
    let rank: Int
    let id: Int
  }

  package init(merges: [Merge]) {
    self.merges = merges
    let alphabet = ByteAlphabet.characters.map(String.init)
    symbols = alphabet + alphabet.map { $0 + Self.wordEnd } + merges.map { $0.left + $0.right }
    let ids = Dictionary(zip(symbols, symbols.indices), uniquingKeysWith: { first, _ in first })
    var joins: [Pair: Join] = [:]
    for (rank, merge) in merges.enumerated() {
      guard let left = ids[merge.left], let right = ids[merge.right],
        let joined = ids[merge.left + merge.right]
      else { continue }
      let pair = Pair(left: left, right: right)
      if joins[pair] == nil { joins[pair] = Join(rank: rank, id: joined) }
    }
    self.joins = joins
    startOfText = symbols.count
    endOfText = symbols.count + 1
  }

  /// Reads CLIP's file format: one header line, then one merge a line, of which `limit` count. The
  /// file of the released models holds five times as many lines as those use.
  package convenience init(vocabulary text: String, limit: Int = .max) throws(CLIPError) {
    var merges: [Merge] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      if merges.count >= limit { break }
      let parts = line.split(separator: " ")
      guard parts.count == 2, parts.allSatisfy(Self.isSymbol) else {
        throw .vocabulary("line \(number + 1) is not two symbols: `\(line.prefix(40))`")
      }
      merges.append(Merge(String(parts[0]), String(parts[1])))
    }
    self.init(merges: merges)
  }

  /// Whether a symbol consists of characters of the byte alphabet, perhaps at the end of a word.
  private static func isSymbol(_ text: Substring) -> Bool {
    let letters = text.hasSuffix(wordEnd) ? text.dropLast(wordEnd.count) : text
    return !letters.isEmpty && letters.allSatisfy { ByteAlphabet.bytes[$0] != nil }
  }

  /// The file that ``init(vocabulary:limit:)`` reads.
  package var vocabulary: String {
    "#version: 0.2\n" + merges.map { "\($0.left) \($0.right)\n" }.joined()
  }

  /// How many ids there are.
  package var count: Int { endOfText + 1 }

  static let wordEnd = "</w>"

  /// The ids of a text, without its ends.
  package func encode(_ text: String) -> [Int] {
    Self.words(in: TextCleaning.cleaned(text)).flatMap(encode(word:))
  }

  /// The text of ids: words with a space after each. Bytes that are no UTF-8 become U+FFFD.
  ///
  /// Throws ``CLIPError/tokens(_:)`` for an id outside the vocabulary.
  package func decode(_ ids: [Int]) throws(CLIPError) -> String {
    try check(ids)
    var bytes: [UInt8] = []
    for id in ids {
      let symbol =
        id == startOfText ? Self.startMark : id == endOfText ? Self.endMark : symbols[id]
      bytes += symbol.compactMap { ByteAlphabet.bytes[$0] }
    }
    // Among bytes: in a text, an accent that begins the next word would belong to the mark.
    return String(decoding: bytes.replacing(Array(Self.wordEnd.utf8), with: [32]), as: UTF8.self)
  }

  /// Throws ``CLIPError/tokens(_:)`` for an id outside the vocabulary.
  func check(_ ids: [Int]) throws(CLIPError) {
    if let wrong = ids.first(where: { $0 < 0 || $0 >= count }) {
      throw .tokens("id \(wrong) is outside the vocabulary of \(count)")
    }
  }

  private func encode(word: Substring) -> [Int] {
    let word = String(word)
    if let found = known[word] { return found }
    if word == Self.startMark { return [startOfText] }
    if word == Self.endMark { return [endOfText] }
    var symbols = word.utf8.map { ByteAlphabet.ids[Int($0)] }
    symbols[symbols.count - 1] += 256
    let result = joined(symbols)
    // Long words are rare, and could fill the memory.
    if known.count < 1 << 16, result.count < 64 { known[word] = result }
    return result
  }

  /// Joins the pair of lowest rank, everywhere, until no pair has a rank.
  private func joined(_ symbols: [Int]) -> [Int] {
    var symbols = symbols
    while symbols.count > 1 {
      var best: (pair: Pair, join: Join)?
      for place in 1..<symbols.count {
        let pair = Pair(left: symbols[place - 1], right: symbols[place])
        if let join = joins[pair], join.rank < best?.join.rank ?? .max { best = (pair, join) }
      }
      guard let best else { break }
      symbols = Self.joining(best.pair.left, best.pair.right, to: best.join.id, in: symbols)
    }
    return symbols
  }

  /// Joins all occurrences of a pair, from left to right.
  static func joining<Symbol: Equatable>(
    _ left: Symbol, _ right: Symbol, to joined: Symbol, in symbols: [Symbol]
  ) -> [Symbol] {
    var result: [Symbol] = []
    result.reserveCapacity(symbols.count)
    var place = 0
    while place < symbols.count {
      if place + 1 < symbols.count, symbols[place] == left, symbols[place + 1] == right {
        result.append(joined)
        place += 2
      } else {
        result.append(symbols[place])
        place += 1
      }
    }
    return result
  }
}
