internal import CKernels

extension Tensor {
  /// Sums over `axes` (all when nil), in Double. Reduced axes disappear unless `keepsAxes`.
  package func sum(axes: [Int]? = nil, keepsAxes: Bool = false) throws(TensorError) -> Tensor {
    let reduced = try reducedAxes(axes, "sum")
    var result = self
    for axis in reduced.sorted(by: >) { result = try result.summed(over: axis) }
    return try result.reshaped(to: keepsAxes ? Self.keep(shape, reduced) : result.squeezed(reduced))
  }

  /// The mean over `axes` (all when nil).
  package func mean(axes: [Int]? = nil, keepsAxes: Bool = false) throws(TensorError) -> Tensor {
    let reduced = try reducedAxes(axes, "mean")
    let count = reduced.reduce(1) { $0 * shape[$1] }
    return try sum(axes: axes, keepsAxes: keepsAxes).scaled(by: 1 / Float(count))
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
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    var positions = [Int](repeating: 0, count: outer * inner)
    let values = try Tensor.make(Array(shape[..<axis] + shape[(axis + 1)...])) { out in
      read(self) { x in
        for o in 0..<outer {
          for i in 0..<inner {
            let start = o * extent * inner + i
            var best = x[start]
            var position = 0
            for candidate in 1..<max(extent, 1) {
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

  private func summed(over axis: Int) throws(TensorError) -> Tensor {
    let outer = shape[..<axis].reduce(1, *)
    let extent = shape[axis]
    let inner = shape[(axis + 1)...].reduce(1, *)
    var kept = shape
    kept[axis] = 1
    return try Tensor.make(kept) { out in
      read(self) { x in
        let slab = extent * inner
        Parallel.forEachRange(outer, size: Swift.max(1, Kernels.chunk / Swift.max(slab, 1))) {
          let start = $0.lowerBound
          unsafe Kernels.best.sum(
            x.at(start * slab), out.at(start * inner), $0.count, extent, inner)
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
    return reduced
  }

  private static func keep(_ shape: [Int], _ reduced: [Int]) -> [Int] {
    shape.indices.map { reduced.contains($0) ? 1 : shape[$0] }
  }

  private func squeezed(_ reduced: [Int]) -> [Int] {
    shape.indices.filter { !reduced.contains($0) }.map { shape[$0] }
  }
}
