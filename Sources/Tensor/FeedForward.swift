internal import CKernels

/// The two dense layers of a transformer block with an activation between, as one operation.
///
///     pre = x W₁ᵀ + b₁,   y = residual + f(pre) W₂ᵀ + b₂
///
/// x: [R, D], W₁: [H, D], b₁: [H], W₂: [D, H], b₂: [D], residual: [R, D] → [R, D].
///
/// The rows are worked off in chunks of 1024; the activation is applied to each block of `pre` while
/// it is in the cache, and f(pre) lives in scratch memory only. What the backward pass needs is `pre`,
/// kept when asked for; f is computed again there, which is cheaper than reading it back.
package struct FeedForward {
  let input: Tensor
  let first: Dense
  let second: Dense
  let activation: Elementwise

  /// A dense layer's weight [out, in] and bias [out].
  package struct Dense {
    package let weight: Tensor
    package let bias: Tensor

    package init(weight: Tensor, bias: Tensor) {
      self.weight = weight
      self.bias = bias
    }
  }

  /// Gradients of all operands; those of the layers only when asked for.
  package struct Gradients {
    package let input: Tensor
    package let first: Dense?
    package let second: Dense?
  }

  package init(_ input: Tensor, first: Dense, second: Dense, activation: Elementwise)
    throws(TensorError)
  {
    let (w1, w2) = (first.weight.shape, second.weight.shape)
    guard input.rank == 2, w1.count == 2, w2.count == 2, input.shape[1] == w1[1] else {
      throw .shapes("feed_forward", input.shape, w1)
    }
    guard w1[0] == w2[1], first.bias.shape == [w1[0]], second.bias.shape == [w2[0]] else {
      throw .shapes("feed_forward", w1, w2)
    }
    guard !activation.slopeNeedsValue else {
      throw .value("feed_forward", "\(activation) keeps its value, not its argument")
    }
    try BLAS.check(w1[0], w1[1], w2[0])
    self.input = input
    self.first = first
    self.second = second
    self.activation = activation
    rows = input.shape[0]
  }

  private init(_ layer: FeedForward, input: Tensor) {
    self.input = input
    first = layer.first
    second = layer.second
    activation = layer.activation
    rows = layer.rows
  }

  /// The same layer without its input, which only gradients of the weights need.
  package func withoutInput() throws(TensorError) -> FeedForward {
    FeedForward(self, input: try Tensor(0))
  }

  private let rows: Int
  private var width: Int { first.weight.shape[1] }
  private var hidden: Int { first.weight.shape[0] }
  private var columns: Int { second.weight.shape[0] }

  private var chunks: [Range<Int>] {
    stride(from: 0, to: rows, by: BLAS.Blocks.rows).map {
      $0..<min($0 + BLAS.Blocks.rows, rows)
    }
  }

  /// The result and, when `keepsHidden`, `pre`.
  package func callAsFunction(adding residual: Tensor, keepsHidden: Bool) throws(TensorError) -> (
    values: Tensor, hidden: Tensor?
  ) {
    guard residual.shape == [rows, columns] else {
      throw .shapes("feed_forward", [rows, columns], residual.shape)
    }
    let blas = try BLAS.shared.get()
    let active = try Tensor.uninitialized([min(rows, BLAS.Blocks.rows), hidden])
    let pre = keepsHidden ? try Tensor.uninitialized([rows, hidden]) : nil
    let values = try Tensor.make([rows, columns]) { (out) throws(TensorError) in
      try scratch(active) { (active) throws(TensorError) in
        for chunk in chunks {
          try Cancellation.check()
          let start = chunk.lowerBound
          let kept = pre.map { $0.storage.output.from(start * hidden) }
          activate(blas, chunk, kept ?? active, active)
          project(blas, chunk, active, residual, out.from(start * columns))
        }
      }
    }
    return (values, pre)
  }

  /// pre = x W₁ᵀ + b₁ and f(pre), for one chunk.
  private func activate(_ blas: BLAS, _ chunk: Range<Int>, _ pre: Output, _ active: Output) {
    read(input, first.weight, first.bias) { x, w1, b1 in
      blas.multiplyBlocks(
        chunk.count, hidden, width,
        Matrix(start: x.from(chunk.lowerBound * width), stride: width),
        Matrix(start: w1, stride: width, transposed: true), into: pre
      ) { _, _ in
      } finish: { rows, columns in
        for row in rows {
          let place = row * hidden + columns.lowerBound
          unsafe Kernels.best.activate(
            activation.code, b1.at(columns.lowerBound), pre.at(place), active.at(place), 1,
            columns.count)
        }
      }
    }
  }

  /// y = residual + f(pre) W₂ᵀ + b₂, for one chunk.
  private func project(
    _ blas: BLAS, _ chunk: Range<Int>, _ active: Output, _ residual: Tensor, _ out: Output
  ) {
    read(residual, second.weight, second.bias) { residual, w2, b2 in
      let residual = residual.from(chunk.lowerBound * columns)
      blas.multiplyBlocks(
        chunk.count, columns, hidden, Matrix(start: active.input, stride: hidden),
        Matrix(start: w2, stride: hidden, transposed: true), into: out, keep: 1
      ) { rows, part in
        for row in rows {
          let place = row * columns + part.lowerBound
          unsafe Kernels.best.binary(
            DUET_ADD, residual.at(place), 1, b2.at(part.lowerBound), 1, out.at(place), part.count)
        }
      }
    }
  }

  /// The gradients at `upstream` = dy: dpre = (dy W₂) f'(pre), dx = dpre W₁; for the layers
  /// dW₂ = dyᵀ f(pre), dW₁ = dpreᵀ x and the sums over rows for the biases.
  package func gradients(upstream: Tensor, hidden pre: Tensor, ofLayers: Bool) throws(TensorError)
    -> Gradients
  {
    let blas = try BLAS.shared.get()
    let dpre = try Tensor.uninitialized([ofLayers ? rows : min(rows, BLAS.Blocks.rows), hidden])
    let input = try Tensor.make([rows, width]) { (out) throws(TensorError) in
      try scratch(dpre) { (dpre) throws(TensorError) in
        for chunk in chunks {
          try Cancellation.check()
          let start = chunk.lowerBound
          let place = dpre.from(ofLayers ? start * hidden : 0)
          pullBackActivation(blas, chunk, upstream, pre, place)
          read(first.weight) { w1 in
            blas.multiplyBlocks(
              chunk.count, width, hidden, Matrix(start: place.input, stride: hidden),
              Matrix(start: w1, stride: width), into: out.from(start * width))
          }
        }
      }
    }
    guard ofLayers else { return Gradients(input: input, first: nil, second: nil) }
    let active = try pre.mapped(activation)
    return Gradients(
      input: input,
      first: Dense(
        weight: try dpre.matmul(self.input, transposed: true), bias: try dpre.sum(axes: [0])),
      second: Dense(
        weight: try upstream.matmul(active, transposed: true), bias: try upstream.sum(axes: [0])))
  }

  private func pullBackActivation(
    _ blas: BLAS, _ chunk: Range<Int>, _ upstream: Tensor, _ pre: Tensor, _ out: Output
  ) {
    read(upstream, second.weight, pre) { dy, w2, pre in
      let pre = pre.from(chunk.lowerBound * hidden)
      blas.multiplyBlocks(
        chunk.count, hidden, columns,
        Matrix(start: dy.from(chunk.lowerBound * columns), stride: columns),
        Matrix(start: w2, stride: hidden), into: out
      ) { _, _ in
      } finish: { rows, part in
        for row in rows {
          let place = row * hidden + part.lowerBound
          unsafe Kernels.best.unary_gradient(
            activation.code, pre.at(place), out.at(place), out.at(place), part.count)
        }
      }
    }
  }
}
