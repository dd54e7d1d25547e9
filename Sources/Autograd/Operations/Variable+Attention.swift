package import Tensor

extension Variable {
  /// Multi-head attention over packed rows, where one [R, 3 D] matrix holds Q, K and V side by side.
  ///
  /// See ``Tensor/Attention``. Keeps the matrix, not the probabilities.
  package func attention(_ layout: AttentionLayout) throws(TensorError) -> Variable {
    guard shape.count == 2, shape[1] % 3 == 0 else {
      throw .shape("attention", shape, expected: "[rows, 3 width]")
    }
    let attention = try Attention(
      queries: value, keysValues: value, width: shape[1] / 3, layout: layout)
    return Variable(try attention(), .attention, [self]) { (dy) throws(TensorError) in
      [try attention.gradients(upstream: dy, packed: true).keysValues]
    }
  }

  /// The same with the queries apart: queries [Q, D], keysValues [R, 2 D] → [Q, D].
  package static func attention(
    queries: Variable, keysValues: Variable, _ layout: AttentionLayout
  ) throws(TensorError) -> Variable {
    guard queries.shape.count == 2 else {
      throw .shape("attention", queries.shape, expected: "[rows, width]")
    }
    let attention = try Attention(
      queries: queries.value, keysValues: keysValues.value, width: queries.shape[1], layout: layout)
    return Variable(try attention(), .attention, [queries, keysValues]) {
      (dy) throws(TensorError) in
      let gradients = try attention.gradients(upstream: dy, packed: false)
      return [gradients.queries, gradients.keysValues]
    }
  }
}
