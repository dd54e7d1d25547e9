internal import Datasets
internal import Store

/// A split file: one JSON object of `train`, `val` and `test`, each a list of `[path, label, name]`.
///
/// The order of the lists is kept, for few-shot draws are made by position. Labels may be written as
/// texts. Any other form is refused.
enum SplitFile {
  /// Bytes that a split file may have.
  static let limit = 1 << 29

  static func lists(of path: String) throws -> [SplitPart: ItemList] {
    try lists(json(of: path), file: path)
  }

  /// The JSON of a file; a list of a million items is nothing unusual.
  static func json(of path: String) throws -> JSON {
    let bytes = try Gzip.bytes(of: path, limit: limit)
    do throws(StoreError.Fault) {
      return try JSON(parsing: bytes, values: 20_000_000)
    } catch {
      throw StoreError(file: path, error)
    }
  }

  static func lists(_ json: JSON, file: String) throws -> [SplitPart: ItemList] {
    func wrong(_ what: String) -> DatasetError { .list(file, .form(what), count: 1, first: []) }
    guard let members = json.object else { throw wrong("no object of train, val and test") }
    var lists: [SplitPart: ItemList] = [:]
    for member in members {
      guard let part = SplitPart(rawValue: member.name) else {
        throw wrong("'\(TextWidth.excerpt(member.name, to: 60))' beside train, val and test")
      }
      guard let rows = member.value.array else {
        throw wrong("`\(part.rawValue)`, which is no list")
      }
      lists[part] = try items(rows, part.rawValue, wrong)
    }
    return lists
  }

  /// Rows of `[path, label, name]`.
  static func items(_ rows: [JSON], _ part: String, _ wrong: (String) -> DatasetError) throws
    -> ItemList
  {
    var list = ItemList()
    for (place, row) in rows.enumerated() {
      guard let row = row.array, row.count == 3, let path = row[0].string,
        let label = row[1].int ?? row[1].string.flatMap({ Int($0) }), let name = row[2].string
      else { throw wrong("`\(part)[\(place)]`, which is not [path, label, name]") }
      list.append(path, label: label, name: name)
    }
    return list
  }
}
