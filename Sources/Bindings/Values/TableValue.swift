package import Language

/// Columns of equal length with names, printed to fit the terminal.
package final class TableValue: HostObject {
  package struct Column {
    package let name: String
    package let values: [Value]
    /// What stands behind each value, such as "*"; empty where nothing does.
    package let marks: [String]

    package init(_ name: String, _ values: [Value], marks: [String] = []) {
      self.name = name
      self.values = values
      self.marks = marks
    }

    /// The mark behind a row's value.
    package func mark(_ row: Int) -> String { marks.isEmpty ? "" : marks[row] }
  }

  /// Lines above the table: what it is, and what its numbers must not be taken for.
  package let head: [String]
  package let columns: [Column]
  /// Lines below the table: what its marks mean.
  package let notes: [String]
  /// What the numbers are about, for words that compute with them.
  package let about: Record

  package init(
    head: [String] = [], _ columns: [Column], notes: [String] = [], about: Record = Record()
  ) {
    self.head = head
    self.columns = columns
    self.notes = notes
    self.about = about
  }

  package var rowCount: Int { columns.first?.values.count ?? 0 }
  package var typeName: String { "Table" }
  package var summary: String { "Table of \(rowCount) rows and \(columns.count) columns" }
}

extension TableValue: HostMembers, HostSequence {
  package var memberNames: [String] { ["columns", "rows", "head", "notes", "about"] }

  package func member(_ name: String) throws -> Value? {
    switch name {
    case "columns": Value(columns.map { Value($0.name) })
    case "rows": Value((0..<rowCount).map(row))
    case "head": Value(head.map { Value($0) })
    case "notes": Value(notes.map { Value($0) })
    case "about": Value(about)
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
