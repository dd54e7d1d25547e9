/// Draws a ``Diagnostic``:
///
///     error[shape]: 'images' does not fit [B, 3, H, W]
///       --> examples/zero_shot.duet:7:23
///        |
///      7 |   let f = method.logits(photo)
///        |                         ^^^^^ this is [224, 224, 3]: 3 dimensions, expected 4
///        = help: image("photo.jpg", model) gives [1, 3, 224, 224]
///
/// Notes on the same line as the error are drawn under it with dashes; others follow with a line of
/// their own. Columns are those of a terminal: a tab goes to the next multiple of four, wide
/// characters take two, control characters are replaced. A very long line is cut around the caret.
package struct DiagnosticRenderer {
  /// Whether to use the escape sequences of a terminal.
  private let usesColor: Bool
  /// The columns that lines of source may take, with their numbers.
  private let width: Int
  /// The most columns of source that are shown.
  private static let sourceWidth = 110

  /// Makes a renderer; lines of source are cut to fit a terminal of so many columns.
  package init(usesColor: Bool = false, width: Int = .max) {
    self.usesColor = usesColor
    self.width = width
  }

  /// The drawing of several diagnostics, separated by empty lines.
  package func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map(render).joined(separator: "\n\n")
  }

  /// The drawing of one diagnostic, without a line break at its end.
  package func render(_ diagnostic: Diagnostic) -> String {
    let notes = diagnostic.notes
    let primary = diagnostic.primary
    let lines = ([primary] + notes).map(\.location.line)
    let gutter = max(2, String(lines.max() ?? 0).count)
    let margin = String(repeating: " ", count: gutter)
    var result = [head(diagnostic)]
    result.append("\(margin)--> \(primary.location.text)")
    result.append("\(margin) |")
    let isBeside = { (note: Diagnostic.Label) in
      note.location.file === primary.location.file && note.location.line == primary.location.line
        && !note.location.span.isEmpty
    }
    result += source(primary, "^", gutter, beside: notes.filter(isBeside), diagnostic.severity)
    for note in notes where !isBeside(note) {
      result.append("\(margin)::: \(note.location.text)")
      result.append("\(margin) |")
      result += source(note, "-", gutter, beside: [], diagnostic.severity)
    }
    if let help = diagnostic.help { result.append("\(margin) = \(bold("help")): \(help)") }
    result += diagnostic.remarks.map { "\(margin) = \(bold("note")): \(oneLine($0))" }
    result += chain(diagnostic).map { "\(margin) = \($0)" }
    return result.joined(separator: "\n")
  }

  private func head(_ diagnostic: Diagnostic) -> String {
    let severity = diagnostic.severity.rawValue + "[\(diagnostic.code)]"
    return paint(severity, diagnostic.severity) + bold(": \(oneLine(diagnostic.message))")
  }

  // Source lines

  private func source(
    _ label: Diagnostic.Label, _ mark: Character, _ gutter: Int, beside: [Diagnostic.Label],
    _ severity: Diagnostic.Severity
  ) -> [String] {
    // Beside the text there are the number, a bar, and the mark of a cut at its end.
    let room = max(24, min(Self.sourceWidth, width - gutter - 4))
    let line = SourceLine(label.location, width: room)
    let number = String(label.location.line)
    let margin = String(repeating: " ", count: gutter)
    let padding = String(repeating: " ", count: gutter - number.count)
    let caret = line.underline(label.location.span, mark)
    var result = ["\(padding)\(number) | \(line.text)".trimmingTrailingBlanks]
    let text = label.text.isEmpty ? "" : " \(label.text)"
    result.append("\(margin) | \(caret.indent)\(paint(caret.marks + text, severity))")
    for note in beside {
      let dashes = line.underline(note.location.span, "-")
      result.append("\(margin) | \(dashes.indent)\(dashes.marks) \(note.text)")
    }
    return result
  }

  // The chain of calls

  private func chain(_ diagnostic: Diagnostic) -> [String] {
    var lines: [String] = []
    if let first = diagnostic.origin.first {
      let inner = diagnostic.origin.count - 1
      let more = inner == 0 ? "" : ", through \(inner) more \(inner == 1 ? "call" : "calls")"
      lines.append("raised in '\(first.name)' at \(first.location.text)\(more)")
    }
    let outer = diagnostic.calls.dropFirst().filter { !$0.location.file.isLibrary }
    var runs: [(text: String, count: Int)] = []
    for call in outer {
      let text = "called from '\(call.name)' at \(call.location.text)"
      if runs.last?.text == text { runs[runs.count - 1].count += 1 } else { runs.append((text, 1)) }
    }
    for run in runs.prefix(Self.shownCalls) {
      lines.append(run.count == 1 ? run.text : "\(run.text), \(run.count) times")
    }
    let rest = runs.dropFirst(Self.shownCalls).reduce(diagnostic.omittedCalls) { $0 + $1.count }
    if rest > 0 { lines.append("and \(rest) more \(rest == 1 ? "call" : "calls")") }
    return lines
  }

  private static let shownCalls = 8

  // Colours

  private func bold(_ text: String) -> String { usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  private func paint(_ text: String, _ severity: Diagnostic.Severity) -> String {
    guard usesColor else { return text }
    return "\u{1B}[1;\(severity == .error ? 31 : 33)m\(text)\u{1B}[0m"
  }

  private func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }
}

/// A line of source as it is shown.
private struct SourceLine {
  private(set) var text = ""
  /// The columns at which each byte of the line begins, counted from the start of the window.
  private var columns: [Int] = []
  private let start: Int
  private let width: Int
  private var shift = 0

  init(_ location: Location, width: Int) {
    self.width = width
    let range = location.file.range(ofLine: location.line)
    start = range.lowerBound
    var characters: [(Character, Int)] = []
    var column = 0
    for character in String(decoding: location.file.bytes[range], as: UTF8.self) {
      let shown = Self.shown(character, at: column)
      for _ in 0..<character.utf8.count { columns.append(column) }
      for part in shown { characters.append((part, DisplayWidth.of(part))) }
      column += shown.reduce(0) { $0 + DisplayWidth.of($1) }
    }
    columns.append(column)
    let caret = self.column(of: location.span.start)
    if column > width, caret > width / 2 { shift = caret - width / 2 }
    var at = 0
    for (character, size) in characters {
      if at >= shift, at < shift + width { text.append(character) }
      at += size
    }
    if column > shift + width { text += "…" }
    if shift > 0 { text = "…" + text.dropFirst() }
  }

  private static func shown(_ character: Character, at column: Int) -> String {
    if character == "\t" { return String(repeating: " ", count: 4 - column % 4) }
    if let ascii = character.asciiValue { return ascii < 0x20 ? "\u{FFFD}" : String(character) }
    let isControl = character.unicodeScalars.first?.properties.generalCategory == .control
    return isControl ? "\u{FFFD}" : String(character)
  }

  private func column(of offset: Int) -> Int {
    columns[min(max(0, offset - start), columns.count - 1)]
  }

  /// The marks under a span, as far as it is on this line.
  func underline(_ span: Span, _ mark: Character) -> (indent: String, marks: String) {
    let first = max(0, column(of: span.start) - shift)
    let last = max(first + 1, column(of: span.end) - shift)
    let count = min(last - first, max(1, width - first))
    return (String(repeating: " ", count: first), String(repeating: mark, count: count))
  }
}

extension String {
  fileprivate var trimmingTrailingBlanks: String {
    var result = self
    while result.last == " " { result.removeLast() }
    return result
  }
}

extension Span {
  var isEmpty: Bool { start == end }
}
