/// The beginning of a text of a script, short enough to stand inside a sentence.
package enum Excerpt {
  /// The most characters that are shown.
  private static let length = 60

  /// The text in one line, or its beginning with a mark of the cut.
  package static func of(_ text: String) -> String {
    let line = String(text.prefix(length + 1).map { $0.isNewline ? " " : $0 })
    return line.count > length ? line.prefix(length - 1) + "…" : line
  }
}
