/// A part of a script in the percent format that editors and Jupytext know.
package struct Cell: Equatable, Sendable {
  /// What the cell holds.
  package enum Kind: Equatable, Sendable {
    case code
    case markdown
  }

  /// Code or prose.
  package let kind: Kind
  /// What stands behind `# %%`; empty for the part before the first such line.
  package let title: String
  /// The text without its `# %%` line; prose without its comment marks.
  package let text: String
  /// The line of the script on which ``text`` begins, from 1.
  package let firstLine: Int

  /// The cells of a script: a line that starts with `# %%` opens one, `# %% [markdown]` one of prose.
  ///
  /// A part before the first such line is a cell of its own unless it is blank. Lines inside a
  /// `"""` text never open a cell.
  package static func split(_ script: String) -> [Cell] {
    let file = SourceFile(name: "", text: script)
    let inside = linesInsideStrings(of: file)
    var cells: [Cell] = []
    var open = (kind: Kind.code, title: "", firstLine: 1, lines: [String]())
    func close() {
      let isHead = open.title.isEmpty && cells.isEmpty && open.firstLine == 1
      let isBlank = open.lines.allSatisfy { $0.allSatisfy(\.isWhitespace) }
      if isHead && isBlank { return }
      cells.append(
        Cell(
          kind: open.kind, title: open.title, text: joined(open.lines, open.kind),
          firstLine: open.firstLine))
    }
    for number in 1...file.lineCount {
      let bytes = file.bytes[file.range(ofLine: number)]
      let line = String(decoding: bytes, as: UTF8.self)
      guard !inside.contains(number), let (kind, title) = marker(line) else {
        open.lines.append(line)
        continue
      }
      close()
      open = (kind, title, number + 1, [])
    }
    close()
    return cells
  }

  /// What a line opens, if it opens a cell.
  private static func marker(_ line: String) -> (Kind, title: String)? {
    guard line.hasPrefix("# %%") else { return nil }
    var rest = line.dropFirst(4)
    guard rest.isEmpty || rest.first == " " else { return nil }
    rest = rest.drop { $0 == " " }
    guard rest.hasPrefix("[markdown]") else { return (.code, trimmed(rest)) }
    return (.markdown, trimmed(rest.dropFirst(10)))
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  private static func joined(_ lines: [String], _ kind: Kind) -> String {
    var lines = lines[...]
    while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
    guard kind == .markdown else { return lines.joined(separator: "\n") }
    return lines.map { line in
      guard line.hasPrefix("#") else { return line }
      let rest = line.dropFirst()
      return String(rest.first == " " ? rest.dropFirst() : rest)
    }.joined(separator: "\n")
  }

  private static func linesInsideStrings(of file: SourceFile) -> Set<Int> {
    var lexer = Lexer(file)
    lexer.run()
    var lines: Set<Int> = []
    for token in lexer.tokens {
      switch token.kind {
      case .string, .stringHead:
        let (first, last) = (file.line(at: token.span.start), file.line(at: token.span.end))
        if last > first { lines.formUnion(first + 1...last) }
      default: break
      }
    }
    return lines
  }
}
