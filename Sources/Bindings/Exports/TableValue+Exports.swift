internal import Language
internal import Store

/// Tables as others want them. Each keeps the lines of the head: what is drawn says so everywhere.
extension TableValue {
  /// A table of Markdown, as GitHub and Pandoc read it; the head stands above it, the notes below.
  package var markdown: String {
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    var lines = head.map(Self.markdown)
    if !head.isEmpty { lines = [lines.joined(separator: "  \n"), ""] }
    lines.append(row(columns.map { Self.markdown($0.name) }))
    lines.append(row(columns.map { Self.isNumeric($0) ? "---:" : ":---" }))
    for place in 0..<rowCount {
      lines.append(row(columns.map { Self.markdown(Self.text($0.values[place]) + $0.mark(place)) }))
    }
    if !notes.isEmpty { lines += ["", notes.map(Self.markdown).joined(separator: "  \n")] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A float of LaTeX with the rules of the package booktabs; the head is its caption.
  package var latex: String {
    func row(_ cells: [String]) -> String { "    " + cells.joined(separator: " & ") + " \\\\" }
    var lines = ["% needs \\usepackage{booktabs}"] + head.map { "% " + TextWidth.visible($0) }
    lines += ["\\begin{table}[htbp]", "  \\centering"]
    if !head.isEmpty {
      lines.append("  \\caption{\(head.map(Self.latex).joined(separator: "; "))}")
    }
    let form = columns.map { Self.isNumeric($0) ? "r" : "l" }.joined()
    lines += ["  \\begin{tabular}{\(form)}", "    \\toprule"]
    lines += [row(columns.map { Self.latex($0.name) }), "    \\midrule"]
    for place in 0..<rowCount {
      lines.append(
        row(
          columns.map {
            let mark = $0.mark(place)
            return Self.latex(Self.text($0.values[place]))
              + (mark.isEmpty ? "" : "\\textsuperscript{\(Self.latex(mark))}")
          }))
    }
    lines += ["    \\bottomrule", "  \\end{tabular}"]
    lines += notes.map { "  \\par\\footnotesize \(Self.latex($0))" }
    return (lines + ["\\end{table}"]).joined(separator: "\n") + "\n"
  }

  /// Comma-separated values with all digits. Marks have columns of their own, and the head stands in each
  /// row of a last column `about`, so that readers need no option and rows that are picked keep it.
  package var commaSeparated: String {
    var names: [String] = []
    var cells: [[String]] = []
    for column in columns {
      names.append(column.name)
      cells.append(column.values.map(CommaSeparated.field))
      if column.marks.contains(where: { !$0.isEmpty }) {
        names.append(column.name + "_mark")
        cells.append(column.marks)
      }
    }
    if !head.isEmpty {
      names.append("about")
      cells.append([String](repeating: head.joined(separator: "; "), count: rowCount))
    }
    return CommaSeparated.text(
      CommaSeparated.distinct(names), (0..<rowCount).map { row in cells.map { $0[row] } })
  }

  private static func isNumeric(_ column: Column) -> Bool {
    column.values.contains { $0.number != nil }
      || column.values.contains { $0.string?.contains(" ± ") == true }
  }

  private static func markdown(_ text: String) -> String {
    var result = ""
    for character in TextWidth.visible(text) {
      if character == "&" {
        result += "&amp;"
      } else {
        if "\\|<>`*_[]~$#".contains(character) { result.append("\\") }
        result.append(character)
      }
    }
    return result
  }

  private static let commands: [Character: String] = [
    "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}", "±": "$\\pm$", "–": "--",
    "×": "$\\times$", "†": "\\dag{}", "−": "$-$", "\"": "\\textquotedbl{}",
  ]

  private static func latex(_ text: String) -> String {
    var result = ""
    for character in TextWidth.visible(text) {
      if let command = commands[character] {
        result += command
      } else {
        if "&%$#_{}".contains(character) { result.append("\\") }
        result.append(character)
      }
    }
    return result
  }
}
