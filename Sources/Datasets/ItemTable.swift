/// A user's table of pictures: a CSV with a header.
///
/// Columns: `path`; `label` (whole numbers from 0), `class` (names), or both; optionally `split` (train,
/// val or test). Columns of other names are passed over. With classes alone, labels are given in the order
/// of the names' bytes; with labels alone, a label is its class's name. Without the column `split`, the
/// rows are split 50 : 20 : 30 by the seed.
package struct ItemTable: Sendable {
  /// The parts; nil when the table does not tell them.
  package private(set) var parts: [SplitPart: ItemList]?
  /// All rows.
  package private(set) var all = ItemList()

  /// Reads a table; throws ``DatasetError/list(_:_:count:first:)`` under the name of the file.
  package init(_ text: [UInt8], file: String) throws(DatasetError) {
    let table = try CommaSeparated(text, file: file)
    let (label, name) = (table.column("label"), table.column("class"))
    guard let path = table.column("path"), label != nil || name != nil else {
      throw .list(file, .columns, count: table.header.count, first: Array(table.header.prefix(8)))
    }
    let doubled = ["path", "label", "class", "split"].filter { name in
      table.header.count(where: { $0 == name }) > 1
    }
    guard doubled.isEmpty else { throw .list(file, .columnTwice, count: 1, first: doubled) }
    let split = table.column("split")
    if split != nil { parts = [:] }
    let ranks = label == nil ? Self.ranks(table.rows.map { $0.fields[name ?? 0] }) : [:]
    for row in table.rows {
      let text = row.fields
      let called = name.map { text[$0] }
      let number: Int?
      if let label {
        number = Int(text[label])
      } else {
        number = called.flatMap { ranks[$0] }
      }
      guard let number else {
        throw .list(file, .labelsNotNumbers, count: 1, first: ["line \(row.line)"])
      }
      let title = called ?? "\(number)"
      all.append(text[path], label: number, name: title)
      guard let split else { continue }
      guard let part = SplitPart(rawValue: text[split]) else {
        throw .list(file, .unknownPart(text[split]), count: 1, first: ["line \(row.line)"])
      }
      parts?[part, default: ItemList()].append(text[path], label: number, name: title)
    }
  }

  private static func ranks(_ names: [String]) -> [String: Int] {
    let sorted = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1, $0) })
  }
}
