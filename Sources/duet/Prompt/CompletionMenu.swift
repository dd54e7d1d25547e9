internal import Language

/// What could stand at a place of an entry.
struct Possibilities {
  /// One of them.
  struct Candidate {
    let text: String
    /// Whether it is a name, about which something may be known.
    let isName: Bool
    /// What follows when it is the only one.
    let tail: String
  }

  /// The bytes of the entry that a candidate replaces.
  let range: Range<Int>
  let candidates: [Candidate]

  /// Those that the language knows, for a text that begins at a byte of the entry.
  init(_ completion: Completion, from start: Int = 0) {
    range = completion.range.lowerBound + start..<completion.range.upperBound + start
    candidates = completion.candidates.map {
      Candidate(text: $0.text, isName: $0.kind == .name, tail: $0.kind == .label ? " " : "")
    }
  }

  /// Plain texts.
  init(_ texts: [String], in range: Range<Int>, tail: String = "") {
    self.range = range
    candidates = texts.map { Candidate(text: $0, isName: false, tail: tail) }
  }
}

/// What Tab makes of the possibilities: what all of them have in common is inserted; when that is
/// nothing, a second Tab lists them.
struct CompletionMenu {
  private let candidates: [Possibilities.Candidate]
  /// The entry with what can be inserted; `nil` when there is nothing to insert.
  let insertion: Entry?

  /// The most possibilities that are listed with a few words about each.
  private static let describedCount = 16

  init(_ possibilities: Possibilities, in entry: Entry) {
    candidates = possibilities.candidates
    insertion = Self.insertion(possibilities, in: entry)
  }

  private static func insertion(_ possibilities: Possibilities, in entry: Entry) -> Entry? {
    guard let first = possibilities.candidates.first else { return nil }
    let isOnly = possibilities.candidates.count == 1
    let common = possibilities.candidates.dropFirst().reduce(first.text) {
      commonPrefix($0, $1.text)
    }
    let bytes = Array(entry.text.utf8)
    guard possibilities.range.upperBound <= bytes.count else { return nil }
    let partial = String(decoding: bytes[possibilities.range], as: UTF8.self)
    // Nothing new, or less than what is there already.
    guard common != partial, common.utf8.count >= partial.utf8.count else { return nil }
    let before = String(decoding: bytes[..<possibilities.range.lowerBound], as: UTF8.self)
    let head = before + common + (isOnly ? first.tail : "")
    return Entry(head + entry.after, cursor: head.count)
  }

  private static func commonPrefix(_ left: String, _ right: String) -> String {
    String(zip(left, right).prefix { $0 == $1 }.map(\.0))
  }

  /// The list: a few with their summaries, many in columns, as many as fit on the screen.
  func rows(width: Int, height: Int, summary: (String) -> String?) -> [String] {
    guard candidates.count > min(Self.describedCount, height) else {
      let column = candidates.map { DisplayWidth.of($0.text) }.max() ?? 0
      return candidates.map { candidate in
        let about = candidate.isName ? summary(candidate.text) : nil
        return Self.cut(Self.pad(candidate.text, to: column) + "  " + (about ?? ""), to: width - 1)
      }
    }
    let names = candidates.map(\.text)
    let cell = (names.map { DisplayWidth.of($0) }.max() ?? 0) + 2
    let columns = max(1, (width - 1) / cell)
    let shown = min(names.count, columns * max(1, height - 1))
    return Self.table(Array(names.prefix(shown)), columns, cell, width: width)
      + (names.count > shown ? ["and \(names.count - shown) more"] : [])
  }

  /// Names in columns, read downwards.
  private static func table(_ names: [String], _ count: Int, _ cell: Int, width: Int) -> [String] {
    let height = (names.count + count - 1) / count
    return (0..<height).map { row in
      let line = stride(from: row, to: names.count, by: height).map {
        pad(names[$0], to: cell)
      }
      return cut(line.joined(), to: width - 1)
    }
  }

  private static func pad(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
  }

  private static func cut(_ text: String, to width: Int) -> String {
    var result = Fitting.cut(text, to: width)
    while result.last == " " { result.removeLast() }
    return result
  }
}
