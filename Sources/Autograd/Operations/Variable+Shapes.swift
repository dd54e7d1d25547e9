package import Tensor

extension Variable {
  /// The same elements under another shape.
  package func reshaped(to shape: [Int]) throws(TensorError) -> Variable {
    let old = self.shape
    return Variable(try value.reshaped(to: shape), .reshaped, [self]) { (dy) throws(TensorError) in
      [try dy.reshaped(to: old)]
    }
  }

  /// Axis i of the result is axis `axes[i]`.
  package func permuted(_ axes: [Int]) throws(TensorError) -> Variable {
    let value = try value.permuted(axes)
    let rank = shape.count
    var inverse = axes
    for (place, axis) in axes.enumerated() { inverse[axis < 0 ? axis + rank : axis] = place }
    return Variable(value, .permuted, [self]) { (dy) throws(TensorError) in
      [try dy.permuted(inverse)]
    }
  }

  /// The last two axes swapped.
  package func transposed() throws(TensorError) -> Variable {
    let rank = shape.count
    guard rank >= 2 else { throw .shape("T", shape, expected: "at least two axes") }
    return try permuted(Array(0..<rank - 2) + [rank - 1, rank - 2])
  }

  /// Stretches axes of extent 1, and adds leading ones, to reach `shape`.
  package func broadcast(to shape: [Int]) throws(TensorError) -> Variable {
    let old = self.shape
    let value = try value.broadcast(to: shape)
    return Variable(value, .broadcast, [self]) { (dy) throws(TensorError) in
      [try dy.sum(to: old)]
    }
  }

  /// Puts variables one after the other along an existing axis.
  package static func concatenate(_ parts: [Variable], axis: Int) throws(TensorError) -> Variable {
    let value = try Tensor.concatenate(parts.map(\.value), axis: axis)
    let axis = try value.resolved(axis: axis, "concat")
    let operands = parts.map(Operand.init)
    return Variable(value, .concatenated, parts) { (dy) throws(TensorError) in
      var start = 0
      return try operands.mapping { (part) throws(TensorError) in
        let extent = part.shape[axis]
        defer { start += extent }
        guard part.isWanted else { return nil }
        let slice = TensorIndex.slice(start: start, stop: start + extent, step: 1)
        let whole = [TensorIndex](repeating: .slice(start: nil, stop: nil, step: 1), count: axis)
        return try dy.indexed(IndexPlan(whole + [slice], shape: dy.shape))
      }
    }
  }

  /// Puts variables of one shape side by side along a new axis.
  package static func stack(_ parts: [Variable], axis: Int) throws(TensorError) -> Variable {
    guard let first = parts.first else { throw .value("stack", "nothing to stack") }
    let rank = first.shape.count + 1
    let place = axis < 0 ? axis + rank : axis
    guard place >= 0, place < rank else { throw .axis("stack", axis, rank: rank) }
    let raised = try parts.mapping { (part) throws(TensorError) in
      guard part.shape == first.shape else { throw .shapes("stack", first.shape, part.shape) }
      return try part.reshaped(
        to: Array(part.shape[..<place]) + [1] + Array(part.shape[place...]))
    }
    return try concatenate(raised, axis: place)
  }
}

extension Variable {
  /// Cuts images into non-overlapping square patches: see ``Tensor/patches(_:)``.
  ///
  /// images: [B, 3, R, R] → [B · (R/P)², 3 P P]
  package func patches(_ size: Int) throws(TensorError) -> Variable {
    let shape = shape
    return Variable(try value.patches(size), .patches, [self]) { (dy) throws(TensorError) in
      [try dy.images(ofPatches: size, shape: shape)]
    }
  }
}
