extension Tokenizer {
  /// Learns a vocabulary from texts.
  ///
  /// Each distinct word counts with the square root of its frequency, so that rare words become single
  /// tokens, too. The pair of neighbouring symbols with the largest weight (rounded to six decimals; on
  /// a tie the smaller pair in code-point order) is joined, until no pair is left or there are `limit`
  /// merges.
  package static func trained(on texts: [String], limit: Int) -> Tokenizer {
    var counts: [String: Int] = [:]
    for text in texts {
      for word in words(in: TextCleaning.cleaned(text)) { counts[String(word), default: 0] += 1 }
    }
    var entries = counts.sorted { $0.key < $1.key }.map { word, count in
      var symbols = word.utf8.map { String(ByteAlphabet.byByte[Int($0)]) }
      symbols[symbols.count - 1] += wordEnd
      return (symbols: symbols, weight: Double(count).squareRoot())
    }
    var merges: [Merge] = []
    while merges.count < limit, let best = heaviestPair(entries) {
      merges.append(best)
      for index in entries.indices where entries[index].symbols.count > 1 {
        entries[index].symbols = joining(
          best.left, best.right, to: best.left + best.right, in: entries[index].symbols)
      }
    }
    return Tokenizer(merges: merges)
  }

  private static func heaviestPair(_ entries: [(symbols: [String], weight: Double)]) -> Merge? {
    var weights: [Merge: Double] = [:]
    for entry in entries {
      for (left, right) in zip(entry.symbols, entry.symbols.dropFirst()) {
        weights[Merge(left, right), default: 0] += entry.weight
      }
    }
    let rounded = weights.mapValues { ($0 * 1e6).rounded(.toNearestOrEven) }
    return rounded.min { a, b in
      if a.value != b.value { return a.value > b.value }
      return a.key.precedes(b.key)
    }?.key
  }
}

extension Tokenizer.Merge {
  /// Code-point order, left symbol first.
  fileprivate func precedes(_ other: Self) -> Bool {
    if left != other.left {
      return left.unicodeScalars.lexicographicallyPrecedes(other.left.unicodeScalars)
    }
    return right.unicodeScalars.lexicographicallyPrecedes(other.right.unicodeScalars)
  }
}
