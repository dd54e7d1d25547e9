internal import Language
internal import Store

/// A form of text that tables and results are given to others in.
package enum ExportFormat: String, CaseIterable, Sendable {
  case markdown = "md"
  case latex = "tex"
  case commaSeparated = "csv"

  /// A table, or a result: as its table, or tidy, a row for each cell, where the form is for programs.
  /// Nil for any other value.
  func text(of value: Value) throws -> String? {
    if let table = value.object as? TableValue {
      return switch self {
      case .markdown: table.markdown
      case .latex: table.latex
      case .commaSeparated: table.commaSeparated
      }
    }
    guard let result = value.object as? ResultValue else { return nil }
    if self == .commaSeparated { return try result.stored.commaSeparated }
    return try text(of: Value(result.table))
  }

  /// The format that the ending of a file's name tells.
  init?(path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    self.init(rawValue: path[path.index(after: dot)...].lowercased())
  }
}
