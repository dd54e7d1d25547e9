extension Builtins {
  static var numbers: [Native] {
    [absolute, rounding, floor, ceiling, sum, maximum, minimum, time]
  }

  private static var absolute: Native {
    Native("abs(x)", "The distance of a number from zero.", example: "abs(-3)\n3") { arguments in
      if let number = arguments[0].int {
        guard number != .min else { throw Fault(.negationOverflow) }
        return .int(Swift.abs(number))
      }
      return .float(try arguments.float(0).magnitude)
    }
  }

  private static var rounding: Native {
    Native(
      "round(x, digits: Int? = nil)",
      "The nearest Int, halves to even; with `digits`, the nearest Float with so many decimals.",
      example: "round(2.718, digits: 1)\n2.7"
    ) { arguments in
      if let digits = try arguments.optionalInt(1) {
        guard (0...FixedDecimal.digitLimit).contains(digits) else {
          throw arguments.fault(1, "must be between 0 and \(FixedDecimal.digitLimit)")
        }
        return .float(FixedDecimal.rounded(try arguments.float(0), digits: digits))
      }
      return try whole(arguments) { $0.rounded(.toNearestOrEven) }
    }
  }

  private static var floor: Native {
    Native(
      "floor(x) -> Int", "The largest Int that is not above a number.",
      example: "floor(-1.5)\n-2"
    ) { arguments in try whole(arguments) { $0.rounded(.down) } }
  }

  private static var ceiling: Native {
    Native(
      "ceil(x) -> Int", "The smallest Int that is not below a number.",
      example: "ceil(1.2)\n2"
    ) { arguments in try whole(arguments) { $0.rounded(.up) } }
  }

  /// The first argument as an `Int`, rounded in some way.
  private static func whole(
    _ arguments: borrowing Arguments, _ rounded: (Double) -> Double
  ) throws -> Value {
    if case .int = arguments[0] { return arguments[0] }
    let value = rounded(try arguments.float(0))
    guard let number = Int(exactly: value) else {
      throw arguments.fault(0, "does not fit in an Int", code: .overflow)
    }
    return .int(number)
  }

  private static var sum: Native {
    Native(
      "sum(values...)", "The sum of numbers, given as arguments or in a list.",
      example: "sum([1, 2, 3])\n6"
    ) { arguments in
      var total = Value.int(0)
      for value in try numbers(in: arguments) {
        total = try arguments.interpreter.combine(.add, total, value)
      }
      return total
    }
  }

  private static var maximum: Native {
    Native(
      "max(values...)", "The largest number or string, of arguments or of a list; nan if one is.",
      example: "max(3, 1, 2)\n3"
    ) { arguments in try extreme(arguments, .greater) }
  }

  private static var minimum: Native {
    Native(
      "min(values...)", "The smallest number or string, of arguments or of a list; nan if one is.",
      example: "min([3, 1, 2])\n1"
    ) { arguments in try extreme(arguments, .less) }
  }

  private static func extreme(
    _ arguments: borrowing Arguments, _ better: BinaryOperator
  ) throws -> Value {
    let values = try numbers(in: arguments)
    guard var best = values.first else { throw arguments.fault(0, "must not be empty") }
    for value in values.dropFirst() {
      if best.number?.isNaN == true { continue }
      if value.number?.isNaN == true { best = value }
      if case .bool(true) = try arguments.interpreter.combine(better, value, best) { best = value }
    }
    return best
  }

  /// The arguments, or the elements of the only one.
  private static func numbers(in arguments: borrowing Arguments) throws -> [Value] {
    let values = try arguments.list(0)
    guard values.count == 1, let only = values.first else { return values }
    switch only {
    case .list, .range, .record: return try arguments.interpreter.elements(of: only)
    default: return values
    }
  }

  private static var time: Native {
    Native("time() -> Float", "Seconds from some fixed moment, for measuring.") { arguments in
      .float(arguments.interpreter.host.clock())
    }
  }
}
