internal import Tensor

/// Nodes as script values. What Duet did not write has no kind and is taken as what it looks like:
/// a group as a record, a Float32 array as a tensor, any other array as lists of scalars.
extension StoredValue {
  /// The value that a node restores; `file` and `path` are for the error.
  package init(_ node: Node, file: String, path: String) throws(StoreError) {
    if case .array(let array) = node.content, array.emptyLists > Self.mostEmptyLists {
      throw StoreError(
        file: file, path: path, .tooLarge(needed: array.emptyLists, limit: Self.mostEmptyLists))
    }
    func wrong(_ kind: StoredKind) -> StoreError {
      StoreError(file: file, path: path, .kind(expected: kind.rawValue, found: node.summary))
    }
    switch (node.kind, node.content) {
    case (nil, _): try self.init(foreign: node, file, path)
    case (.nothing, .group): self = .nothing
    case (.table, .group(let children)): self = try Self.table(children, file, path)
    case (.record, .group(let children)):
      self = .record(try Self.fields(children, file, path) { LinkName.unescaped($0) })
    case (.list, .group(let children)):
      self = .list(try Self.fields(children, file, path) { $0 }.map(\.value))
    case (.tensor, .tensor(let tensor)): self = .tensor(tensor)
    case (let kind?, .array(let array)):
      let array = node.unescaped(array)
      guard let value = StoredValue(array, kind, node) else { throw wrong(kind) }
      self = value
    case (let kind?, _): throw wrong(kind)
    }
  }

  /// An array without elements, of shape [10¹², 0], costs nothing until it becomes lists.
  private static let mostEmptyLists = 1 << 20

  /// A scalar, range or list.
  private init?(_ array: StoredArray, _ kind: StoredKind, _ node: Node) {
    switch (kind, array.elements) {
    case (.list, _) where !array.shape.isEmpty: self = Self.nested(array)
    case (.bool, .booleans(let values)) where array.shape.isEmpty: self = .bool(values[0])
    case (.int, .integers(let values)) where array.shape.isEmpty: self = .int(values[0])
    case (.float, .floats(let values)) where array.shape.isEmpty: self = .float(values[0])
    case (.string, .strings(let values)) where array.shape.isEmpty: self = .string(values[0])
    case (.range, .integers(let values)) where array.shape == [2]:
      guard case .booleans(let closed)? = node.attribute("closed")?.elements, closed.count == 1
      else { return nil }
      self = .range(StoredRange(lower: values[0], upper: values[1], isClosed: closed[0]))
    default: return nil
    }
  }

  private init(foreign node: Node, _ file: String, _ path: String) throws(StoreError) {
    switch node.content {
    case .group(let children): self = .record(try Self.fields(children, file, path) { $0 })
    case .tensor(let tensor): self = .tensor(tensor)
    case .array(let array): self = Self.nested(array)
    }
  }

  private static func fields(
    _ children: [Node.Child], _ file: String, _ path: String, key: (String) -> String
  ) throws(StoreError) -> [Field] {
    var fields: [Field] = []
    for child in children {
      let childPath = LinkName.path(path, child.name)
      let value = try StoredValue(child.node, file: file, path: childPath)
      fields.append(Field(key(child.name), value))
    }
    // Names that differ in bytes can be equal as text (é has two spellings).
    guard Set(fields.map(\.key)).count == fields.count else {
      throw StoreError(file: file, path: path, .unsupported("two names that are equal as text"))
    }
    return fields
  }

  /// An array as lists of lists; a scalar as itself.
  private static func nested(_ array: StoredArray) -> StoredValue {
    func leaf(_ index: Int) -> StoredValue {
      switch array.elements {
      case .integers(let values): .int(values[index])
      case .floats(let values): .float(values[index])
      case .booleans(let values): .bool(values[index])
      case .strings(let values): .string(values[index])
      }
    }
    func lists(_ axis: Int, _ start: Int, _ count: Int) -> StoredValue {
      guard axis < array.shape.count else { return leaf(start) }
      let extent = array.shape[axis]
      let inner = extent == 0 ? 0 : count / extent
      return .list((0..<extent).map { lists(axis + 1, start + $0 * inner, inner) })
    }
    return lists(0, 0, array.elements.count)
  }

  private static func table(
    _ children: [Node.Child], _ file: String, _ path: String
  ) throws(StoreError) -> StoredValue {
    var columns: [StoredTable.Column] = []
    for child in children {
      guard case .array(let array) = child.node.content else {
        throw StoreError(
          file: file, path: LinkName.path(path, child.name),
          .kind(expected: "a column", found: child.node.summary))
      }
      columns.append(
        StoredTable.Column(
          LinkName.unescaped(child.name), child.node.unescaped(array),
          units: child.node.attribute("units")?.text,
          longName: child.node.attribute("long_name")?.text))
    }
    do throws(Fault) {
      return .table(try StoredTable(columns))
    } catch {
      throw StoreError(file: file, path: path, error)
    }
  }
}

extension StoredArray {
  /// How many lists an array without elements stands for.
  fileprivate var emptyLists: Int {
    guard shape.contains(0) else { return 0 }
    return shape.prefix { $0 > 0 }.reduce(1) { count, extent in
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      return overflow ? .max : product
    }
  }
}

extension Node {
  /// What a node is, in a few words: "group", "tensor [4, 512]", "int64 [3]".
  package var summary: String {
    switch content {
    case .group: "group"
    case .tensor(let tensor): "tensor \(tensor.shape)"
    case .array(let array): array.elements.typeName + (array.shape.isEmpty ? "" : " \(array.shape)")
    }
  }

  /// The texts of an array that was written with an escape, as they were.
  fileprivate func unescaped(_ array: StoredArray) -> StoredArray {
    guard case .strings(let texts) = array.elements,
      attribute(EscapedText.attribute) == .boolean(true)
    else { return array }
    return StoredArray(shape: array.shape, .strings(texts.map(EscapedText.unescaped)))
  }
}
