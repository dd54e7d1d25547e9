package import Tensor

extension Variable {
  /// The sum over `axes`, over all when nil.
  package func sum(axes: [Int]? = nil, keepsAxes: Bool = false) throws(TensorError) -> Variable {
    let value = try value.sum(axes: axes, keepsAxes: keepsAxes)
    let (shape, kept) = (shape, try keptShape(axes, "sum"))
    return Variable(value, .summed, [self]) { (dy) throws(TensorError) in
      [try dy.reshaped(to: kept).broadcast(to: shape)]
    }
  }

  /// The mean over `axes`, over all when nil.
  package func mean(axes: [Int]? = nil, keepsAxes: Bool = false) throws(TensorError) -> Variable {
    let value = try value.mean(axes: axes, keepsAxes: keepsAxes)
    let (shape, kept) = (shape, try keptShape(axes, "mean"))
    let share = Float(value.count) / Float(self.value.count)
    return Variable(value, .averaged, [self]) { (dy) throws(TensorError) in
      [try dy.scaled(by: share).reshaped(to: kept).broadcast(to: shape)]
    }
  }

  /// The largest or smallest element along `axis`; on a tie the gradient goes to the first.
  package func extreme(_ which: Tensor.Extreme, axis: Int, keepsAxis: Bool = false)
    throws(TensorError) -> Variable
  {
    let axis = try value.resolved(axis: axis, which.rawValue)
    let (values, positions) = try value.extreme(which, axis: axis)
    let (shape, kept) = (shape, try keptShape([axis], which.rawValue))
    let value = keepsAxis ? try values.reshaped(to: kept) : values
    return Variable(value, .extreme, [self]) { (dy) throws(TensorError) in
      [try dy.placed(at: positions, axis: axis, in: shape)]
    }
  }

  private func keptShape(_ axes: [Int]?, _ operation: String) throws(TensorError) -> [Int] {
    guard let axes else { return shape.map { _ in 1 } }
    var kept = shape
    for axis in axes { kept[try value.resolved(axis: axis, operation)] = 1 }
    return kept
  }
}
