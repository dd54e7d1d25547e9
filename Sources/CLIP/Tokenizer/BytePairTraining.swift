extension Tokenizer {
  /// Learns a vocabulary from texts.
  ///
  /// Each distinct word counts with the square root of its frequency, so that rare words become single
  /// tokens, too. The pair of neighbouring symbols with the largest weight (rounded to six decimals; on
  /// a tie the smaller pair in code-point order) is joined, until no pair is left or there are `limit`
  /// merges.
  package static func trained(on texts: [String], limit: Int) throws(CLIPError) -> Tokenizer {
    var merges: [Merge] = []
    var entries = entries(texts)
    while merges.count < limit, let best = heaviestPair(entries) {
      merges.append(best)
      for index in entries.indices where entries[index].symbols.count > 1 {
        entries[index].symbols = joining(best, in: entries[index].symbols)
      }
    }
    return try Tokenizer(
      merges: "#version: 0.2\n" + merges.map { "\($0.left) \($0.right)\n" }.joined())
  }

  /// Two symbols that are joined into one.
  private struct Merge: Hashable {
    let left: String
    let right: String

    /// Code-point order, left symbol first.
    func precedes(_ other: Self) -> Bool {
      if left != other.left {
        return left.unicodeScalars.lexicographicallyPrecedes(other.left.unicodeScalars)
      }
      return right.unicodeScalars.lexicographicallyPrecedes(other.right.unicodeScalars)
    }
  }

  private static func entries(_ texts: [String]) -> [(symbols: [String], weight: Double)] {
    let marks = [Vocabulary.startMark, Vocabulary.endMark].map { Vocabulary.AddedToken($0, 0) }
    let cutter = WordCutter(marks, .openAI)
    var counts: [String: Int] = [:]
    for text in texts {
      let clean = TextCleaning.cleaned(text, .openAI)
      for word in cutter.words(in: clean) {
        counts[String(decoding: clean[word], as: UTF8.self), default: 0] += 1
      }
    }
    return counts.sorted { $0.key < $1.key }.map { word, count in
      var symbols = word.utf8.map { ByteAlphabet.characters[Int($0)] }
      symbols[symbols.count - 1] += "</w>"
      return (symbols: symbols, weight: Double(count).squareRoot())
    }
  }

  private static func heaviestPair(_ entries: [(symbols: [String], weight: Double)]) -> Merge? {
    var weights: [Merge: Double] = [:]
    for entry in entries {
      for (left, right) in zip(entry.symbols, entry.symbols.dropFirst()) {
        weights[Merge(left: left, right: right), default: 0] += entry.weight
      }
    }
    let rounded = weights.mapValues { ($0 * 1e6).rounded(.toNearestOrEven) }
    return rounded.min { a, b in
      if a.value != b.value { return a.value > b.value }
      return a.key.precedes(b.key)
    }?.key
  }

  /// Joins all occurrences of a pair, from left to right.
  private static func joining(_ pair: Merge, in symbols: [String]) -> [String] {
    var result: [String] = []
    result.reserveCapacity(symbols.count)
    var place = 0
    while place < symbols.count {
      let next = place + 1
      if next < symbols.count, symbols[place] == pair.left, symbols[next] == pair.right {
        result.append(pair.left + pair.right)
        place += 2
      } else {
        result.append(symbols[place])
        place = next
      }
    }
    return result
  }
}
