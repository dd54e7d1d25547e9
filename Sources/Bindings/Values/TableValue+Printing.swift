internal import Language
internal import Store

/// Tables as text: numbers stand with their points below each other, both of a mean and of its spread, and
/// what does not fit the width goes on below, where the columns that name a row are repeated.
extension TableValue {
  package func display(width: Int) -> String {
    let shown = columns.map(PrintedColumn.init)
    var lines = head.map(TextWidth.visible)
    if !head.isEmpty { lines.append("") }
    for (number, block) in blocks(of: shown, width).enumerated() {
      if number > 0 { lines.append("") }
      lines.append(Self.line(block.map(\.title)))
      for row in 0..<rowCount { lines.append(Self.line(block.map { $0.cells[row] })) }
    }
    if !notes.isEmpty { lines += [""] + notes.map(TextWidth.visible) }
    return lines.joined(separator: "\n")
  }

  private static func line(_ cells: [String]) -> String {
    String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
  }

  private func blocks(of shown: [PrintedColumn], _ width: Int) -> [[PrintedColumn]] {
    func taken(_ columns: some Collection<PrintedColumn>) -> Int {
      columns.reduce(0) { $0 + $1.width } + 2 * max(0, columns.count - 1)
    }
    guard taken(shown) > width else { return [shown] }
    let named = zip(columns, shown).prefix {
      !$1.isNumeric || $0.values.allSatisfy { $0.int != nil }
    }
    var keys = shown.prefix(min(named.count, shown.count - 1))
    while keys.count > 1, taken(keys) > width / 2 { keys.removeLast() }
    var blocks: [[PrintedColumn]] = []
    for column in shown.dropFirst(keys.count) {
      if let last = blocks.last, taken(last + [column]) <= width {
        blocks[blocks.count - 1].append(column)
      } else {
        blocks.append(keys + [column])
      }
    }
    return blocks
  }

  /// A value as it is printed: floats with two decimals, nothing as "–", texts as they are.
  static func text(_ value: Value) -> String {
    switch value {
    case .nil: "–"
    case .int(let number): "\(number)"
    case .float(let number): number.isNaN ? "–" : number.fixed(2)
    case .bool(let flag): "\(flag)"
    default: TextWidth.visible(value.string ?? (value.object?.summary ?? value.describedKind))
    }
  }
}

/// A column whose title and cells have one width.
private struct PrintedColumn {
  let title: String
  let cells: [String]
  let width: Int
  let isNumeric: Bool

  init(_ column: TableValue.Column) {
    let texts = column.values.indices.map {
      TableValue.text(column.values[$0]) + column.mark($0)
    }
    let numbers = texts.map(Numeral.init)
    isNumeric =
      texts.contains { $0 != "–" } && zip(texts, numbers).allSatisfy { $0 == "–" || $1 != nil }
    let aligned = isNumeric ? Numeral.aligned(numbers, texts) : texts
    let name = TextWidth.visible(column.name)
    let width = ([name] + aligned).map(TextWidth.columns).max() ?? 0
    let isNumeric = isNumeric
    func fitted(_ text: String) -> String {
      let space = String(repeating: " ", count: width - TextWidth.columns(text))
      return isNumeric ? space + text : text + space
    }
    (title, cells, self.width) = (fitted(name), aligned.map(fitted), width)
  }
}

/// A number as text, or several with "±" between them, cut at their points.
private struct Numeral {
  static let joint = " ± "
  let parts: [(whole: String, rest: String)]

  /// Nil for a text that does not begin as a number does.
  init?(_ text: String) {
    let unsigned = text.first.map { "+-−".contains($0) } == true ? text.dropFirst() : text[...]
    guard let first = unsigned.first, first.isNumber || unsigned.hasPrefix("inf") else {
      return nil
    }
    parts = text.split(separator: Self.joint, omittingEmptySubsequences: false).map { part in
      let end =
        part.firstIndex(of: ".") ?? part.dropFirst().firstIndex { !$0.isNumber } ?? part.endIndex
      return (String(part[..<end]), String(part[end...]))
    }
  }

  /// The texts with all points below each other; what is no number is left as it is.
  static func aligned(_ numbers: [Numeral?], _ texts: [String]) -> [String] {
    let count = numbers.compactMap { $0?.parts.count }.max() ?? 0
    let widths = (0..<count).map { part in
      let all = numbers.compactMap { $0.flatMap { part < $0.parts.count ? $0.parts[part] : nil } }
      return (
        whole: all.map { TextWidth.columns($0.whole) }.max() ?? 0,
        rest: all.map { TextWidth.columns($0.rest) }.max() ?? 0
      )
    }
    func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
    return zip(numbers, texts).map { number, text in
      guard let number else { return text }
      return widths.enumerated().map { place, width in
        let joint = place == 0 ? "" : joint
        guard place < number.parts.count else {
          return spaces(joint.count + width.whole + width.rest)
        }
        let part = number.parts[place]
        return joint + spaces(width.whole - TextWidth.columns(part.whole)) + part.whole + part.rest
          + spaces(width.rest - TextWidth.columns(part.rest))
      }.joined()
    }
  }
}
