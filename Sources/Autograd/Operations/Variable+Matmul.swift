package import Tensor

extension Variable {
  /// The matrix product over the last two axes; leading axes broadcast, vectors follow NumPy.
  ///
  ///     y = a b,   da = dy bᵀ,   db = aᵀ dy
  package func matmul(_ other: Variable) throws(TensorError) -> Variable {
    try matmul(other, otherTransposed: false)
  }

  /// a bᵀ over the last two axes, without moving b.
  package func matmulTransposed(_ other: Variable) throws(TensorError) -> Variable {
    guard shape.count >= 2, other.shape.count >= 2 else {
      throw .shapes("@", shape, other.shape)
    }
    return try matmul(other, otherTransposed: true)
  }

  private func matmul(_ other: Variable, otherTransposed: Bool) throws(TensorError) -> Variable {
    let value = try value.matmul(other.value, otherTransposed: otherTransposed)
    let (a, b) = (Operand(other).saving(self.value), Operand(self).saving(other.value))
    let (aShape, bShape) = (shape, other.shape)
    return Variable(value, .matmul, [self, other]) { (dy) throws(TensorError) in
      let dy = try dy.reshaped(to: Self.productShape(aShape, bShape, dy.shape))
      var da: Tensor? = nil
      if let b = try b?.asColumn() {
        da = try dy.matmul(b, otherTransposed: !otherTransposed).sum(to: aShape.asRow)
          .reshaped(to: aShape)
      }
      var db: Tensor? = nil
      if let a = try a?.asRow() {
        db =
          bShape.count <= 2
          ? try Self.factorGradient(a.asRows(), dy.asRows(), otherTransposed)
            .reshaped(to: bShape)
          : try Self.factorGradient(a, dy, otherTransposed).sum(to: bShape)
      }
      return [da, db]
    }
  }

  /// aᵀ dy, or dyᵀ a when the factor is stored transposed.
  private static func factorGradient(_ a: Tensor, _ dy: Tensor, _ isTransposed: Bool)
    throws(TensorError) -> Tensor
  {
    isTransposed ? try dy.matmul(a, transposed: true) : try a.matmul(dy, transposed: true)
  }

  /// The shape of the product with the axes that vectors lost put back.
  private static func productShape(_ a: [Int], _ b: [Int], _ y: [Int]) -> [Int] {
    var shape = y
    if b.count == 1 { shape.append(1) }
    if a.count == 1 { shape.insert(1, at: shape.count - 1) }
    return shape
  }
}

extension Tensor {
  fileprivate func asRow() throws(TensorError) -> Tensor { try reshaped(to: shape.asRow) }
  fileprivate func asColumn() throws(TensorError) -> Tensor { try reshaped(to: shape.asColumn) }
}

extension [Int] {
  /// A vector as a matrix of one row; other shapes as they are.
  fileprivate var asRow: [Int] { count == 1 ? [1] + self : self }
  /// A vector as a matrix of one column; other shapes as they are.
  fileprivate var asColumn: [Int] { count == 1 ? self + [1] : self }
}
