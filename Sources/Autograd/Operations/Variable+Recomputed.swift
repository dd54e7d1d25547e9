package import Tensor

extension Variable {
  /// A result that keeps nothing for the backward pass but its inputs: `body` runs without a record
  /// now and once more, with one, when its gradient is wanted.
  ///
  /// Bounds memory at the price of a second forward pass: one image, or one chunk of classes, at a
  /// time. Gradients reach `inputs` only; whatever else `body` uses counts as constant.
  package static func recomputed(
    _ inputs: [Variable],
    _ body: @escaping ([Variable]) throws(TensorError) -> Variable
  ) throws(TensorError) -> Variable {
    let value = try body(inputs.map(\.detached)).value
    let tensors = inputs.map(\.value)
    let wanted = inputs.map(\.requiresGradient)
    return Variable(value, .recomputed, inputs) { (dy) throws(TensorError) in
      let again = zip(tensors, wanted).map { Variable($0, requiresGradient: $1) }
      let gradients = try body(again).backward(upstream: dy)
      return again.map { gradients[$0] }
    }
  }
}
