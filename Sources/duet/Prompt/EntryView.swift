internal import Language

/// An entry as it stands on the screen behind a prompt.
///
///     In [3]: fn double(x) {
///        ...:   return 2 * x
///        ...: }
///
/// Lines after the first begin with a margin as wide as the prompt. libedit can only show what fits
/// on the screen at once, so of a longer entry the view holds the lines around the cursor, and of a
/// line that is longer than the screen the part around the cursor.
package struct EntryView: Equatable {
  /// What to show behind the prompt.
  package let text: String
  /// The place of the cursor in it, in Unicode scalars.
  package let cursor: Int

  /// The room that an entry has.
  package struct Frame {
    /// The columns of the prompt.
    package var promptWidth: Int
    package var columns: Int
    package var rows: Int

    /// Makes a frame.
    package init(promptWidth: Int, columns: Int, rows: Int) {
      self.promptWidth = promptWidth
      self.columns = max(promptWidth + 2, columns)
      self.rows = max(3, rows)
    }

    /// What begins the lines after the first.
    package var margin: String {
      let mark = "...: "
      return promptWidth < mark.count
        ? String(repeating: " ", count: promptWidth)
        : String(repeating: " ", count: promptWidth - mark.count) + mark
    }

    /// The rows that a line takes; the cursor may stand behind its end.
    func rows(of line: some Collection<Character>) -> Int {
      (promptWidth + line.reduce(0) { $0 + EntryView.width(of: $1) }) / columns + 1
    }
  }

  /// The view of an entry.
  package init(_ entry: Entry, in frame: Frame) {
    let lines = entry.characters.split(separator: "\n", omittingEmptySubsequences: false)
    let row = entry.characters[..<entry.cursor].count { $0 == "\n" }
    let column = entry.cursor - entry.lineStart
    let (current, place) = Self.part(of: lines[row], around: column, in: frame)
    let shown = Self.window(lines, around: row, in: frame)

    var parts: [String] = []
    if shown.lowerBound > 0 { parts.append(Self.mark(shown.lowerBound, "above")) }
    parts += lines[shown.lowerBound..<row].map { Self.visible($0) }
    let before = parts.map { $0 + "\n" + frame.margin }.joined() + Self.visible(current[..<place])
    parts.append(Self.visible(current))
    parts += lines[(row + 1)..<shown.upperBound].map { Self.visible($0) }
    if shown.upperBound < lines.count {
      parts.append(Self.mark(lines.count - shown.upperBound, "below"))
    }
    text = parts.joined(separator: "\n" + frame.margin)
    cursor = before.unicodeScalars.count
  }

  /// A view with the cursor before its text.
  init(start text: String) { (self.text, cursor) = (text, 0) }

  /// A view with the cursor behind its text.
  init(end text: String) { (self.text, cursor) = (text, text.unicodeScalars.count) }

  /// The columns of a character; a tab takes what it may take at most.
  static func width(of character: Character) -> Int {
    character == "\t" ? 8 : max(1, DisplayWidth.of(character))
  }

  /// The lines to show: as many as fit, about as many before the cursor's as behind it.
  private static func window(
    _ lines: [ArraySlice<Character>], around row: Int, in frame: Frame
  ) -> Range<Int> {
    let heights = lines.map { frame.rows(of: $0) }
    if heights.reduce(0, +) < frame.rows { return 0..<lines.count }
    // One row stays empty for the cursor, two are for the marks.
    var room = frame.rows - 3 - min(heights[row], frame.rows - 3)
    var (first, last) = (row, row + 1)
    var grows = true
    while grows {
      grows = false
      if first > 0, heights[first - 1] <= room {
        first -= 1
        room -= heights[first]
        grows = true
      }
      if last < lines.count, heights[last] <= room {
        room -= heights[last]
        last += 1
        grows = true
      }
    }
    return first..<last
  }

  /// The part of a line that fits on the screen, and the place of the cursor in it.
  private static func part(
    of line: ArraySlice<Character>, around column: Int, in frame: Frame
  ) -> (ArraySlice<Character>, place: Int) {
    let start = line.startIndex
    guard frame.rows(of: line) > frame.rows - 3 else { return (line, start + column) }
    let room = max(8, (frame.rows - 3) * frame.columns - frame.promptWidth) / 2
    let first = max(0, column - room / 2)
    let last = min(line.count, column + room / 2)
    var part = ArraySlice(line[(start + first)..<(start + last)])
    let cutsHead = first > 0
    if cutsHead { part = "…" + part }
    if last < line.count { part.append("…") }
    return (part, part.startIndex + column - first + (cutsHead ? 1 : 0))
  }

  private static func mark(_ count: Int, _ side: String) -> String {
    "⋮ \(count) more \(count == 1 ? "line" : "lines") \(side)"
  }

  /// Control characters other than tabs have no place on a screen.
  private static func visible(_ characters: ArraySlice<Character>) -> String {
    var result = String.UnicodeScalarView()
    for scalar in String(characters).unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\t"
      result.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(result)
  }
}
