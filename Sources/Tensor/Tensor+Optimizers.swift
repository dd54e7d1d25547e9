internal import CKernels
internal import Glibc

/// One step of an optimizer on one tensor, in place; the rules stand in `Autograd/Optimizer`. A step
/// that throws leaves the tensor and the memory of the rule as they were.
extension Tensor {
  /// g = gradient + decay p,  b = momentum b + g (b = g at first),  p −= rate b
  package mutating func stepSGD(
    gradient: Tensor, buffer: inout Tensor?, rate: Double, momentum: Double, decay: Double
  ) throws(TensorError) {
    guard gradient.shape == shape else { throw .shapes("SGD", shape, gradient.shape) }
    let isFirst = buffer == nil
    var velocity = if let buffer { buffer } else { try Tensor.uninitialized(shape) }
    guard velocity.shape == shape else { throw .shapes("SGD", shape, velocity.shape) }
    try makeWritable()
    buffer = nil
    defer { buffer = velocity }
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
    var (first, second) = if let moments { moments } else { try Self.noMoments(shape) }
    guard first.shape == shape, second.shape == shape else {
      throw .shapes("Adam", shape, first.shape)
    }
    try makeWritable()
    moments = nil
    defer { moments = (first, second) }
    let count = count
    let corrections = (
      1 - pow(step.beta1, Double(step.step)), 1 - pow(step.beta2, Double(step.step))
    )
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
  }

  private static func noMoments(_ shape: [Int]) throws(TensorError) -> (Tensor, Tensor) {
    (try Tensor(repeating: 0, shape: shape), try Tensor(repeating: 0, shape: shape))
  }
}
