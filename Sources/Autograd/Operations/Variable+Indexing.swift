package import Tensor

extension Variable {
  /// The elements that an index picks, by NumPy's rules.
  package func indexed(_ index: [TensorIndex]) throws(TensorError) -> Variable {
    let (shape, plan) = (shape, try IndexPlan(index, shape: shape))
    return Variable(try value.indexed(plan), .indexed, [self]) { (dy) throws(TensorError) in
      [try dy.scattered(plan, into: shape)]
    }
  }

  /// This variable with the picked places replaced by `values`, which broadcast to them.
  package func replacing(_ index: [TensorIndex], with values: Variable) throws(TensorError)
    -> Variable
  {
    let plan = try IndexPlan(index, shape: shape)
    let value = try value.replacing(plan, with: values.value)
    let (whole, picked) = (Operand(self), Operand(values))
    return Variable(value, .replaced, [self, values]) { (dy) throws(TensorError) in
      [
        try whole.gradient { () throws(TensorError) in try dy.replacing(plan, with: Tensor(0)) },
        try picked.summed { () throws(TensorError) in try dy.replaced(by: plan) },
      ]
    }
  }

  /// Rows of the first axis, in the order of `positions`: an embedding.
  package func gathered(rows positions: [Int]) throws(TensorError) -> Variable {
    let value = try value.gathered(rows: positions)
    let extent = shape.first ?? 0
    return Variable(value, .gathered, [self]) { (dy) throws(TensorError) in
      [try dy.scatteredRows(positions, extent: extent)]
    }
  }

  /// One row of one of several sources.
  package typealias RowPick = Tensor.RowPick

  /// Builds a matrix row by row from several others of the same width.
  ///
  /// sources: [N_i, D], picks: R → [R, D]. A row may be picked any number of times; its gradient is
  /// the sum over them, in order.
  package static func assembled(_ sources: [Variable], _ picks: [RowPick]) throws(TensorError)
    -> Variable
  {
    let value = try Tensor.assembled(sources.map(\.value), picks)
    let extents = sources.map { $0.requiresGradient ? $0.shape[0] : nil }
    return Variable(value, .assembled, sources) { (dy) throws(TensorError) in
      try dy.disassembled(picks, extents: extents)
    }
  }
}
