/// "Did you mean": the nearest of the names that would have been right.
enum Spelling {
  /// The nearest candidate within an edit distance of 2: of 1 for names of two to four letters, and
  /// for a single letter only the other case of it.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(word)
    guard letters.count <= 60 else { return nil }
    let limit = letters.count <= 4 ? 1 : 2
    if letters.count == 1 { return candidates.first { $0.lowercased() == word.lowercased() } }
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != word {
      let distance = distance(letters, Array(candidate), limit: limit)
      guard distance <= limit else { continue }
      if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// The number of insertions, deletions, replacements and swaps of neighbours between two words,
  /// counting a change of case as one; more than `limit` is reported as `limit + 1`.
  private static func distance(_ a: [Character], _ b: [Character], limit: Int) -> Int {
    guard abs(a.count - b.count) <= limit else { return limit + 1 }
    if String(a).lowercased() == String(b).lowercased() { return 1 }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1] + [Int](repeating: 0, count: b.count)
      for j in b.indices {
        let replaced = last[j] + (a[i] == b[j] ? 0 : 1)
        row[j + 1] = min(replaced, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
        }
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
