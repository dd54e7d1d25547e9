internal import CLIP
package import Language
internal import Tensor

/// Classes that were tokenised elsewhere, as scripts hold them.
package final class TokenTableValue: HostObject {
  let table: TokenTable

  init(_ table: TokenTable) { self.table = table }

  package var typeName: String { "TokenTable" }
  package var summary: String { "TokenTable of \(table.rows.count) classes" }
}

extension TokenTableValue: HostSequence {
  package var count: Int { table.rows.count }
  package func element(_ position: Int) throws -> Value {
    Value(table.rows[position].map(Value.int))
  }
}

extension TokenTableValue: HostEquatable {
  package func equals(_ other: Value) throws -> Bool {
    (other.object as? TokenTableValue)?.table == table
  }
}

extension TokenTableValue: HostOperators {
  /// `a + b` has the classes of both.
  package func apply(_ operation: BinaryOperator, with other: Value, from side: OperandSide) throws
    -> Value?
  {
    guard operation == .add, let other = other.object as? TokenTableValue else { return nil }
    return Value(TokenTableValue(table.joined(with: other.table)))
  }

  package func negated() throws -> Value? { nil }
}

extension TokenTableValue: HostIndexable {
  /// One class as its row of tokens; a slice, a list of positions or a mask as a table.
  package func element(at index: [IndexPart]) throws -> Value {
    let places = try Tensor(shape: [count], elements: (0..<count).map(Float.init))
    let part = try tensorIndex(index)
    let picked = try places.indexed(IndexPlan([part], shape: [count])).elements.map { Int($0) }
    if case .position = part { return try element(picked[0]) }
    return Value(TokenTableValue(table.classes(at: picked)))
  }

  private func tensorIndex(_ index: [IndexPart]) throws -> TensorIndex {
    guard index.count == 1, let part = index.first else {
      throw Fault(.index, "a TokenTable has one axis, its classes")
    }
    switch part {
    case .slice(let start, let stop, let step):
      return .slice(start: start, stop: stop, step: step ?? 1)
    case .value(.int(let position)): return .position(position)
    case .value(.range(let range)): return .list(range.positions(in: count))
    case .value(.list(let box)):
      let flags = box.items.compactMap(\.bool)
      if flags.count == count, flags.count == box.items.count {
        return .list(flags.indices.filter { flags[$0] })
      }
      let positions = box.items.compactMap(\.int)
      if positions.count == box.items.count { return .list(positions) }
    case .value, .newAxis, .ellipsis: break
    }
    throw Fault(
      .index, "classes of a TokenTable are picked by a position, a slice, or a list of positions")
  }
}
