internal import CKernels

/// One step of an optimizer on one tensor, in place; the rules stand in `Autograd/Optimizers`.
extension Tensor {
  /// g = gradient + decay p,  b = momentum b + g (b = g at first),  p −= rate b
  package mutating func stepSGD(
    gradient: Tensor, buffer: inout Tensor?, rate: Double, momentum: Double, decay: Double
  ) throws(TensorError) {
    guard gradient.shape == shape else { throw .shapes("SGD", shape, gradient.shape) }
    let isFirst = buffer == nil
    var velocity = if let buffer { buffer } else { try Tensor.uninitialized(shape) }
    buffer = nil
    let count = count
    try write { (p) throws(TensorError) in
      try velocity.write { b in
        read(gradient) { g in
          unsafe Kernels.best.sgd(
            p.start, g.start, b.start, count, Float(rate), Float(momentum), Float(decay),
            isFirst ? 1 : 0)
        }
      }
    }
    buffer = velocity
  }

  /// The numbers of one Adam step.
  package struct AdamStep {
    package var rate: Double
    package var beta1: Double
    package var beta2: Double
    package var epsilon: Double
    package var decay: Double
    /// AdamW's decay, p −= rate decay p, instead of an addition to the gradient.
    package var isDecoupled: Bool
    /// Counts from 1.
    package var step: Int

    package init(
      rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double,
      isDecoupled: Bool, step: Int
    ) {
      self.rate = rate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.decay = decay
      self.isDecoupled = isDecoupled
      self.step = step
    }
  }

  /// m = β₁ m + (1 − β₁) g,  v = β₂ v + (1 − β₂) g²,  p −= rate m̂ / (√v̂ + ε)
  package mutating func stepAdam(
    gradient: Tensor, moments: inout (first: Tensor, second: Tensor)?, _ step: AdamStep
  ) throws(TensorError) {
    guard gradient.shape == shape else { throw .shapes("Adam", shape, gradient.shape) }
    let zero = try Tensor(repeating: 0, shape: shape)
    var (first, second) = moments ?? (zero, zero)
    moments = nil
    let count = count
    let corrections = (1 - power(step.beta1, step.step), 1 - power(step.beta2, step.step))
    try write { (p) throws(TensorError) in
      try first.write { (m) throws(TensorError) in
        try second.write { v in
          read(gradient) { g in
            unsafe Kernels.best.adam(
              p.start, g.start, m.start, v.start, count, step.rate, step.beta1, step.beta2,
              Float(step.epsilon), Float(step.decay), step.isDecoupled ? 1 : 0, corrections.0,
              corrections.1)
          }
        }
      }
    }
    moments = (first, second)
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { product, _ in product * base }
  }
}
