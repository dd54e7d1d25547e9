package import Tensor

/// The gradients of the leaves that a loss depends on.
package struct Gradients {
  private var tensors: [ObjectIdentifier: Tensor] = [:]

  /// The gradient of a parameter; nil when the loss does not depend on it.
  package subscript(parameter: Variable) -> Tensor? { tensors[ObjectIdentifier(parameter)] }

  fileprivate mutating func set(_ gradient: Tensor, of parameter: Variable) {
    tensors[ObjectIdentifier(parameter)] = gradient
  }
}

extension Variable {
  /// Differentiates this scalar with respect to every leaf it depends on.
  ///
  /// Throws ``TensorError/shape(_:_:expected:)`` when the variable is not a scalar.
  package func backward() throws(TensorError) -> Gradients {
    guard value.count == 1 else { throw .shape("gradients", shape, expected: "a scalar") }
    return try backward(upstream: Tensor(repeating: 1, shape: shape))
  }

  /// Pulls `upstream`, the gradient of this variable, back to the leaves. The record is used up.
  package func backward(upstream: Tensor) throws(TensorError) -> Gradients {
    var gradients = Gradients()
    guard requiresGradient else { return gradients }
    arrived = upstream
    let order = history()
    do {
      for variable in order {
        guard let arrived = variable.arrived else { continue }
        variable.arrived = nil
        if let record = variable.record {
          variable.record = nil
          try record.pull(arrived)
        } else {
          gradients.set(arrived, of: variable)
        }
      }
    } catch {
      for variable in order { variable.arrived = nil }
      throw error
    }
    return gradients
  }

  /// Everything this variable depends on that needs a gradient, latest first.
  private func history() -> [Variable] {
    var seen: Set<ObjectIdentifier> = [ObjectIdentifier(self)]
    var order: [Variable] = [self]
    var next = 0
    while next < order.count {
      for operand in order[next].record?.operands ?? [] where operand.requiresGradient {
        if seen.insert(ObjectIdentifier(operand)).inserted { order.append(operand) }
      }
      next += 1
    }
    return order.enumerated().sorted {
      ($1.element.generation, $0.offset) < ($0.element.generation, $1.offset)
    }.map(\.element)
  }
}

extension Variable.Record {
  fileprivate func pull(_ upstream: Tensor) throws(TensorError) {
    let gradients = try pullback(upstream)
    precondition(
      gradients.count == operands.count,
      "\(operation) has \(operands.count) operands and returned \(gradients.count) gradients")
    for (operand, gradient) in zip(operands, gradients) where operand.requiresGradient {
      guard let gradient else { continue }
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
