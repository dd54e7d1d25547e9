internal import CKernels

extension Tensor {
  /// Sums over `axes` (all when nil), in Double. Reduced axes disappear unless `keepsAxes`.
  ///
  /// Neighbouring axes are summed as one; between groups that do not touch, sums round to Float.
  package func sum(axes: [Int]? = nil, keepsAxes: Bool = false) throws(TensorError) -> Tensor {
    let reduced = try reducedAxes(axes, "sum")
    var result = self
    var end = rank
    while let last = reduced.last(where: { $0 < end }) {
      var first = last
      while reduced.contains(first - 1) { first -= 1 }
      result = try result.summed(over: first...last)
      end = first
    }
    let ones = shape.indices.map { reduced.contains($0) ? 1 : shape[$0] }
    let others = shape.indices.filter { !reduced.contains($0) }.map { shape[$0] }
    return try result.reshaped(to: keepsAxes ? ones : others)
  }

  /// The mean over `axes` (all when nil): NaN for no elements.
  package func mean(axes: [Int]? = nil, keepsAxes: Bool = false) throws(TensorError) -> Tensor {
    let count = try reducedAxes(axes, "mean").reduce(1) { $0 * shape[$1] }
    return try sum(axes: axes, keepsAxes: keepsAxes)
      .combined(.quotient, with: Tensor(Float(count)))
  }

  /// Sums the axes along which `shape` was broadcast, so that the result has that shape.
  package func sum(to shape: [Int]) throws(TensorError) -> Tensor {
    if self.shape == shape { return self }
    let extra = rank - shape.count
    let axes = self.shape.indices.filter { axis in
      axis < extra || (shape[axis - extra] == 1 && self.shape[axis] != 1)
    }
    return try sum(axes: axes, keepsAxes: true).reshaped(to: shape)
  }

  /// The largest (or smallest) element along `axis`, and its position: the first one on a tie.
  package func extreme(_ which: Extreme, axis: Int) throws(TensorError) -> (
    values: Tensor, positions: [Int]
  ) {
    let axis = try resolved(axis: axis, which.rawValue)
    let extent = shape[axis]
    guard extent > 0 else { throw .shape(which.rawValue, shape, expected: "a non-empty axis") }
    let outer = count == 0 ? 0 : shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    var positions = [Int](repeating: 0, count: outer * inner)
    let values = try Tensor.make(Array(shape[..<axis] + shape[(axis + 1)...])) { out in
      read(self) { x in
        for o in 0..<outer {
          for i in 0..<inner {
            let start = o * extent * inner + i
            var best = x[start]
            var position = 0
            for candidate in 1..<extent {
              let value = x[start + candidate * inner]
              if which.prefers(value, to: best) { (best, position) = (value, candidate) }
            }
            out[o * inner + i] = best
            positions[o * inner + i] = position
          }
        }
      }
    }
    return (values, positions)
  }

  /// The gradient of ``extreme(_:axis:)``: each element goes to its position along `axis`.
  package func placed(at positions: [Int], axis: Int, in shape: [Int]) throws(TensorError)
    -> Tensor
  {
    let extent = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    let elements = self
    var result = try Tensor(repeating: 0, shape: shape)
    try result.write { out in
      read(elements) { x in
        for (index, position) in positions.enumerated() {
          let (o, i) = index.quotientAndRemainder(dividingBy: inner)
          out[(o * extent + position) * inner + i] = x[index]
        }
      }
    }
    return result
  }

  package enum Extreme: String, Sendable {
    case max, min

    /// NaN is preferred to every number, so that it is not lost.
    func prefers(_ a: Float, to b: Float) -> Bool {
      if b.isNaN { return false }
      if a.isNaN { return true }
      return self == .max ? a > b : a < b
    }
  }

  /// Σ x y in Double over all elements of two tensors of one shape.
  package func dot(_ other: Tensor) throws(TensorError) -> Double {
    guard shape == other.shape else { throw .shapes("dot", shape, other.shape) }
    return read(self, other) { x, y in unsafe Kernels.best.dot(x.start, y.start, count) }
  }

  /// The sum over neighbouring axes, which become one of extent 1.
  private func summed(over axes: ClosedRange<Int>) throws(TensorError) -> Tensor {
    let outer = shape[..<axes.lowerBound].reduce(1, *)
    let extent = shape[axes].reduce(1, *)
    let inner = shape[(axes.upperBound + 1)...].reduce(1, *)
    let kept = Array(shape[..<axes.lowerBound]) + [1] + shape[(axes.upperBound + 1)...]
    guard count > 0 else { return try Tensor(repeating: 0, shape: kept) }
    return try Tensor.make(kept) { out in
      read(self) { x in
        if inner == 1 {
          Parallel.forEachRange(outer, size: Swift.max(1, Kernels.chunk / extent)) { range in
            for row in range {
              out[row] = unsafe Float(Kernels.best.sum(x.at(row * extent), extent))
            }
          }
        } else {
          let blocks = (inner + Kernels.columns - 1) / Kernels.columns
          Parallel.forEachRange(
            outer * blocks, size: Swift.max(1, Kernels.chunk / (extent * Kernels.columns))
          ) { range in
            for index in range {
              let (row, block) = index.quotientAndRemainder(dividingBy: blocks)
              let first = block * Kernels.columns
              unsafe Kernels.best.sum_rows(
                x.at(row * extent * inner + first), inner, out.at(row * inner + first), extent,
                Swift.min(Kernels.columns, inner - first))
            }
          }
        }
      }
    }
  }

  private func reducedAxes(_ axes: [Int]?, _ operation: String) throws(TensorError) -> [Int] {
    guard let axes else { return Array(shape.indices) }
    var reduced: [Int] = []
    for axis in axes {
      let axis = try resolved(axis: axis, operation)
      if reduced.contains(axis) { throw .value(operation, "axis \(axis) is named twice") }
      reduced.append(axis)
    }
    return reduced.sorted()
  }
}
