/// The notices of one run of a text: what has been said at which place is not said there again.
struct NoticeLedger {
  /// A place in a compiled text.
  struct Spot: Hashable {
    let code: ObjectIdentifier
    let instruction: Int
  }

  private struct Entry: Hashable {
    let text: String
    let spot: Spot?
  }

  private var entries: Set<Entry> = []
  private static let limit = 10_000

  /// Whether a text has not been said at a place yet; from now on it has.
  mutating func isNew(_ text: String, at spot: Spot?) -> Bool {
    if entries.count >= Self.limit { entries = [] }
    return entries.insert(Entry(text: text, spot: spot)).inserted
  }
}
