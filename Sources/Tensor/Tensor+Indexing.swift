extension Tensor {
  /// The elements that an index picks, by NumPy's rules; a slice along the first axis is free.
  package func indexed(_ plan: IndexPlan) throws(TensorError) -> Tensor {
    if let start = plan.contiguousStart {
      return Tensor(shape: plan.shape, storage: storage, offset: offset + start)
    }
    return try Tensor.make(plan.shape) { out in
      read(self) { x in
        for (index, start) in plan.starts.enumerated() {
          out.copy(plan.run, from: x, at: start, to: index * plan.run)
        }
      }
    }
  }

  /// A tensor of `shape` that is zero but for the picked places, where the elements are added up:
  /// the gradient of ``indexed(_:)``.
  package func scattered(_ plan: IndexPlan, into shape: [Int]) throws(TensorError) -> Tensor {
    var result = try Tensor(repeating: 0, shape: shape)
    let elements = self
    try result.write { out in
      read(elements) { x in
        for (index, start) in plan.starts.enumerated() {
          for step in 0..<plan.run { out[start + step] += x[index * plan.run + step] }
        }
      }
    }
    return result
  }

  /// The tensor with the picked places replaced by `values`, which broadcast to their shape.
  package func replacing(_ plan: IndexPlan, with values: Tensor) throws(TensorError) -> Tensor {
    guard try Broadcast.shape(plan.shape, values.shape, "assignment") == plan.shape else {
      throw .shapes("assignment", plan.shape, values.shape)
    }
    let values = try values.broadcast(to: plan.shape)
    var result = self
    try result.write { out in
      read(values) { x in
        for (index, start) in plan.starts.enumerated() {
          out.copy(plan.run, from: x, at: index * plan.run, to: start)
        }
      }
    }
    return result
  }

  /// Rows of the first axis, in the order of `positions`.
  package func gathered(rows positions: [Int]) throws(TensorError) -> Tensor {
    guard let extent = shape.first else { throw .axis("rows", 0, rank: 0) }
    let width = shape.dropFirst().reduce(1, *)
    if let wrong = positions.first(where: { $0 < 0 || $0 >= extent }) {
      throw .index(wrong, count: extent, axis: 0)
    }
    return try Tensor.make([positions.count] + shape.dropFirst()) { out in
      read(self) { x in
        for (row, position) in positions.enumerated() {
          out.copy(width, from: x, at: position * width, to: row * width)
        }
      }
    }
  }

  /// The gradient of ``gathered(rows:)``: each row is added to its place among `extent` rows.
  package func scatteredRows(_ positions: [Int], extent: Int) throws(TensorError) -> Tensor {
    let width = shape.dropFirst().reduce(1, *)
    precondition(positions.count == shape.first, "one position for each row")
    var result = try Tensor(repeating: 0, shape: [extent] + shape.dropFirst())
    let rows = self
    try result.write { out in
      read(rows) { x in
        for (row, position) in positions.enumerated() {
          for step in 0..<width { out[position * width + step] += x[row * width + step] }
        }
      }
    }
    return result
  }
}
