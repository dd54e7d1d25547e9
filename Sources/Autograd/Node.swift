internal import Tensor

/// The place of a parameter or a result in the record of operations.
///
/// A record holds nodes, not variables: the number of an operand stays in memory only where a pullback
/// has captured it. So a block that normalises, projects and mixes its rows keeps what its pullbacks
/// need and none of the results in between.
final class Node {
  /// The shape of the variable, and of its gradient.
  let shape: [Int]
  /// One more than the latest of the operands: the order in which the record is walked.
  let generation: Int
  private(set) var history: History
  /// The sum of what has arrived during a backward pass.
  var arrived: Tensor?

  enum History {
    /// A parameter.
    case leaf
    case record(Record)
    /// A backward pass has used the record up.
    case spent
  }

  /// How a result came to be. Operands without a node need no gradient.
  struct Record {
    let operation: Operation
    let operands: [Node?]
    let pullback: Variable.Pullback
  }

  /// A parameter.
  init(shape: [Int]) {
    self.shape = shape
    generation = 0
    history = .leaf
  }

  /// A result; nil when no operand needs a gradient.
  init?(shape: [Int], _ record: Record) {
    guard let latest = record.operands.lazy.compactMap({ $0?.generation }).max() else { return nil }
    self.shape = shape
    generation = latest + 1
    history = .record(record)
  }

  /// The record, which is forgotten.
  func takeRecord() -> Record? {
    guard case .record(let record) = history else { return nil }
    history = .spent
    return record
  }

  /// Frees a long history in a loop: one release inside the other would overflow the stack.
  deinit {
    var pending = takeRecord()?.operands ?? []
    while let last = pending.popLast() {
      guard var node = last else { continue }
      if isKnownUniquelyReferenced(&node), let record = node.takeRecord() {
        pending += record.operands
      }
    }
  }
}
