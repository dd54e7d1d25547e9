internal import CKernels

/// Operations along the last axis, row by row: softmax, layer normalisation, unit length.
extension Tensor {
  /// The rows that the last axis cuts the tensor into.
  func rows(_ operation: String) throws(TensorError) -> (count: Int, width: Int) {
    guard let width = shape.last, width > 0 else {
      throw .shape(operation, shape, expected: "a non-empty last axis")
    }
    return (count / width, width)
  }

  /// softmax(x)_j = e^{x_j} / Σ_k e^{x_k} along the last axis.
  package func softmax() throws(TensorError) -> Tensor {
    try byRows("softmax") { x, out, rows, width in
      unsafe Kernels.best.softmax(x.start, out.start, rows, width)
    }
  }

  /// log softmax(x) along the last axis.
  package func logSoftmax() throws(TensorError) -> Tensor {
    try byRows("log_softmax") { x, out, rows, width in
      unsafe Kernels.best.log_softmax(x.start, out.start, rows, width)
    }
  }

  /// The gradient of softmax at its value, this tensor: y (dy − y·dy).
  package func softmaxGradient(upstream: Tensor) throws(TensorError) -> Tensor {
    try byRows("softmax", upstream) { y, dy, out, rows, width in
      unsafe Kernels.best.softmax_gradient(y.start, dy.start, out.start, rows, width)
    }
  }

  /// The gradient of log softmax at its value, this tensor: dy − e^y Σ dy.
  package func logSoftmaxGradient(upstream: Tensor) throws(TensorError) -> Tensor {
    try byRows("log_softmax", upstream) { y, dy, out, rows, width in
      unsafe Kernels.best.log_softmax_gradient(y.start, dy.start, out.start, rows, width)
    }
  }

  /// Rows scaled to unit length, without an epsilon, and their former lengths.
  ///
  ///     y = x / ‖x‖₂
  package func normalized() throws(TensorError) -> (values: Tensor, lengths: Tensor) {
    let (rows, width) = try rows("normalize")
    var values = self
    let lengths = try Tensor.make([rows]) { (norm) throws(TensorError) in
      values = try Tensor.make(shape) { out in
        read(self) { x in
          unsafe Kernels.best.normalize(x.start, out.start, norm.start, rows, width)
        }
      }
    }
    return (values, lengths)
  }

  /// The gradient of ``normalized()`` at its value, this tensor: (dy − y (y·dy)) / ‖x‖.
  package func normalizedGradient(lengths: Tensor, upstream: Tensor) throws(TensorError) -> Tensor {
    let (rows, width) = try rows("normalize")
    return try Tensor.make(shape) { out in
      read(self, upstream, lengths) { y, dy, norm in
        unsafe Kernels.best.normalize_gradient(
          y.start, norm.start, dy.start, out.start, rows, width)
      }
    }
  }

  private func byRows(
    _ operation: String, _ body: (Input, Output, _ rows: Int, _ width: Int) -> Void
  ) throws(TensorError) -> Tensor {
    let (rows, width) = try rows(operation)
    return try Tensor.make(shape) { out in
      read(self) { x in
        Parallel.forEachRange(rows, size: max(1, Kernels.chunk / width)) { range in
          let start = range.lowerBound * width
          body(x.from(start), out.from(start), range.count, width)
        }
      }
    }
  }

  private func byRows(
    _ operation: String, _ other: Tensor,
    _ body: (Input, Input, Output, _ rows: Int, _ width: Int) -> Void
  ) throws(TensorError) -> Tensor {
    guard shape == other.shape else { throw .shapes(operation, shape, other.shape) }
    let (rows, width) = try rows(operation)
    return try Tensor.make(shape) { out in
      read(self, other) { x, y in
        Parallel.forEachRange(rows, size: max(1, Kernels.chunk / width)) { range in
          let start = range.lowerBound * width
          body(x.from(start), y.from(start), out.from(start), range.count, width)
        }
      }
    }
  }
}
