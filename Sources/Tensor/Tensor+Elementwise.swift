internal import CKernels

/// A function of one number, applied to each element.
package enum Elementwise: UInt32, CaseIterable, Sendable {
  case negated, exponential, logarithm, squareRoot, magnitude, relu, sigmoid, tanh
  /// Exact: x Φ(x) = ½ x (1 + erf(x / √2)).
  case gelu
  /// OpenAI's: x sigmoid(1.702 x).
  case quickGELU

  var code: duet_unary { duet_unary(rawValue: rawValue) }

  /// Whether the derivative is written in terms of the function's value, as that of e^x is; the
  /// others' need x.
  package var slopeNeedsValue: Bool {
    switch self {
    case .exponential, .squareRoot, .sigmoid, .tanh: true
    case .negated, .logarithm, .magnitude, .relu, .gelu, .quickGELU: false
    }
  }
}

/// A function of two numbers, applied with broadcasting.
package enum Pairwise: UInt32, CaseIterable, Sendable {
  case sum, difference, product, quotient, power, maximum, minimum
  /// 1 where the comparison holds, 0 elsewhere.
  case equal, less, lessOrEqual

  var code: duet_binary { duet_binary(rawValue: rawValue) }

  var name: String {
    switch self {
    case .sum: "+"
    case .difference: "-"
    case .product: "*"
    case .quotient: "/"
    case .power: "**"
    case .maximum: "maximum"
    case .minimum: "minimum"
    case .equal: "eq"
    case .less: "<"
    case .lessOrEqual: "<="
    }
  }
}

extension Tensor {
  /// Applies `function` to each element.
  package func mapped(_ function: Elementwise) throws(TensorError) -> Tensor {
    let count = count
    return try Tensor.make(shape) { out in
      read(self) { x in
        Parallel.forEachRange(count, size: Kernels.chunk) { range in
          let start = range.lowerBound
          unsafe Kernels.best.unary(function.code, x.at(start), out.at(start), range.count)
        }
      }
    }
  }

  /// `upstream` times the derivative of `function`; this tensor is the function's value where
  /// ``Elementwise/slopeNeedsValue`` says so, its argument otherwise.
  package func mappedGradient(_ function: Elementwise, upstream: Tensor) throws(TensorError)
    -> Tensor
  {
    guard shape == upstream.shape else { throw .shapes("gradient", shape, upstream.shape) }
    let count = count
    return try Tensor.make(shape) { out in
      read(self, upstream) { saved, dy in
        Parallel.forEachRange(count, size: Kernels.chunk) { range in
          let i = range.lowerBound
          unsafe Kernels.best.unary_gradient(
            function.code, saved.at(i), dy.at(i), out.at(i), range.count)
        }
      }
    }
  }

  /// Applies `function` to each pair of elements; the shapes broadcast as in NumPy.
  package func combined(_ function: Pairwise, with other: Tensor) throws(TensorError) -> Tensor {
    let plan = try Broadcast(shape, other.shape, function.name)
    return try Tensor.make(plan.shape) { out in
      read(self, other) { a, b in
        plan.forEachRun { start, aStart, bStart in
          unsafe Kernels.best.binary(
            function.code, a.at(aStart), plan.aStep, b.at(bStart), plan.bStep, out.at(start),
            plan.run)
        }
      }
    }
  }

  /// Adds `scale` times `other`, which has the same shape, in place.
  package mutating func add(_ other: Tensor, scale: Float = 1) throws(TensorError) {
    guard shape == other.shape else { throw .shapes("add", shape, other.shape) }
    let count = count
    try write { (y) throws(TensorError) in
      read(other) { x in
        Parallel.forEachRange(count, size: Kernels.chunk) { range in
          let i = range.lowerBound
          unsafe Kernels.best.scale_add(scale, x.at(i), y.at(i), range.count)
        }
      }
    }
  }

  /// The tensor with each element multiplied by `factor`.
  package func scaled(by factor: Float) throws(TensorError) -> Tensor {
    try combined(.product, with: Tensor(factor))
  }
}
