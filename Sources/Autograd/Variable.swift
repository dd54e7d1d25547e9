package import Tensor

/// A tensor that remembers how it came to be, so that a loss can be differentiated.
///
/// An operation writes its value and, directly below, its pullback: the closure that turns the
/// gradient of the result into those of the operands. The pullback captures only the tensors it
/// needs, never a variable. Operands that need no gradient cost nothing: nothing is saved for them and
/// nothing is computed for them, and a result of such operands alone is a constant without any record.
///
/// ``backward()`` walks the record (`Node`) once, from the latest result to the earliest, frees it on
/// the way, and returns the gradients of the leaves. Neither it nor the release of a record recurses: a
/// step of a deep network on many tokens would overflow the stack.
///
/// A variable is a class because identity is its meaning: a gradient belongs to *this* parameter.
package final class Variable {
  /// The number itself. Only ``Optimizer`` and ``assign(_:)`` change it, and only in leaves.
  package internal(set) var value: Tensor {
    didSet { version &+= 1 }
  }
  /// How often the number has changed, for those who keep something made of it.
  package private(set) var version = 0
  /// Where the variable stands in the record; nil for a constant.
  private(set) var node: Node?

  /// Turns the gradient of a result into those of its operands, nil for those without one.
  typealias Pullback = (Tensor) throws(TensorError) -> [Tensor?]

  /// A number without a history: a constant, or with `requiresGradient` a parameter.
  package init(_ value: Tensor, requiresGradient: Bool = false) {
    self.value = value
    node = requiresGradient ? Node(shape: value.shape) : nil
  }

  /// The result of an operation. Its record is kept only if an operand needs a gradient.
  init(
    _ value: Tensor, _ operation: Operation, _ operands: [Variable], pullback: @escaping Pullback
  ) {
    self.value = value
    node = Node(
      shape: value.shape,
      .init(operation: operation, operands: operands.map(\.node), pullback: pullback))
  }

  /// The extent of each axis.
  package var shape: [Int] { value.shape }

  /// Whether anyone will ask for this variable's gradient.
  package var requiresGradient: Bool { node != nil }

  /// Whether this is a parameter or a constant rather than a result.
  package var isLeaf: Bool {
    guard let node else { return true }
    if case .leaf = node.history { return true }
    return false
  }

  /// The same number as a constant.
  package var detached: Variable { requiresGradient ? Variable(value) : self }

  /// Starts or stops asking for a leaf's gradient; records that exist already are not affected.
  package func setRequiresGradient(_ requiresGradient: Bool) {
    precondition(isLeaf, "only a leaf can be frozen or trained")
    if requiresGradient != self.requiresGradient {
      node = requiresGradient ? Node(shape: shape) : nil
    }
  }

  /// Replaces the number of a parameter by one of the same shape.
  package func assign(_ value: Tensor) throws(TensorError) {
    guard value.shape == self.value.shape else { throw .shapes("assign", shape, value.shape) }
    self.value = value
  }
}
