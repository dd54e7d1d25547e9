internal import Autograd
package import Language
internal import Tensor

extension TensorValue: HostOperators {
  package func apply(_ operation: BinaryOperator, with other: Value, from side: OperandSide) throws
    -> Value?
  {
    guard let other = try engine.operand(from: other) else { return nil }
    let (a, b) = side == .left ? (operand, other) : (other, operand)
    switch operation {
    case .add: return engine.value(try a.plus(b))
    case .subtract: return engine.value(try a.minus(b))
    case .multiply: return engine.value(try a.times(b))
    case .divide: return engine.value(try a.divided(by: b))
    case .power: return engine.value(try a.raised(to: b))
    case .matrixProduct: return engine.value(try a.matmul(b))
    case .less: return try mask(.less, a, b)
    case .lessOrEqual: return try mask(.lessOrEqual, a, b)
    case .greater: return try mask(.less, b, a)
    case .greaterOrEqual: return try mask(.lessOrEqual, b, a)
    case .floorDivide, .remainder:
      throw Fault(
        .type, "`\(operation.rawValue)` is for Int and Float, not for tensors",
        help: operation == .remainder ? nil : "`floor(x / y)` works elementwise")
    }
  }

  package func negated() throws -> Value? { engine.value(try operand.mapped(.negated)) }

  private func mask(_ comparison: Pairwise, _ a: Variable, _ b: Variable) throws -> Value {
    engine.mask(try a.value.combined(comparison, with: b.value))
  }
}

extension TensorValue: HostIndexable {
  package func element(at index: [IndexPart]) throws -> Value {
    engine.value(try operand.indexed(engine.tensorIndex(index, shape: shape)))
  }
}

extension Engine {
  /// The parts of a script's index as the engine understands them.
  func tensorIndex(_ parts: [IndexPart], shape: [Int]) throws -> [TensorIndex] {
    var axis = 0
    let axes = parts.count {
      switch $0 {
      case .newAxis, .ellipsis: false
      default: true
      }
    }
    return try parts.flatMap { part -> [TensorIndex] in
      switch part {
      case .slice(let start, let stop, let step):
        axis += 1
        return [.slice(start: start, stop: stop, step: step ?? 1)]
      case .newAxis: return [.newAxis]
      case .ellipsis:
        axis += max(0, shape.count - axes)
        return [.ellipsis]
      case .value(let value):
        let (index, used) = try indices(value, shape: shape, axis: axis)
        axis += used
        return index
      }
    }
  }

  /// A position, a list of them, or a mask; a mask over several axes gives one list for each.
  private func indices(_ value: Value, shape: [Int], axis: Int) throws -> ([TensorIndex], Int) {
    switch value {
    case .int(let position): return ([.position(position)], 1)
    case .range(let range):
      return ([.list(range.positions(in: axis < shape.count ? shape[axis] : 0))], 1)
    case .list(let box):
      if box.items.first?.bool != nil { return try mask(box.items.map(\.bool), shape, axis) }
      return (
        [
          .list(
            try box.items.map { item in
              guard let position = item.int else { throw wrongIndex(item) }
              return position
            })
        ], 1
      )
    default: break
    }
    guard let tensor = value.object as? TensorValue else { throw wrongIndex(value) }
    if tensor.isMask { return try masked(tensor, shape, axis) }
    return (
      [
        .list(
          try tensor.tensor.elements.map { element in
            guard let position = Int(exactly: element) else { throw wrongIndex(value) }
            return position
          })
      ], 1
    )
  }

  private func mask(_ flags: [Bool?], _ shape: [Int], _ axis: Int) throws -> ([TensorIndex], Int) {
    guard axis < shape.count, flags.count == shape[axis] else {
      throw Fault(
        .index, "a mask of \(flags.count) does not fit \(TensorPrinting.shape(shape))")
    }
    return ([.list(flags.indices.filter { flags[$0] == true })], 1)
  }

  private func masked(_ mask: TensorValue, _ shape: [Int], _ axis: Int) throws
    -> ([TensorIndex], Int)
  {
    let extents = mask.shape
    guard axis + extents.count <= shape.count,
      Array(shape[axis..<axis + extents.count]) == extents
    else {
      throw Fault(
        .index,
        "a mask \(TensorPrinting.shape(extents)) does not fit \(TensorPrinting.shape(shape))")
    }
    let chosen = mask.tensor.elements.indices.filter { mask.tensor[flat: $0] != 0 }
    let strides = extents.strides
    return (
      extents.indices.map { place in
        .list(chosen.map { $0 / strides[place] % extents[place] })
      }, extents.count
    )
  }

  private func wrongIndex(_ value: Value) -> Fault {
    Fault(
      .index, "an index is an Int, a slice, a list of Int or a mask",
      label: "this is \(value.describedKind)")
  }
}
