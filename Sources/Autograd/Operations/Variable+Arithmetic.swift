package import Tensor

extension Variable {
  /// x + y, broadcasting.
  package func plus(_ other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.sum, with: other.value)
    let (a, b) = (Operand(self), Operand(other))
    return Variable(value, .sum, [self, other]) { (dy) throws(TensorError) in
      [try a.summed { dy }, try b.summed { dy }]
    }
  }

  /// x − y, broadcasting.
  package func minus(_ other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.difference, with: other.value)
    let (a, b) = (Operand(self), Operand(other))
    return Variable(value, .difference, [self, other]) { (dy) throws(TensorError) in
      [try a.summed { dy }, try b.summed { dy }?.mapped(.negated)]
    }
  }

  /// x y, element by element, broadcasting.
  package func times(_ other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.product, with: other.value)
    let (a, b) = (Operand(self), Operand(other))
    let (x, y) = (b.saving(self.value), a.saving(other.value))
    return Variable(value, .product, [self, other]) { (dy) throws(TensorError) in
      [try a.summed(dy, times: y), try b.summed(dy, times: x)]
    }
  }

  /// x / y, element by element, broadcasting.
  package func divided(by other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.quotient, with: other.value)
    let (a, b) = (Operand(self), Operand(other))
    let divisor = other.value
    let quotient = b.saving(value)
    return Variable(value, .quotient, [self, other]) { (dy) throws(TensorError) in
      let scaled = try dy.combined(.quotient, with: divisor)
      return [
        try a.summed { scaled },
        try b.summed(scaled, times: quotient)?.mapped(.negated),
      ]
    }
  }

  /// x^y, element by element, broadcasting. The gradient of the exponent is 0 where x ≤ 0.
  package func raised(to other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.power, with: other.value)
    let (a, b) = (Operand(self), Operand(other))
    let (x, y) = (self.value, a.saving(other.value))
    let power = b.saving(value)
    return Variable(value, .power, [self, other]) { (dy) throws(TensorError) in
      [
        try y.map { (y) throws(TensorError) in
          // Where y is 0 the slope is 0, also at x = 0: there x⁰ stands in for x⁻¹.
          let exponent = try y.combined(.difference, with: Tensor(1))
            .combined(.sum, with: y.combined(.equal, with: Tensor(0)))
          let slope = try x.combined(.power, with: exponent).combined(.product, with: y)
          return try dy.combined(.product, with: slope).sum(to: a.shape)
        },
        try power.map { (power) throws(TensorError) in
          let positive = try Tensor(0).combined(.less, with: x)
          let safe = try x.combined(.maximum, with: Tensor(.leastNormalMagnitude))
          let slope = try power.combined(.product, with: safe.mapped(.logarithm))
            .combined(.product, with: positive)
          return try dy.combined(.product, with: slope).sum(to: b.shape)
        },
      ]
    }
  }

  /// The larger of x and y, element by element; on a tie the gradient goes to x.
  package func maximum(_ other: Variable) throws(TensorError) -> Variable {
    try chosen(.maximum, other, .maximum)
  }

  /// The smaller of x and y, element by element; on a tie the gradient goes to x.
  package func minimum(_ other: Variable) throws(TensorError) -> Variable {
    try chosen(.minimum, other, .minimum)
  }

  private func chosen(_ function: Pairwise, _ other: Variable, _ operation: Operation)
    throws(TensorError) -> Variable
  {
    let value = try value.combined(function, with: other.value)
    let (x, y) = (self.value, other.value)
    let (a, b) = (Operand(self), Operand(other))
    return Variable(value, operation, [self, other]) { (dy) throws(TensorError) in
      let first =
        function == .maximum
        ? try y.combined(.lessOrEqual, with: x) : try x.combined(.lessOrEqual, with: y)
      let da = try dy.combined(.product, with: first)
      return [
        try a.summed { da },
        try b.summed { () throws(TensorError) in try dy.combined(.difference, with: da) },
      ]
    }
  }
}
