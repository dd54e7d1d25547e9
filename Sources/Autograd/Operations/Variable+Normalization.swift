package import Tensor

extension Variable {
  /// Normalises each row to zero mean and unit variance, then scales and shifts it.
  ///
  ///     y = (x − mean) / √(variance + ε) · scale + shift
  ///
  /// x: [..., D], scale: [D], shift: [D] → [..., D]. The variance divides by D. Keeps the input and
  /// two numbers a row.
  package func layerNorm(scale: Variable, shift: Variable, epsilon: Float = 1e-5)
    throws(TensorError) -> Variable
  {
    let x = value
    let (value, statistics) = try x.layerNormalized(
      scale: scale.value, shift: shift.value, epsilon: epsilon)
    let (a, b, c) = (Operand(self), Operand(scale), Operand(shift))
    let factor = scale.value
    return Variable(value, .layerNorm, [self, scale, shift]) { (dy) throws(TensorError) in
      [
        try a.gradient { () throws(TensorError) in
          try x.layerNormalizedGradient(scale: factor, statistics, upstream: dy)
        },
        try b.gradient { () throws(TensorError) in
          try x.layerNormScaleGradient(statistics, upstream: dy)
        },
        try c.gradient { () throws(TensorError) in try dy.asRows().sum(axes: [0]) },
      ]
    }
  }

  /// x / ‖x‖₂ along the last axis, without an epsilon.
  package func normalized() throws(TensorError) -> Variable {
    let (value, lengths) = try value.normalized()
    return Variable(value, .normalized, [self]) { (dy) throws(TensorError) in
      [try value.normalizedGradient(lengths: lengths, upstream: dy)]
    }
  }

  /// softmax along the last axis.
  package func softmax() throws(TensorError) -> Variable {
    let value = try value.softmax()
    return Variable(value, .softmax, [self]) { (dy) throws(TensorError) in
      [try value.softmaxGradient(upstream: dy)]
    }
  }

  /// log softmax along the last axis.
  package func logSoftmax() throws(TensorError) -> Variable {
    let value = try value.logSoftmax()
    return Variable(value, .logSoftmax, [self]) { (dy) throws(TensorError) in
      [try value.logSoftmaxGradient(upstream: dy)]
    }
  }
}
