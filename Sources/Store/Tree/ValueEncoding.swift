/// Script values as nodes.
///
/// The rules are those of the table at ``StoredValue``. A list becomes one array if its elements are
/// scalars of one kind, or lists of equal shape that do: otherwise a group, so that 1 stays an Int
/// beside 2.0. Records and tables escape their keys, and texts with NUL are escaped as a whole, for
/// HDF5 can hold neither as they are. Values that are nested more than 32 deep are refused here, for
/// a reader would refuse them, too.
extension Node {
  private static let maximumDepth = ReadLimits().depth

  /// A node that restores `value`. Refuses a value that is nested too deeply to be read again.
  package init(storing value: StoredValue) throws(StoreError.Fault) {
    try self.init(value, depth: 1)
  }

  private init(_ value: StoredValue, depth: Int) throws(Fault) {
    // The root and the groups in between count, too, so that half of the levels are left to them.
    guard depth <= Self.maximumDepth / 2 else {
      throw .tooMany("levels", limit: Self.maximumDepth / 2)
    }
    switch value {
    case .nothing: self.init(.group([]), .nothing)
    case .bool(let value): self.init(.array(.boolean(value)), .bool)
    case .int(let value): self.init(.array(.integer(value)), .int)
    case .float(let value): self.init(.array(.float(value)), .float)
    case .string(let value): self.init(.string(value), .string)
    case .range(let range):
      self.init(
        .array(.integers([range.lower, range.upper])), .range,
        [Attribute("closed", .boolean(range.isClosed))])
    case .list(let values): self = try Node(list: values, depth: depth)
    case .record(let fields): self = try Node(record: fields, depth: depth)
    case .tensor(let tensor): self.init(.tensor(tensor), .tensor)
    case .table(let table): self.init(table)
    }
  }

  private init(_ content: Content, _ kind: StoredKind, _ attributes: [Attribute] = []) {
    self.init(content, [Attribute(kind: kind)] + attributes)
  }

  /// Texts may hold NUL, which ends a text in HDF5; then all are written with an escape.
  private init(_ array: StoredArray, _ kind: StoredKind, _ attributes: [Attribute] = []) {
    guard case .strings(let texts) = array.elements,
      texts.contains(where: { $0.utf8.contains(0) })
    else {
      self.init(.array(array), kind, attributes)
      return
    }
    let escaped = StoredArray(shape: array.shape, .strings(texts.map(EscapedText.escaped)))
    let note = Attribute(EscapedText.attribute, .boolean(true))
    self.init(.array(escaped), kind, attributes + [note])
  }

  private init(list values: [StoredValue], depth: Int) throws(Fault) {
    if let array = StoredArray(packing: values) {
      self.init(array, .list)
      return
    }
    var children: [Child] = []
    for (index, value) in values.enumerated() {
      children.append(Child("\(index)", try Node(value, depth: depth + 1)))
    }
    self.init(.group(children), .list)
  }

  private init(record fields: [StoredValue.Field], depth: Int) throws(Fault) {
    var children: [Child] = []
    guard Set(fields.map(\.key)).count == fields.count else {
      throw .refused("a record with two keys that are equal")
    }
    for field in fields {
      let node = try Node(field.value, depth: depth + 1)
      children.append(Child(LinkName.escaped(field.key), node))
    }
    self.init(.group(children), .record)
  }

  private init(_ table: StoredTable) {
    let children = table.columns.map { column in
      var attributes: [Attribute] = []
      if let units = column.units { attributes.append(Attribute("units", .string(units))) }
      if let name = column.longName { attributes.append(Attribute("long_name", .string(name))) }
      return Child(LinkName.escaped(column.name), Node(column.values, .list, attributes))
    }
    self.init(.group(children), .table)
  }
}

/// Texts with a NUL: "%" and NUL are written as "%25" and "%00", and an attribute says so.
enum EscapedText {
  static let attribute = "duet_escaped"

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\0": result += "%00"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  static func unescaped(_ text: String) -> String {
    var result = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "%", rest.starts(with: "00".unicodeScalars) {
        result.unicodeScalars.append("\0")
        rest = rest.dropFirst(2)
      } else if scalar == "%", rest.starts(with: "25".unicodeScalars) {
        result.unicodeScalars.append("%")
        rest = rest.dropFirst(2)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension StoredArray {
  /// One array of a list whose elements are scalars of one kind, or lists that are such arrays of
  /// equal shape and kind; nil for any other list.
  init?(packing values: [StoredValue]) {
    guard let shape = Self.shape(of: values, rank: 1) else { return nil }
    var leaves: [StoredValue] = []
    guard Self.collect(values, shape[...], into: &leaves) else { return nil }
    guard let elements = Self.elements(leaves) else { return nil }
    self.init(shape: shape, elements)
  }

  /// The shape that the first elements promise.
  private static func shape(of values: [StoredValue], rank: Int) -> [Int]? {
    guard rank <= Dataspace.maximumRank else { return nil }
    guard case .list(let inner)? = values.first else { return [values.count] }
    return shape(of: inner, rank: rank + 1).map { [values.count] + $0 }
  }

  /// Collects the scalars; false when a list has another length than its neighbours.
  private static func collect(
    _ values: [StoredValue], _ shape: ArraySlice<Int>, into leaves: inout [StoredValue]
  ) -> Bool {
    guard values.count == shape.first else { return false }
    if shape.count == 1 {
      leaves += values
      return true
    }
    for value in values {
      guard case .list(let inner) = value, collect(inner, shape.dropFirst(), into: &leaves) else {
        return false
      }
    }
    return true
  }

  private static func elements(_ leaves: [StoredValue]) -> Elements? {
    func all<Value>(_ value: (StoredValue) -> Value?) -> [Value]? {
      let values = leaves.compactMap(value)
      return values.count == leaves.count ? values : nil
    }
    switch leaves.first {
    case nil: return .floats([])
    case .bool:
      return all { if case .bool(let value) = $0 { value } else { nil } }.map { .booleans($0) }
    case .int:
      return all { if case .int(let value) = $0 { value } else { nil } }.map { .integers($0) }
    case .float:
      return all { if case .float(let value) = $0 { value } else { nil } }.map { .floats($0) }
    case .string:
      return all { if case .string(let value) = $0 { value } else { nil } }.map { .strings($0) }
    default: return nil
    }
  }
}
