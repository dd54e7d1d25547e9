package import Language

/// Columns of equal length with names, printed to fit the terminal.
package final class TableValue: HostObject {
  package struct Column {
    package let name: String
    package let values: [Value]

    package init(_ name: String, _ values: [Value]) {
      self.name = name
      self.values = values
    }
  }

  /// Lines above the table: what it is, and what its numbers must not be taken for.
  package let head: [String]
  package let columns: [Column]

  package init(head: [String] = [], _ columns: [Column]) {
    self.head = head
    self.columns = columns
  }

  package var rowCount: Int { columns.first?.values.count ?? 0 }
  package var typeName: String { "Table" }
  package var summary: String { "Table of \(rowCount) rows and \(columns.count) columns" }

  package func display(width: Int) -> String {
    let cells = columns.map { column in column.values.map(Self.text) }
    var widths = zip(columns, cells).map { column, texts in
      ([column.name] + texts).map(\.count).max() ?? 0
    }
    var shown = columns.count
    while shown > 1, widths.prefix(shown).reduce(0, +) + 2 * (shown - 1) > width { shown -= 1 }
    widths = Array(widths.prefix(shown))
    func line(_ texts: [String]) -> String {
      let parts = texts.indices.map { place in
        let space = String(repeating: " ", count: max(0, widths[place] - texts[place].count))
        return isNumeric(place) ? space + texts[place] : texts[place] + space
      }
      return String(parts.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
    var lines = head
    if !head.isEmpty { lines.append("") }
    lines.append(line(columns.prefix(shown).map(\.name)))
    for row in 0..<rowCount { lines.append(line(cells.prefix(shown).map { $0[row] })) }
    if shown < columns.count {
      let left = columns.dropFirst(shown).map(\.name).joined(separator: ", ")
      lines.append("(too narrow for: \(left))")
    }
    return lines.joined(separator: "\n")
  }

  private func isNumeric(_ column: Int) -> Bool {
    columns[column].values.contains { $0.number != nil || $0.string?.first?.isNumber == true }
  }

  /// Floats with two decimals, texts as they are.
  private static func text(_ value: Value) -> String {
    switch value {
    case .nil: "–"
    case .int(let number): "\(number)"
    case .float(let number): number.isNaN ? "–" : number.fixed(2)
    default: value.string ?? (value.object?.summary ?? value.describedKind)
    }
  }
}

extension TableValue: HostMembers, HostSequence {
  package var memberNames: [String] { ["columns", "rows"] }

  package func member(_ name: String) throws -> Value? {
    switch name {
    case "columns": Value(columns.map { Value($0.name) })
    case "rows": Value((0..<rowCount).map(row))
    default: nil
    }
  }

  package var count: Int { rowCount }
  package func element(_ position: Int) throws -> Value { row(position) }

  private func row(_ position: Int) -> Value {
    Value(Record(columns.map { ($0.name, $0.values[position]) }))
  }
}

extension TableValue: HostIndexable {
  /// A column by its name, or a row by its number.
  package func element(at index: [IndexPart]) throws -> Value {
    guard index.count == 1, case .value(let key) = index[0] else {
      throw Fault(.index, "a table is indexed by a column's name or a row's number")
    }
    if let name = key.string {
      guard let column = columns.first(where: { $0.name == name }) else {
        throw Fault(
          .key, "there is no column \"\(name)\"",
          help: "there are \(columns.map { "`\($0.name)`" }.joined(separator: ", "))")
      }
      return Value(column.values)
    }
    guard let position = key.int else {
      throw Fault(.index, "a table is indexed by a column's name or a row's number")
    }
    let place = position < 0 ? position + rowCount : position
    guard place >= 0, place < rowCount else {
      throw Fault(.index, "row \(position) is outside a table of \(rowCount)")
    }
    return row(place)
  }
}
