package import Tensor

extension Variable {
  /// A function of one number, applied to each element.
  package func mapped(_ function: Elementwise) throws(TensorError) -> Variable {
    let y = try value.mapped(function)
    let saved = function.slopeNeedsValue ? y : value
    return Variable(y, Operation(function), [self]) { (dy) throws(TensorError) in
      [try saved.mappedGradient(function, upstream: dy)]
    }
  }

  /// x times a plain number.
  package func scaled(by factor: Float) throws(TensorError) -> Variable {
    try times(Variable(Tensor(factor)))
  }
}

extension Operation {
  fileprivate init(_ function: Elementwise) {
    self =
      switch function {
      case .negated: .negated
      case .exponential: .exponential
      case .logarithm: .logarithm
      case .squareRoot: .squareRoot
      case .magnitude: .magnitude
      case .relu: .relu
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      case .gelu: .gelu
      case .quickGELU: .quickGELU
      }
  }
}
