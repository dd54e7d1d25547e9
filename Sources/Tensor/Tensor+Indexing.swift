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

extension Tensor {
  /// Builds a matrix row by row: row r is row `picks[r].row` of `sources[picks[r].source]`.
  package static func assembled(_ sources: [Tensor], _ picks: [(source: Int, row: Int)])
    throws(TensorError) -> Tensor
  {
    guard let width = sources.first?.shape.last else {
      throw .value("assemble", "there is nothing to take rows from")
    }
    for source in sources where source.rank != 2 || source.shape[1] != width {
      throw .shapes("assemble", [width], source.shape)
    }
    for pick in picks where pick.row < 0 || pick.row >= sources[pick.source].shape[0] {
      throw .index(pick.row, count: sources[pick.source].shape[0], axis: 0)
    }
    return try Tensor.make([picks.count, width]) { out in
      for (row, pick) in picks.enumerated() {
        read(sources[pick.source]) {
          out.copy(width, from: $0, at: pick.row * width, to: row * width)
        }
      }
    }
  }

  /// The gradients of ``assembled(_:_:)``: for each source with an extent, the sum of the rows that
  /// were taken from each of its rows.
  package func disassembled(_ picks: [(source: Int, row: Int)], extents: [Int?])
    throws(TensorError) -> [Tensor?]
  {
    let width = shape[1]
    var gradients: [Tensor?] = []
    for (source, extent) in extents.enumerated() {
      guard let extent else {
        gradients.append(nil)
        continue
      }
      var gradient = try Tensor(repeating: 0, shape: [extent, width])
      try gradient.write { out in
        read(self) { dy in
          for (row, pick) in picks.enumerated() where pick.source == source {
            for step in 0..<width { out[pick.row * width + step] += dy[row * width + step] }
          }
        }
      }
      gradients.append(gradient)
    }
    return gradients
  }
}
