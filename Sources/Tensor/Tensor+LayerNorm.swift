internal import CKernels

/// What the backward pass of a layer normalisation needs beside its input: one pair of numbers a row.
package struct RowStatistics {
  package let mean: Tensor
  /// 1 / √(variance + ε)
  package let inverseDeviation: Tensor
}

extension Tensor {
  /// Normalises each row to zero mean and unit variance, then scales and shifts it.
  ///
  ///     y = (x − mean) / √(variance + ε) · scale + shift
  ///
  /// x: [..., D], scale: [D], shift: [D] → [..., D]. The variance divides by D.
  /// Throws ``TensorError/shapes(_:_:_:)`` when the last axes differ.
  package func layerNormalized(scale: Tensor, shift: Tensor, epsilon: Float) throws(TensorError)
    -> (values: Tensor, statistics: RowStatistics)
  {
    let (rows, width) = try rows("layer_norm")
    for parameter in [scale, shift] where parameter.shape != [width] {
      throw .shapes("layer_norm", shape, parameter.shape)
    }
    let mean = try Tensor.uninitialized([rows])
    let deviation = try Tensor.uninitialized([rows])
    let values = try Tensor.make(shape) { out in
      read(self, scale, shift) { x, scale, shift in
        let (means, deviations) = (mean.storage.output, deviation.storage.output)
        Parallel.forEachRange(rows, size: max(1, Kernels.chunk / width)) { range in
          let (row, start) = (range.lowerBound, range.lowerBound * width)
          unsafe Kernels.best.layer_norm(
            x.at(start), scale.start, shift.start, epsilon, out.at(start), means.at(row),
            deviations.at(row), range.count, width)
        }
      }
    }
    return (values, RowStatistics(mean: mean, inverseDeviation: deviation))
  }

  /// The gradient with respect to this tensor, the input of a layer normalisation.
  package func layerNormalizedGradient(scale: Tensor, _ statistics: RowStatistics, upstream: Tensor)
    throws(TensorError) -> Tensor
  {
    let (rows, width) = try rows("layer_norm")
    return try Tensor.make(shape) { out in
      read(self, scale, upstream) { x, scale, dy in
        read(statistics.mean, statistics.inverseDeviation) { mean, deviation in
          Parallel.forEachRange(rows, size: max(1, Kernels.chunk / width)) { range in
            let (row, start) = (range.lowerBound, range.lowerBound * width)
            unsafe Kernels.best.layer_norm_gradient(
              x.at(start), scale.start, mean.at(row), deviation.at(row), dy.at(start),
              out.at(start), range.count, width)
          }
        }
      }
    }
  }

  /// The gradient with respect to the scale: Σ over rows of dy (x − mean) / √(variance + ε).
  package func layerNormScaleGradient(_ statistics: RowStatistics, upstream: Tensor)
    throws(TensorError) -> Tensor
  {
    let (rows, width) = try rows("layer_norm")
    return try Tensor.make([width]) { out in
      read(self, upstream) { x, dy in
        read(statistics.mean, statistics.inverseDeviation) { mean, deviation in
          unsafe Kernels.best.layer_norm_scale_gradient(
            x.start, mean.start, deviation.start, dy.start, out.start, rows, width)
        }
      }
    }
  }
}
