extension Tensor {
  /// The elements that an index picks, by NumPy's rules; a slice along the first axis is free.
  package func indexed(_ plan: IndexPlan) throws(TensorError) -> Tensor {
    if let start = plan.contiguousStart {
      return Tensor(shape: plan.shape, storage: storage, offset: offset + start)
    }
    return try Tensor.make(plan.shape) { out in
      read(self) { x in
        plan.forEachRun { index, place in
          out.copy(plan.run, from: x, at: place, to: index * plan.run)
        }
      }
    }
  }

  /// A tensor of `shape` that is zero but for the picked places, where the elements are added up:
  /// the gradient of ``indexed(_:)``.
  package func scattered(_ plan: IndexPlan, into shape: [Int]) throws(TensorError) -> Tensor {
    var result = try Tensor(repeating: 0, shape: shape)
    try result.write { out in
      read(self) { x in
        plan.forEachRun { index, place in
          out.add(plan.run, from: x, at: index * plan.run, to: place)
        }
      }
    }
    return result
  }

  /// The tensor with the picked places replaced by `values`, which broadcast to their shape. Where a
  /// place is picked more than once, the last value stays.
  package func replacing(_ plan: IndexPlan, with values: Tensor) throws(TensorError) -> Tensor {
    guard try Broadcast.shape(plan.shape, values.shape, "assignment") == plan.shape else {
      throw .shapes("assignment", plan.shape, values.shape)
    }
    let values = try values.broadcast(to: plan.shape)
    var result = self
    try result.write { out in
      read(values) { x in
        plan.forEachRun { index, place in
          out.copy(plan.run, from: x, at: index * plan.run, to: place)
        }
      }
    }
    return result
  }

  /// The gradient of the values of ``replacing(_:with:)``, before their broadcast: what stands at the
  /// picked places, and zero for values that a later one has replaced.
  package func replaced(by plan: IndexPlan) throws(TensorError) -> Tensor {
    var picked = try indexed(plan)
    guard plan.mayRepeat else { return picked }
    var last: [Int: Int] = [:]
    plan.forEachRun { index, place in last[place] = index }
    guard last.count < plan.runs else { return picked }
    try picked.write { out in
      plan.forEachRun { index, place in
        if last[place] != index { out.fill(plan.run, with: 0, from: index * plan.run) }
      }
    }
    return picked
  }
}
