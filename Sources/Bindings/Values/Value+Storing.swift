internal import Language
internal import Store
internal import Tensor

extension Engine {
  /// A script's value as a file keeps it.
  func stored(_ value: Value) throws -> StoredValue {
    switch value {
    case .nil: .nothing
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .float(let number): .float(number)
    case .string(let box): .string(box.text)
    case .range(let range): .range(.init(lower: range.start, upper: range.end, isClosed: false))
    case .list(let box): .list(try box.items.map(stored))
    case .record(let box):
      .record(try box.record.entries.map { .init($0.key, try stored($0.value)) })
    default:
      if let tensor = value.object as? TensorValue {
        .tensor(tensor.tensor)
      } else if let table = value.object as? TableValue {
        .table(try StoredTable(table.columns.map(column)))
      } else {
        throw Fault(
          .type, "\(value.describedKind) cannot be stored",
          help: "tensors, numbers, texts, lists, records, tables, modules and results can")
      }
    }
  }

  /// What a file kept, as a script's value.
  func value(_ stored: StoredValue) throws -> Value {
    switch stored {
    case .nothing: .nil
    case .bool(let flag): .bool(flag)
    case .int(let number): .int(number)
    case .float(let number): .float(number)
    case .string(let text): Value(text)
    case .range(let range):
      .range(RangeBox(range.lower, range.isClosed ? range.upper + 1 : range.upper))
    case .list(let items): Value(try items.map(value))
    case .record(let fields): Value(Record(try fields.map { ($0.key, try value($0.value)) }))
    case .tensor(let tensor): value(tensor)
    case .table(let table):
      Value(TableValue(table.columns.map { .init($0.name, Self.values($0.values)) }))
    }
  }

  /// A column: numbers stay numbers, a missing one is NaN; anything else becomes text.
  private func column(_ column: TableValue.Column) throws -> StoredTable.Column {
    let values = column.values
    if !values.isEmpty, values.allSatisfy({ $0.int != nil }) {
      return .init(column.name, .integers(values.compactMap(\.int)))
    }
    if values.allSatisfy({ $0.number != nil || $0.isNil }) {
      let numbers = values.map { $0.number ?? .nan }
      return .init(column.name, StoredArray(shape: [numbers.count], .floats(numbers)))
    }
    return .init(
      column.name, .strings(values.map { $0.string ?? $0.number.map { "\($0)" } ?? "" }))
  }

  static func values(_ array: StoredArray) -> [Value] {
    switch array.elements {
    case .integers(let numbers): numbers.map(Value.int)
    case .floats(let numbers): numbers.map(Value.float)
    case .booleans(let flags): flags.map(Value.bool)
    case .strings(let texts): texts.map { Value($0) }
    }
  }
}
