internal import Datasets
package import Language
internal import Store

/// The folder of a data set, as the functions of its page get it: ways to read the lists that its authors
/// have put there.
package final class DataFolderValue: HostObject {
  /// The data set's folder.
  let path: String
  /// The folder of its pictures.
  let pictures: String
  /// Bytes of a text file.
  static let textLimit = 1 << 28

  init(_ path: String, pictures: String) {
    self.path = path
    self.pictures = pictures
  }

  package var typeName: String { "DataFolder" }
  package var summary: String { "data folder \(path)" }

  private func file(_ name: String) -> String { "\(path)/\(name)" }
}

extension DataFolderValue: HostMembers {
  package var memberNames: [String] { ["path", "pictures"] }

  package func member(_ name: String) -> Value? {
    switch name {
    case "path": Value(path)
    case "pictures": Value(pictures)
    default: nil
    }
  }
}

extension DataFolderValue: HostMethods {
  package static var methods: [Native] {
    [
      Native(
        "lines(file: String) -> List",
        "The lines of a text file of the data set, without those of blanks alone."
      ) {
        let own: DataFolderValue = try $0.receiver()
        return Value(try own.lines(try $0.string(0)).map { Value($0) })
      },
      Native(
        "json(file: String)", "What a JSON file of the data set holds."
      ) {
        let own: DataFolderValue = try $0.receiver()
        return try Self.value(try JSON(reading: own.file($0.string(0)), limit: textLimit))
      },
      Native(
        "matlab(file: String) -> Record",
        "The variables of a MATLAB file of the data set: numbers, texts, and lists and records of "
          + "them; arrays are flat, by columns."
      ) {
        let own: DataFolderValue = try $0.receiver()
        let file = try MatFile(reading: own.file($0.string(0)))
        return Value(Record(file.variables.map { ($0.name, Self.value($0.value)) }))
      },
      Native(
        "folders(below: String = \"\") -> List",
        "Names of the folders below that of the pictures, in the order of their bytes."
      ) {
        let own: DataFolderValue = try $0.receiver()
        return Value(try own.listing(try $0.string(0)).folders.map { Value($0) })
      },
      Native(
        "files(below: String = \"\") -> List",
        "Names of the files below the folder of the pictures, in the order of their bytes."
      ) {
        let own: DataFolderValue = try $0.receiver()
        return Value(try own.listing(try $0.string(0)).files.map { Value($0) })
      },
      Native(
        "in_folders(folders: List, names: List, below: String = \"\")",
        """
        The pictures in folders, each folder a class: labels are the places in the list.

        Names are what the classes are called. Other folders are passed over, missing ones an error; \
        files are taken in the order of their bytes.
        """
      ) {
        let own: DataFolderValue = try $0.receiver()
        let (folders, names) = (try $0.strings(0), try $0.strings(1))
        guard folders.count == names.count else {
          throw $0.fault(1, "has \(names.count) names for \(folders.count) folders")
        }
        let below = try $0.string(2)
        let root = below.isEmpty ? own.pictures : "\(own.pictures)/\(below)"
        let list = try ItemList(folders: folders, names: names, below: root)
        return Value(ItemListValue(list.below(below)))
      },
      Native(
        "split_in_three(items, seed: Int) -> Record",
        "Half of each class to train, a fifth to val, the rest to test, by the seed: an own split. "
          + "`items` is what `in_folders` gives, or a list of [path, label, name]."
      ) {
        let list = try ItemListValue.list(of: $0[0], "items", file: $0.receiver(as: Self.self).path)
        return ItemListValue.record(
          try list.splitInThree(seed: $0.int(1), of: $0.receiver(as: Self.self).path))
      },
      Native(
        "split_for_val(items, seed: Int) -> Record",
        "A fifth of each class to val, the rest to train, by the seed: an own split."
      ) {
        let list = try ItemListValue.list(of: $0[0], "items", file: $0.receiver(as: Self.self).path)
        return ItemListValue.record(
          try list.splitForValidation(seed: $0.int(1), of: $0.receiver(as: Self.self).path))
      },
    ]
  }

  private func listing(_ below: String) throws -> Directory {
    try Directory(listing: below.isEmpty ? pictures : "\(pictures)/\(below)")
  }

  private func lines(_ name: String) throws -> [String] {
    let path = file(name)
    let bytes = try Gzip.bytes(of: path, limit: Self.textLimit)
    var lines: [String] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard let text = String(validating: line, as: UTF8.self) else {
        throw StoreError(file: path, .damaged("it is not UTF-8 text"))
      }
      if !line.allSatisfy(Self.isBlank) { lines.append(text) }
    }
    return lines
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func value(_ json: JSON) throws -> Value {
    switch json {
    case .null: .nil
    case .bool(let value): .bool(value)
    case .integer(let value): .int(value)
    case .number(let value): .float(value)
    case .string(let value): Value(value)
    case .array(let elements): Value(try elements.map(value))
    case .object(let members): Value(Record(try members.map { ($0.name, try value($0.value)) }))
    }
  }

  private static func value(_ value: MatValue) -> Value {
    switch value {
    case .numbers(let numbers, _):
      let values = numbers.map { number in
        Int(exactly: number).map { Value.int($0) } ?? Value.float(number)
      }
      return values.count == 1 ? values[0] : Value(values)
    case .text(let text): return Value(text)
    case .cells(let cells, _): return Value(cells.map(Self.value))
    case .records(let records, _):
      let values = records.map { fields in
        Value(Record(fields.map { ($0.name, Self.value($0.value)) }))
      }
      return Value(values)
    }
  }
}

/// Labelled paths that natives of a page hand from one to the other: there may be a million.
package final class ItemListValue: HostObject {
  let list: ItemList

  init(_ list: ItemList) { self.list = list }

  package var typeName: String { "ItemList" }
  package var summary: String { "list of \(list.count) pictures of \(list.names.count) classes" }

  /// A record of parts.
  static func record(_ lists: [SplitPart: ItemList]) -> Value {
    Value(
      Record(
        SplitPart.allCases.compactMap { part in
          lists[part].map { (part.rawValue, Value(ItemListValue($0))) }
        }))
  }

  /// A list that a page gives: such an object, or rows of [path, label, name].
  static func list(of value: Value, _ what: String, file: String) throws -> ItemList {
    if let object = value.object as? ItemListValue { return object.list }
    func wrong(_ what: String) -> DatasetError { .list(file, .form(what), count: 1, first: []) }
    guard let rows = value.list else { throw wrong("`\(what)`, which is no list of pictures") }
    var list = ItemList()
    for (place, row) in rows.enumerated() {
      guard let row = row.list, row.count == 3, let path = row[0].string, let label = row[1].int,
        let name = row[2].string
      else { throw wrong("`\(what)[\(place)]`, which is not [path, label, name]") }
      list.append(path, label: label, name: name)
    }
    return list
  }
}
