package import Tensor

extension Variable {
  /// x + y, broadcasting.
  package func plus(_ other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.sum, with: other.value)
    let (a, b) = (shape, other.shape)
    return Variable(value, .sum, [self, other]) { (dy) throws(TensorError) in
      [try dy.sum(to: a), try dy.sum(to: b)]
    }
  }

  /// x − y, broadcasting.
  package func minus(_ other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.difference, with: other.value)
    let (a, b) = (self, other)
    return Variable(value, .difference, [self, other]) { (dy) throws(TensorError) in
      [
        a.requiresGradient ? try dy.sum(to: a.shape) : nil,
        b.requiresGradient ? try dy.mapped(.negated).sum(to: b.shape) : nil,
      ]
    }
  }

  /// x y, element by element, broadcasting.
  package func times(_ other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.product, with: other.value)
    let (a, b) = (Operand(self, with: other), Operand(other, with: self))
    return Variable(value, .product, [self, other]) { (dy) throws(TensorError) in
      try [(a, b), (b, a)].mapping { (own, other) throws(TensorError) in
        guard own.isWanted, let factor = other.saved else { return nil }
        return try dy.combined(.product, with: factor).sum(to: own.shape)
      }
    }
  }

  /// x / y, element by element, broadcasting.
  package func divided(by other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.quotient, with: other.value)
    let (a, b) = (Operand(self), Operand(other))
    let divisor = other.value
    let quotient = b.isWanted ? value : nil
    return Variable(value, .quotient, [self, other]) { (dy) throws(TensorError) in
      let scaled = try dy.combined(.quotient, with: divisor)
      let db: Tensor? =
        if let quotient {
          try scaled.combined(.product, with: quotient).mapped(.negated).sum(to: b.shape)
        } else {
          nil
        }
      return [a.isWanted ? try scaled.sum(to: a.shape) : nil, db]
    }
  }

  /// x^y, element by element, broadcasting. The gradient of the exponent is 0 where x ≤ 0.
  package func raised(to other: Variable) throws(TensorError) -> Variable {
    let value = try value.combined(.power, with: other.value)
    let (x, y) = (self.value, other.value)
    let (a, b) = (Operand(self), Operand(other))
    return Variable(value, .power, [self, other]) { (dy) throws(TensorError) in
      var da: Tensor? = nil
      if a.isWanted {
        let lower = try x.combined(.power, with: y.combined(.difference, with: Tensor(1)))
        let slope = try lower.combined(.product, with: y)
        da = try dy.combined(.product, with: slope).sum(to: a.shape)
      }
      var db: Tensor? = nil
      if b.isWanted {
        let positive = try Tensor(0).combined(.less, with: x)
        let safe = try x.combined(.maximum, with: Tensor(.leastNormalMagnitude))
        let slope = try value.combined(.product, with: safe.mapped(.logarithm))
          .combined(.product, with: positive)
        db = try dy.combined(.product, with: slope).sum(to: b.shape)
      }
      return [da, db]
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
    return Variable(value, operation, [self, other]) { (dy) throws(TensorError) in
      let first =
        function == .maximum
        ? try y.combined(.lessOrEqual, with: x) : try x.combined(.lessOrEqual, with: y)
      let da = try dy.combined(.product, with: first)
      let db = try dy.combined(.difference, with: da)
      return [try da.sum(to: x.shape), try db.sum(to: y.shape)]
    }
  }
}

/// What a pullback keeps of an operand: its shape, and its value only where the other's gradient
/// needs it.
private struct Operand {
  let isWanted: Bool
  let shape: [Int]
  let saved: Tensor?

  init(_ variable: Variable, with other: Variable? = nil) {
    isWanted = variable.requiresGradient
    shape = variable.shape
    saved = other?.requiresGradient == true ? variable.value : nil
  }
}

extension Array {
  /// `map` with a typed error.
  func mapping<Result>(_ transform: (Element) throws(TensorError) -> Result) throws(TensorError)
    -> [Result]
  {
    var results: [Result] = []
    results.reserveCapacity(count)
    for element in self { results.append(try transform(element)) }
    return results
  }
}
