package import Tensor

/// The gradients of the leaves that a loss depends on.
package struct Gradients {
  private var entries: [ObjectIdentifier: (leaf: Node, gradient: Tensor)] = [:]

  /// The gradient of a parameter; nil when the loss does not depend on it.
  package subscript(parameter: Variable) -> Tensor? {
    guard let node = parameter.node else { return nil }
    return entries[ObjectIdentifier(node)]?.gradient
  }

  fileprivate mutating func set(_ gradient: Tensor, of leaf: Node) {
    entries[ObjectIdentifier(leaf)] = (leaf, gradient)
  }
}

extension Variable {
  /// Differentiates this scalar with respect to every leaf it depends on. The record is used up.
  ///
  /// Throws ``TensorError/shape(_:_:expected:)`` when the variable is not a scalar, and
  /// ``TensorError/value(_:_:)`` when an earlier call has used up a part of the record.
  package func backward() throws(TensorError) -> Gradients {
    guard value.count == 1 else { throw .shape("gradients", shape, expected: "a scalar") }
    return try backward(upstream: Tensor(repeating: 1, shape: shape))
  }

  /// Pulls `upstream`, the gradient of this variable, back to the leaves.
  package func backward(upstream: Tensor) throws(TensorError) -> Gradients {
    precondition(upstream.shape == shape, "a gradient \(upstream.shape) of \(shape)")
    var gradients = Gradients()
    guard let node else { return gradients }
    let order = try node.everythingBefore()
    // Also after an error, nothing may be left behind for the next pass.
    defer { for node in order { node.arrived = nil } }
    node.arrived = upstream
    for node in order {
      guard let arrived = node.arrived else { continue }
      node.arrived = nil
      if let record = node.takeRecord() {
        try record.pull(arrived)
      } else {
        gradients.set(arrived, of: node)
      }
    }
    return gradients
  }
}

extension Node {
  /// This node and everything it depends on, latest first.
  fileprivate func everythingBefore() throws(TensorError) -> [Node] {
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(self)]
    var found: [Node] = [self]
    var next = 0
    while next < found.count {
      switch found[next].history {
      case .leaf: break
      case .record(let record):
        for case let operand? in record.operands
        where seen.insert(ObjectIdentifier(operand)).inserted {
          found.append(operand)
        }
      case .spent:
        throw .value("gradients", "an earlier call has used up how this result came to be")
      }
      next += 1
    }
    return found.enumerated().sorted {
      ($1.element.generation, $0.offset) < ($0.element.generation, $1.offset)
    }.map(\.element)
  }
}

extension Node.Record {
  fileprivate func pull(_ upstream: Tensor) throws(TensorError) {
    let gradients = try pullback(upstream)
    precondition(
      gradients.count == operands.count,
      "\(operation) has \(operands.count) operands and returned \(gradients.count) gradients")
    for case (let operand?, let gradient?) in zip(operands, gradients) {
      precondition(
        gradient.shape == operand.shape,
        "\(operation) gave a gradient \(gradient.shape) to an operand \(operand.shape)")
      if operand.arrived == nil {
        operand.arrived = gradient
      } else {
        try operand.arrived?.add(gradient)
      }
    }
  }
}
