internal import Autograd
internal import Tensor

/// One pre-norm transformer block on packed rows [R, D].
///
///     m = x + OutProj(Attention(LN₁ x)),   y = m + FC₂(f(FC₁(LN₂ m)))
///
/// For the backward pass a block with frozen weights keeps, in floats a row: its input (D), q, k and v
/// (3 D), the middle m (D) and the hidden layer before its activation (4 D). Nothing else: attention
/// probabilities, normalised rows and f(…) are computed again.
struct Block {
  let norm1: Norm
  let attentionIn: Dense
  let attentionOut: Dense
  let norm2: Norm
  let first: Dense
  let second: Dense
  let activation: Elementwise

  /// A layer normalisation's scale and shift.
  struct Norm {
    let scale: Variable
    let shift: Variable
    let epsilon: Float

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
      try x.layerNorm(scale: scale, shift: shift, epsilon: epsilon)
    }
  }

  /// A dense layer, y = x Wᵀ + b.
  struct Dense {
    let weight: Variable
    let bias: Variable

    func callAsFunction(_ x: Variable, adding residual: Variable? = nil) throws(TensorError)
      -> Variable
    {
      try x.linear(weight, bias: bias, adding: residual)
    }

    /// The layer that gives only some of the outputs.
    func outputs(_ range: Range<Int>) throws(TensorError) -> Dense {
      let part = [TensorIndex.slice(start: range.lowerBound, stop: range.upperBound, step: 1)]
      return Dense(weight: try weight.indexed(part), bias: try bias.indexed(part))
    }
  }

  private var width: Int { attentionOut.weight.shape[0] }

  /// All rows to all rows.
  func callAsFunction(_ x: Variable, _ layout: AttentionLayout) throws(TensorError) -> Variable {
    try callAsFunction(x, queriesKeysValues: attentionIn(norm1(x)), layout)
  }

  /// The same when q, k and v are there already.
  func callAsFunction(_ x: Variable, queriesKeysValues: Variable, _ layout: AttentionLayout)
    throws(TensorError) -> Variable
  {
    try feedForward(attentionOut(queriesKeysValues.attention(layout), adding: x))
  }

  /// Where only some rows are read: keys and values for all rows, the rest for those. The layout's
  /// queries count the rows that are read.
  func callAsFunction(_ x: Variable, reading rows: [Int], _ layout: AttentionLayout)
    throws(TensorError) -> Variable
  {
    let normed = try norm1(x)
    return try callAsFunction(
      x.gathered(rows: rows), queries: queries(normed.gathered(rows: rows)),
      keysValues: keysValues(normed), layout)
  }

  /// Where q of the rows `x` that are read, and k and v of the rows that they see, are there already.
  func callAsFunction(
    _ x: Variable, queries: Variable, keysValues: Variable, _ layout: AttentionLayout
  ) throws(TensorError) -> Variable {
    let mixed = try Variable.attention(queries: queries, keysValues: keysValues, layout)
    return try feedForward(attentionOut(mixed, adding: x))
  }

  /// q of normalised rows: [R, D]
  func queries(_ normed: Variable) throws(TensorError) -> Variable {
    try attentionIn.outputs(0..<width)(normed)
  }

  /// k and v of normalised rows: [R, 2 D]
  func keysValues(_ normed: Variable) throws(TensorError) -> Variable {
    try attentionIn.outputs(width..<3 * width)(normed)
  }

  private func feedForward(_ m: Variable) throws(TensorError) -> Variable {
    try norm2(m).feedForward(
      first: (first.weight, first.bias), second: (second.weight, second.bias),
      activation: activation, adding: m)
  }

  /// q, k and v of rows, for statistics of this block's attention.
  func queriesKeysValues(_ x: Variable) throws(TensorError) -> Variable {
    try attentionIn(norm1(x))
  }
}
