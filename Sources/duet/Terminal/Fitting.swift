internal import Language

/// Making text fit the columns of a terminal.
package enum Fitting {
  /// The beginning of a text that fits.
  package static func cut(_ text: String, to width: Int) -> String {
    var used = 0
    return String(
      text.prefix {
        used += DisplayWidth.of($0)
        return used <= width
      })
  }

  /// The text with prose filled anew where a line of it is too long, broken between words. Examples,
  /// lists and indented lines stay as they are.
  package static func wrapped(_ text: String, to width: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.split(separator: "", omittingEmptySubsequences: false)
      .map { filled(Array($0), to: max(20, width - 1)).joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  private static func filled(_ paragraph: [Substring], to width: Int) -> [String] {
    let isProse = paragraph.allSatisfy { line in !" >|-*".contains(line.first ?? " ") }
    guard isProse, paragraph.contains(where: { DisplayWidth.of(String($0)) > width }) else {
      return paragraph.map(String.init)
    }
    var lines: [String] = []
    for word in paragraph.joined(separator: " ").split(separator: " ") {
      if let line = lines.last, DisplayWidth.of("\(line) \(word)") <= width {
        lines[lines.count - 1] = "\(line) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
