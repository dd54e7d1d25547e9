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

  /// A title and a number behind it: the number is whole or left out, the title gives way.
  package static func line(_ title: String, _ number: String, to width: Int) -> String {
    let room = width - DisplayWidth.of(number) - 1
    if DisplayWidth.of(title) <= room { return "\(title) \(number)" }
    if room > 1 { return "\(trimmed(cut(title, to: room - 1)))… \(number)" }
    return room >= -1 ? number : trimmed(cut(title, to: width))
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }

  /// Heads and texts beside each other; where that is too wide, the texts below their heads.
  package static func table(_ heads: [String], _ texts: [String], to width: Int) -> String {
    let column = (heads.map { DisplayWidth.of($0) }.max() ?? 0) + 2
    let fits = texts.allSatisfy { column + DisplayWidth.of($0) < width }
    let rows = zip(heads, texts).flatMap { head, text in
      if !fits { return [head] + broken(text, to: max(20, width - 1), indent: 2, hanging: 4) }
      return [head + String(repeating: " ", count: column - DisplayWidth.of(head)) + text]
    }
    return rows.joined(separator: "\n")
  }

  /// The text with prose filled anew where a line of it is too long, broken between words. Lists and
  /// indented lines are broken each for itself; examples, tables and code stay as they are.
  package static func wrapped(_ text: String, to width: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.split(separator: "", omittingEmptySubsequences: false)
      .map { filled(Array($0), to: max(20, width - 1)).joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  private static func filled(_ paragraph: [Substring], to width: Int) -> [String] {
    // Words of prose are not far apart, those of a table are.
    let isProse = paragraph.allSatisfy { line in
      !" >|-*".contains(line.first ?? " ") && !line.contains("   ")
    }
    guard paragraph.contains(where: { DisplayWidth.of(String($0)) > width }) else {
      return paragraph.map(String.init)
    }
    if isProse {
      return broken(paragraph.joined(separator: " "), to: width, indent: 0, hanging: 0)
    }
    let isExample = paragraph.contains { $0.first == ">" || $0.first == "|" }
    return paragraph.flatMap { line -> [String] in
      let indent = line.prefix { $0 == " " }.count
      guard !isExample, indent < codeIndent, DisplayWidth.of(String(line)) > width else {
        return [String(line)]
      }
      return broken(String(line), to: width, indent: indent, hanging: indent + 2)
    }
  }

  /// The columns by which code is indented in a text.
  private static let codeIndent = 4

  /// A line broken between words, with the columns before its first row and before the others.
  private static func broken(
    _ line: String, to width: Int, indent: Int, hanging: Int
  ) -> [String] {
    var lines: [String] = []
    for word in line.split(separator: " ") {
      if let line = lines.last, DisplayWidth.of("\(line) \(word)") <= width {
        lines[lines.count - 1] = "\(line) \(word)"
      } else {
        lines.append(String(repeating: " ", count: lines.isEmpty ? indent : hanging) + word)
      }
    }
    return lines
  }
}
