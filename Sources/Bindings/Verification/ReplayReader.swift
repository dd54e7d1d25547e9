internal import Language
internal import Store
internal import Tensor

/// What a reference file holds, as values of scripts and as numbers to compare.
struct ReplayReader {
  private let engine: Engine

  init(_ engine: Engine) { self.engine = engine }

  /// A group as a record, numbers with a fraction as tensors, anything else as nested lists.
  func value(_ node: Node, at path: String) throws(ReplayFailure) -> Value {
    switch node.content {
    case .tensor(let tensor): return engine.value(tensor)
    case .array(let array):
      if case .floats = array.elements { return engine.value(try tensor(node, at: path)) }
      guard array.elements.count > 0 else { throw ReplayFailure("\(path): it holds nothing") }
      return Self.nested(array.shape[...], Engine.values(array)[...])
    case .group(let children):
      var record = Record()
      for child in children {
        record[child.name] = try value(child.node, at: "\(path)/\(child.name)")
      }
      return Value(record)
    }
  }

  /// A group of tensors.
  func tensors(_ group: Node, at path: String) throws(ReplayFailure) -> Record {
    var record = Record()
    for child in group.children {
      record[child.name] = engine.value(try tensor(child.node, at: "\(path)/\(child.name)"))
    }
    return record
  }

  /// Everything below a group that can be compared.
  func entries(_ group: Node, at path: String) throws(ReplayFailure) -> [ReplayFile.Entry] {
    var entries: [ReplayFile.Entry] = []
    for child in group.children {
      let path = path.isEmpty ? child.name : "\(path)/\(child.name)"
      if case .group = child.node.content {
        entries += try self.entries(child.node, at: path)
      } else {
        entries.append(try entry(child.node, path))
      }
    }
    return entries
  }

  private func entry(_ node: Node, _ path: String) throws(ReplayFailure) -> ReplayFile.Entry {
    let (shape, values): ([Int], [Double])
    switch node.content {
    case .tensor(let tensor): (shape, values) = (tensor.shape, tensor.elements.map(Double.init))
    case .array(let array):
      shape = array.shape
      switch array.elements {
      case .integers(let numbers): values = numbers.map(Double.init)
      case .floats(let numbers): values = numbers
      default: throw ReplayFailure("expected/\(path): \(array.elements.typeName), not numbers")
      }
    case .group: (shape, values) = ([], [])
    }
    guard !values.isEmpty else { throw ReplayFailure("expected/\(path): it holds nothing") }
    guard values.allSatisfy(\.isFinite) else {
      throw ReplayFailure("expected/\(path): not all of it is finite")
    }
    return ReplayFile.Entry(path: path, shape: shape, values: values)
  }

  private func tensor(_ node: Node, at path: String) throws(ReplayFailure) -> Tensor {
    do throws(StoreError.Fault) {
      return try node.float32()
    } catch {
      guard case .tensor(let error) = error else {
        throw ReplayFailure("\(path): no numbers with a fraction")
      }
      throw ReplayFailure("\(path): \(Engine.fault(error).message)")
    }
  }

  private static func nested(_ shape: ArraySlice<Int>, _ values: ArraySlice<Value>) -> Value {
    guard let count = shape.first else { return values.first ?? .nil }
    let size = values.count / count
    return Value(
      (0..<count).map { row in
        let start = values.startIndex + row * size
        return nested(shape.dropFirst(), values[start..<start + size])
      })
  }
}
