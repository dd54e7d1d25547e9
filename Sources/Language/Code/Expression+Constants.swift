/// Constant folding: what the text alone decides.
///
/// Only what cannot fail and cannot surprise: literals, minus signs, and arithmetic of literals
/// that neither overflows nor divides by zero. Anything else is left to run, where it can be
/// reported with its place.
extension Expression {
  /// The value of the expression, if it is a number, boolean or `nil` that the text decides.
  var constant: Value? {
    switch kind {
    case .nil: .nil
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .ellipsis: .ellipsis
    case .negate(let operand): operand.constant.flatMap(Self.negated)
    case .binary(let left, .arithmetic(let operation), let right, _):
      left.constantNumber.flatMap { left in
        right.constantNumber.flatMap { Self.folded(left, operation, $0) }
      }
    default: nil
    }
  }

  private var constantNumber: Value? {
    // Folding is for `2 * 3 + 1`, not for programs: a few levels do.
    depth < 8 ? constant : nil
  }

  private static func negated(_ value: Value) -> Value? {
    switch value {
    case .int(let value) where value != .min: .int(-value)
    case .float(let value): .float(-value)
    default: nil
    }
  }

  private static func folded(
    _ left: Value, _ operation: BinaryOperator, _ right: Value
  ) -> Value? {
    switch (left, right) {
    case (.int(let a), .int(let b)):
      switch operation {
      case .add: exact(a.addingReportingOverflow(b))
      case .subtract: exact(a.subtractingReportingOverflow(b))
      case .multiply: exact(a.multipliedReportingOverflow(by: b))
      default: nil
      }
    case (.float(let a), .float(let b)):
      switch operation {
      case .add: .float(a + b)
      case .subtract: .float(a - b)
      case .multiply: .float(a * b)
      case .divide: .float(a / b)
      default: nil
      }
    default: nil
    }
  }

  private static func exact(_ result: (partialValue: Int, overflow: Bool)) -> Value? {
    result.overflow ? nil : .int(result.partialValue)
  }
}
