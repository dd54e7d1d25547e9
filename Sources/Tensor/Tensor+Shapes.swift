/// Operations that move elements and compute nothing.
extension Tensor {
  /// Stretches axes of extent 1, and adds leading ones, to reach `shape`.
  package func broadcast(to shape: [Int]) throws(TensorError) -> Tensor {
    if self.shape == shape { return self }
    _ = try Self.count(of: shape)
    guard try Broadcast.shape(self.shape, shape, "expand") == shape else {
      throw .shapes("expand", self.shape, shape)
    }
    let plan = try Broadcast(shape, self.shape, "expand")
    return try Tensor.make(shape) { out in
      read(self) { x in
        plan.forEachRun { start, _, source in
          if plan.bStep == 0 {
            out.fill(plan.run, with: x[source], from: start)
          } else {
            out.copy(plan.run, from: x, at: source, to: start)
          }
        }
      }
    }
  }

  /// The axes in another order: axis i of the result is axis `axes[i]` of this tensor.
  package func permuted(_ axes: [Int]) throws(TensorError) -> Tensor {
    var order: [Int] = []
    for axis in axes { order.append(try resolved(axis: axis, "permute")) }
    guard order.sorted() == Array(shape.indices) else {
      throw .value("permute", "\(axes) does not name each of \(rank) axes once")
    }
    let strides = shape.strides
    let result = order.map { shape[$0] }
    let steps = order.map { strides[$0] }
    guard let inner = result.last, let step = steps.last, rank > 1 else { return self }
    let outer = Array(result.dropLast())
    let outerStrides = outer.strides
    return try Tensor.make(result) { out in
      guard count > 0 else { return }
      read(self) { x in
        Parallel.forEachRange(outer.reduce(1, *), size: max(1, Kernels.chunk / inner)) {
          for row in $0 {
            var start = 0
            for axis in outer.indices {
              start += row / outerStrides[axis] % outer[axis] * steps[axis]
            }
            if step == 1 {
              out.copy(inner, from: x, at: start, to: row * inner)
            } else {
              for column in 0..<inner { out[row * inner + column] = x[start + column * step] }
            }
          }
        }
      }
    }
  }

  /// The last two axes swapped.
  package func transposed() throws(TensorError) -> Tensor {
    guard rank >= 2 else { throw .shape("T", shape, expected: "at least two axes") }
    return try permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// Puts tensors one after the other along an existing axis.
  package static func concatenate(_ parts: [Tensor], axis: Int) throws(TensorError) -> Tensor {
    guard let first = parts.first else { throw .value("concat", "nothing to join") }
    let axis = try first.resolved(axis: axis, "concat")
    var shape = first.shape
    for part in parts.dropFirst() {
      var fits = part.shape
      guard fits.count == shape.count else { throw .shapes("concat", first.shape, part.shape) }
      fits[axis] = first.shape[axis]
      guard fits == first.shape else { throw .shapes("concat", first.shape, part.shape) }
      shape[axis] += part.shape[axis]
      _ = try count(of: shape)
    }
    let row = shape[axis...].reduce(1, *)
    let outer = row == 0 ? 0 : shape[..<axis].reduce(1, *)
    return try Tensor.make(shape) { out in
      var start = 0
      for part in parts {
        let length = part.shape[axis...].reduce(1, *)
        read(part) { x in
          for o in 0..<outer { out.copy(length, from: x, at: o * length, to: o * row + start) }
        }
        start += length
      }
    }
  }
}
