/// Ctrl-R: the newest entry that contains what is typed, and with Ctrl-R again the one before it.
struct HistorySearch {
  /// What stood there before.
  let draft: Entry
  private var query = ""
  /// The entry that is shown; `nil` before anything is typed.
  private var position: Int?
  private var newest: Int
  private var hasFailed = false

  init(from entry: Entry, newest: Int) {
    draft = entry
    self.newest = newest
  }

  /// What stands before the entry meanwhile.
  var prompt: String { "\(hasFailed ? "no entry with" : "search") '\(query)': " }

  /// What to show.
  func found(in history: History) -> Entry {
    guard let position else { return draft }
    let text = history.entries[position]
    return Entry(text)
  }

  mutating func type(_ scalar: Unicode.Scalar, in history: History) {
    query.unicodeScalars.append(scalar)
    // The entry that is shown may go on fitting.
    look(before: (position ?? newest - 1) + 1, in: history)
  }

  mutating func erase(in history: History) {
    guard !query.isEmpty else { return }
    query.removeLast()
    position = nil
    look(before: newest, in: history)
  }

  mutating func older(in history: History) {
    look(before: position ?? newest, in: history)
  }

  private mutating func look(before end: Int, in history: History) {
    let found = history.search(query, before: end)
    hasFailed = found == nil && !query.isEmpty
    if let found { position = found }
  }
}
