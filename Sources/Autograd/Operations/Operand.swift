internal import Tensor

/// What a pullback keeps of an operand: whether and in which shape its gradient is wanted.
struct Operand {
  let isWanted: Bool
  let shape: [Int]

  init(_ variable: Variable) {
    isWanted = variable.requiresGradient
    shape = variable.shape
  }

  /// `gradient`, computed only if it is wanted.
  func gradient(_ gradient: () throws(TensorError) -> Tensor) throws(TensorError) -> Tensor? {
    isWanted ? try gradient() : nil
  }

  /// The same, summed over the axes along which the operand was broadcast.
  func summed(_ gradient: () throws(TensorError) -> Tensor) throws(TensorError) -> Tensor? {
    isWanted ? try gradient().sum(to: shape) : nil
  }

  /// The same for a product, whose other factor was saved if it is wanted.
  func summed(_ gradient: Tensor, times factor: Tensor?) throws(TensorError) -> Tensor? {
    guard let factor else { return nil }
    return try gradient.combined(.product, with: factor).sum(to: shape)
  }

  /// What another operand's gradient needs: nothing unless this one's is wanted.
  func saving(_ value: Tensor) -> Tensor? { isWanted ? value : nil }
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
