package import Tensor

/// A value of a script, as far as it can be stored. `Bindings` turns its values into these and back.
///
/// | value | in the file |
/// |---|---|
/// | nil | an empty group |
/// | Bool, Int, Float, String | a scalar |
/// | Range | its two bounds, and an attribute `closed` |
/// | List of equal scalars, also nested to a rectangle | one array |
/// | any other List | a group of "0", "1", … |
/// | Record | a group in the record's order, keys written as ``LinkName`` says |
/// | Tensor | a Float32 array |
/// | Table | a group of columns, with `units` and `long_name` |
///
/// Each carries its kind in the attribute `duet_kind`, so that it comes back equal: an Int as an
/// Int, NaN with its bits, a key with all its characters.
package enum StoredValue {
  case nothing
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case range(StoredRange)
  case list([StoredValue])
  case record([Field])
  case tensor(Tensor)
  case table(StoredTable)

  /// A key of a record, and what belongs to it.
  package struct Field {
    /// Any text.
    package let key: String
    /// Any value.
    package let value: StoredValue

    /// A key with its value.
    package init(_ key: String, _ value: StoredValue) {
      self.key = key
      self.value = value
    }
  }
}

extension StoredValue {
  /// The sort of value.
  package var kind: StoredKind {
    switch self {
    case .nothing: .nothing
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .string: .string
    case .range: .range
    case .list: .list
    case .record: .record
    case .tensor: .tensor
    case .table: .table
    }
  }
}

/// A range of integers; a closed one contains its upper bound.
package struct StoredRange: Equatable, Sendable {
  /// The first number.
  package let lower: Int
  /// The last number, or the one after it.
  package let upper: Int
  /// Whether the upper bound belongs to the range.
  package let isClosed: Bool

  /// A range of any bounds, also an empty one.
  package init(lower: Int, upper: Int, isClosed: Bool) {
    self.lower = lower
    self.upper = upper
    self.isClosed = isClosed
  }
}

/// Columns of equal length.
package struct StoredTable: Equatable, Sendable {
  /// In order, names being different.
  package let columns: [Column]

  /// A named column; what its numbers are measured in, and a longer name, if there are.
  package struct Column: Equatable, Sendable {
    /// Any text.
    package let name: String
    /// An array of one axis.
    package let values: StoredArray
    /// "%", "s", …
    package let units: String?
    /// For captions.
    package let longName: String?

    /// A column; that it fits the others is checked by the table.
    package init(
      _ name: String, _ values: StoredArray, units: String? = nil, longName: String? = nil
    ) {
      self.name = name
      self.values = values
      self.units = units
      self.longName = longName
    }

    /// Equal in every bit.
    package static func == (a: Column, b: Column) -> Bool {
      a.name.hasSameBytes(as: b.name) && a.values == b.values && a.units == b.units
        && a.longName == b.longName
    }
  }

  /// A table; columns have one axis, equal lengths and different names. (An é is the same letter in
  /// both of its spellings, here as in scripts.)
  package init(_ columns: [Column]) throws(StoreError.Fault) {
    var names: Set<String> = []
    for column in columns {
      guard column.values.shape.count == 1 else {
        throw .refused("column \(column.name) has \(column.values.shape.count) axes")
      }
      guard column.values.shape == columns[0].values.shape else {
        throw .refused("columns \(columns[0].name) and \(column.name) differ in length")
      }
      guard names.insert(column.name).inserted else {
        throw .refused("two columns are called \(column.name)")
      }
    }
    self.columns = columns
  }
}

/// Equal means: would be stored as the same bytes, in the same order.
extension StoredValue: Equatable {
  /// Equal in every bit.
  package static func == (a: StoredValue, b: StoredValue) -> Bool {
    switch (a, b) {
    case (.nothing, .nothing): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
    case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
    case (.range(let a), .range(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.record(let a), .record(let b)):
      a.elementsEqual(b) { $0.key.hasSameBytes(as: $1.key) && $0.value == $1.value }
    case (.tensor(let a), .tensor(let b)): a.hasSameBits(as: b)
    case (.table(let a), .table(let b)): a == b
    default: false
    }
  }
}
