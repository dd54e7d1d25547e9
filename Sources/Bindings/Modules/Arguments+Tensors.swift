internal import Autograd
internal import Language
internal import Tensor

extension Engine {
  /// The tensor, or the number as a scalar, that a native was given.
  func operand(_ arguments: borrowing Arguments, _ position: Int) throws -> Variable {
    guard let operand = try operand(from: arguments[position]) else {
      throw arguments.fault(
        position, "must be a tensor or a number", code: .type,
        label: "this is \(arguments[position].describedKind)")
    }
    return operand
  }

  /// The tensor that a native was given.
  func tensor(_ arguments: borrowing Arguments, _ position: Int) throws -> Variable {
    guard let tensor = arguments[position].object as? TensorValue else {
      throw arguments.fault(
        position, "must be a tensor", code: .type,
        label: "this is \(arguments[position].describedKind)")
    }
    return tensor.operand
  }

  /// A list of tensors of at least one element.
  func tensors(_ arguments: borrowing Arguments, _ position: Int) throws -> [Variable] {
    let items = try arguments.list(position)
    let tensors = items.compactMap { ($0.object as? TensorValue)?.operand }
    guard tensors.count == items.count, !items.isEmpty else {
      throw arguments.fault(position, "must be a non-empty list of tensors", code: .type)
    }
    return tensors
  }

  /// A shape: a list of sizes, or one size.
  func shape(_ arguments: borrowing Arguments, _ position: Int) throws -> [Int] {
    if let size = arguments[position].int { return [size] }
    return try arguments.ints(position)
  }

  /// Axes: nil for all, an Int for one, a list for several.
  func axes(_ arguments: borrowing Arguments, _ position: Int) throws -> [Int]? {
    if arguments.isNil(position) { return nil }
    return try shape(arguments, position)
  }
}
