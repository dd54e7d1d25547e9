/// Rows of a CSV text (RFC 4180): fields are separated by commas, quoted ones may hold commas, line ends
/// and doubled quotes. A byte-order mark, line feeds alone and a missing last line end are accepted.
package struct CommaSeparated: Sendable {
  /// The first row: names of columns.
  package let header: [String]
  /// The other rows, each as long as the header, with the line that it begins on.
  package let rows: [(line: Int, fields: [String])]

  /// Reads a text; throws ``DatasetError/list(_:_:count:first:)`` under the name of the file.
  package init(_ text: [UInt8], file: String) throws(DatasetError) {
    var reader = CommaReader(text, file: file)
    var header: [String]?
    var rows: [(line: Int, fields: [String])] = []
    while let row = try reader.row() {
      // A line with nothing on it.
      if row.fields.count == 1, row.fields[0].isEmpty { continue }
      guard let header else {
        header = row.fields
        continue
      }
      guard row.fields.count == header.count else {
        throw reader.fault(
          .fields(found: row.fields.count, expected: header.count), line: row.line)
      }
      rows.append(row)
    }
    self.header = header ?? []
    self.rows = rows
  }

  /// Where a column stands.
  package func column(_ name: String) -> Int? { header.firstIndex(of: name) }
}

/// Goes through a CSV text byte by byte.
private struct CommaReader {
  private let text: [UInt8]
  private let file: String
  private var position = 0
  private var line = 1

  init(_ text: [UInt8], file: String) {
    self.text = text
    self.file = file
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  func fault(_ fault: ListFault, line: Int) -> DatasetError {
    .list(file, fault, count: 1, first: ["line \(line)"])
  }

  /// The next row; nil at the end.
  mutating func row() throws(DatasetError) -> (line: Int, fields: [String])? {
    guard position < text.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard position < text.count else { break }
      let separator = text[position]
      position += 1
      if separator == UInt8(ascii: ",") { continue }
      if separator == UInt8(ascii: "\r"), position < text.count,
        text[position] == UInt8(ascii: "\n")
      {
        position += 1
      }
      line += 1
      break
    }
    return (start, fields)
  }

  private mutating func field() throws(DatasetError) -> String {
    if position < text.count, text[position] == UInt8(ascii: "\"") { return try quoted() }
    let start = position
    while position < text.count, !Self.ends.contains(text[position]) {
      guard text[position] != UInt8(ascii: "\"") else { throw fault(.quotes, line: line) }
      position += 1
    }
    return try string(text[start..<position])
  }

  private mutating func quoted() throws(DatasetError) -> String {
    let first = line
    position += 1
    var bytes: [UInt8] = []
    while position < text.count {
      let byte = text[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < text.count, text[position] == byte else {
          guard position == text.count || Self.ends.contains(text[position]) else {
            throw fault(.quotes, line: line)
          }
          return try string(bytes[...])
        }
        position += 1
      } else if byte == UInt8(ascii: "\n") {
        line += 1
      }
      bytes.append(byte)
    }
    throw fault(.quotes, line: first)
  }

  private func string(_ bytes: ArraySlice<UInt8>) throws(DatasetError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw fault(.notText, line: line)
    }
    return text
  }

  private static let ends = Array(",\r\n".utf8)
}
