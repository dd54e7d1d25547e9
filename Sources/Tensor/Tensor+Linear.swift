internal import CKernels

/// Dense layers. Weights are stored [out, in], as in checkpoints: forward is x Wᵀ and backward dy W,
/// so no weight is ever transposed or copied.
extension Tensor {
  /// y = x Wᵀ + bias + residual
  ///
  /// x: [..., K], weight: [N, K], bias: [N]?, residual: [..., N]? → [..., N].
  package func linear(_ weight: Tensor, bias: Tensor? = nil, adding residual: Tensor? = nil)
    throws(TensorError) -> Tensor
  {
    guard weight.rank == 2, let width = shape.last, width == weight.shape[1] else {
      throw .shapes("linear", shape, weight.shape)
    }
    let columns = weight.shape[0]
    let result = Array(shape.dropLast()) + [columns]
    if let bias, bias.shape != [columns] { throw .shapes("linear", weight.shape, bias.shape) }
    if let residual, residual.shape != result { throw .shapes("linear", result, residual.shape) }
    try BLAS.check(width, columns)
    try Cancellation.check()
    let blas = try BLAS.shared.get()
    let rows = shape.dropLast().reduce(1, *)
    return try Tensor.make(result) { out in
      read(self, weight) { x, w in
        withExtendedLifetime((bias, residual)) {
          let bias = bias.map { $0.storage.input.from($0.offset) }
          let residual = residual.map { $0.storage.input.from($0.offset) }
          blas.multiplyBlocks(
            rows, columns, width, Matrix(start: x, stride: width),
            Matrix(start: w, stride: width, transposed: true), into: out,
            keep: bias == nil && residual == nil ? 0 : 1
          ) { block, part in
            Self.prefill(out, block, part, columns, bias, residual)
          }
        }
      }
    }
  }

  static func prefill(
    _ out: Output, _ rows: Range<Int>, _ columns: Range<Int>, _ width: Int, _ bias: Input?,
    _ residual: Input?
  ) {
    for row in rows {
      let start = row * width + columns.lowerBound
      switch (bias, residual) {
      case (let bias?, nil):
        out.copy(columns.count, from: bias, at: columns.lowerBound, to: start)
      case (nil, let residual?):
        out.copy(columns.count, from: residual, at: start, to: start)
      case (let bias?, let residual?):
        unsafe Kernels.best.binary(
          DUET_ADD, residual.at(start), 1, bias.at(columns.lowerBound), 1, out.at(start),
          columns.count)
      case (nil, nil):
        return
      }
    }
  }
}
