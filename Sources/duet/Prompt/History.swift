/// What has been entered, and a walk through it.
///
/// Up goes to the nearest earlier entry that begins with what was typed before the walk, Down comes
/// back, and behind the newest entry stands again what was being typed.
package struct History {
  /// The entries, oldest first.
  package private(set) var entries: [String]
  /// Where the walk is, and what was being typed when it began.
  private var walk: (position: Int, draft: Entry)?

  /// A history of entries, oldest first.
  package init(_ entries: [String] = []) { self.entries = entries }

  /// Adds an entry, unless it repeats the one before it.
  package mutating func append(_ text: String) {
    walk = nil
    if entries.last != text { entries.append(text) }
  }

  /// The next entry of the walk in a direction, -1 for older; `nil` at its end.
  package mutating func step(_ direction: Int, from entry: Entry) -> Entry? {
    let (start, draft) = walk ?? (entries.count, entry)
    let prefix = draft.before
    var position = start + direction
    while entries.indices.contains(position) {
      let text = entries[position]
      // The same text again would look as if the key had done nothing.
      if text.hasPrefix(prefix), text != entry.text {
        walk = (position, draft)
        return Entry(text)
      }
      position += direction
    }
    guard direction > 0, walk != nil else { return nil }
    walk = nil
    return draft
  }

  /// Ends the walk: what stands there now is what is being typed.
  package mutating func rest() { walk = nil }

  /// The nearest entry before a position that contains a text.
  package func search(_ text: String, before position: Int) -> Int? {
    guard !text.isEmpty else { return nil }
    return entries[..<min(max(0, position), entries.count)].lastIndex {
      Self.contains($0, text)
    }
  }

  /// Whether a text contains another; without capitals in it, capitals do not matter.
  private static func contains(_ text: String, _ part: String) -> Bool {
    part == part.lowercased() ? text.lowercased().contains(part) : text.contains(part)
  }
}
