internal import Autograd
internal import Foundation
internal import Language
internal import Tensor

/// Sums, means, extremes and the normalisations along an axis.
///
/// What reduces a tensor also reduces a list of numbers, so that a script needs one word.
extension Engine {
  func reductionNatives() -> [Native] {
    [
      Native(
        "sum(x, axis = nil, keep: Bool = false)",
        "The sum of a tensor over `axis` (all axes when nil), or of a list of numbers.",
        example: "sum([1, 2, 3])\n6"
      ) { [self] arguments in
        if let numbers = try numbers(arguments) { return try sum(numbers) }
        return value(
          try tensor(arguments, 0).sum(axes: axes(arguments, 1), keepsAxes: arguments.bool(2)))
      },
      Native(
        "mean(x, axis = nil, keep: Bool = false)",
        "The mean of a tensor over `axis` (all axes when nil), or of a list of numbers.",
        example: "mean([1, 2, 6])\n3.0"
      ) { [self] arguments in
        if let numbers = try numbers(arguments) { return .float(try mean(numbers, arguments)) }
        return value(
          try tensor(arguments, 0).mean(axes: axes(arguments, 1), keepsAxes: arguments.bool(2)))
      },
      Native(
        "std(x, axis = nil, keep: Bool = false)",
        "The population standard deviation (divided by n) of a tensor over `axis`, or of a list of "
          + "numbers.",
        example: "std([1, 3])\n1.0"
      ) { [self] in try deviation($0) },
      extreme("max", .max, "largest", example: "max([3, 7, 5])\n7"),
      extreme("min", .min, "smallest", example: "min([3, 7, 5])\n3"),
      Native(
        "argmax(x, axis: Int = -1)",
        "Where the largest element lies, the first on a tie: an Int for a vector, a list for a "
          + "matrix.",
        example: "argmax(tensor([[1, 5, 2], [9, 0, 0]]))\n[1, 0]"
      ) { [self] in try argmax($0) },
      Native(
        "topk(x, k: Int)",
        "The k largest of the last axis: a record of `values` and `indices`, largest first.",
        example: "topk(tensor([4, 9, 7]), 2).indices\n[1, 2]"
      ) { [self] in try topk($0) },
      Native(
        "normalize(x)", "x / ‖x‖₂ along the last axis, without an epsilon.",
        example: "normalize(tensor([0, 4]))[1].item\n1.0"
      ) {
        [self] arguments in value(try tensor(arguments, 0).normalized())
      },
      rows("softmax", "e^x / Σ e^x along `axis`.") { (x) throws(TensorError) in try x.softmax() },
      rows("log_softmax", "log softmax(x) along `axis`.") { (x) throws(TensorError) in
        try x.logSoftmax()
      },
    ]
  }

  /// The elements of a list of numbers; nil for anything else.
  private func numbers(_ arguments: borrowing Arguments) throws -> [Value]? {
    switch arguments[0] {
    case .list, .range: break
    default: return nil
    }
    let items = try arguments.list(0)
    guard items.allSatisfy({ $0.number != nil }) else {
      throw arguments.fault(0, "must be a tensor or a list of numbers", code: .type)
    }
    return items
  }

  private func sum(_ numbers: [Value]) throws -> Value {
    guard numbers.allSatisfy({ $0.int != nil }) else {
      return .float(numbers.reduce(0) { $0 + ($1.number ?? 0) })
    }
    var total = 0
    for number in numbers {
      let (next, overflow) = total.addingReportingOverflow(number.int ?? 0)
      if overflow { throw Fault(.overflow, "the sum is beyond 64 bits") }
      total = next
    }
    return .int(total)
  }

  private func mean(_ numbers: [Value], _ arguments: borrowing Arguments) throws -> Double {
    guard !numbers.isEmpty else { throw arguments.fault(0, "must not be empty") }
    return numbers.reduce(0) { $0 + ($1.number ?? 0) } / Double(numbers.count)
  }

  private func deviation(_ arguments: borrowing Arguments) throws -> Value {
    if let numbers = try numbers(arguments) {
      let center = try mean(numbers, arguments)
      let squares = numbers.reduce(0) { $0 + pow(($1.number ?? 0) - center, 2) }
      return .float((squares / Double(numbers.count)).squareRoot())
    }
    let (x, axes, keep) = (
      try tensor(arguments, 0), try axes(arguments, 1), try arguments.bool(2)
    )
    let distance = try x.minus(x.mean(axes: axes, keepsAxes: true))
    return value(
      try distance.times(distance).mean(axes: axes, keepsAxes: keep).mapped(.squareRoot))
  }

  private func extreme(
    _ name: String, _ which: Tensor.Extreme, _ word: String, example: String
  ) -> Native {
    Native(
      "\(name)(x, others..., axis: Int? = nil, keep: Bool = false)",
      "The \(word) of several numbers, of a list, or of a tensor along `axis` (of all elements when "
        + "nil).", example: example
    ) { [self] arguments in
      let others = try arguments.list(1)
      if !others.isEmpty || arguments[0].number != nil {
        return try extremeOf([arguments[0]] + others, which, arguments)
      }
      if let numbers = try numbers(arguments) { return try extremeOf(numbers, which, arguments) }
      let x = try tensor(arguments, 0)
      guard let axis = try arguments.optionalInt(2) else {
        return value(try x.reshaped(to: [x.value.count]).extreme(which, axis: 0))
      }
      return value(try x.extreme(which, axis: axis, keepsAxis: arguments.bool(3)))
    }
  }

  private func extremeOf(
    _ values: [Value], _ which: Tensor.Extreme, _ arguments: borrowing Arguments
  ) throws -> Value {
    guard var best = values.first else { throw arguments.fault(0, "must not be empty") }
    for value in values {
      guard let a = value.number, let b = best.number else {
        throw arguments.fault(
          0, "must be numbers", code: .type, label: "one is \(value.describedKind)")
      }
      if which == .max ? a > b : a < b { best = value }
    }
    return best
  }

  private func argmax(_ arguments: borrowing Arguments) throws -> Value {
    let x = try tensor(arguments, 0).value
    let positions = try x.extreme(.max, axis: arguments.int(1)).positions
    switch x.rank {
    case 1: return .int(positions[0])
    case 2: return Value(positions.map(Value.int))
    default:
      throw arguments.fault(
        0, "must be a vector or a matrix", code: .shape,
        label: "this is \(TensorPrinting.shape(x.shape))")
    }
  }

  private func topk(_ arguments: borrowing Arguments) throws -> Value {
    let (x, k) = (try tensor(arguments, 0), try arguments.int(1))
    guard let width = x.shape.last, k >= 1, k <= width else {
      throw arguments.fault(1, "must lie between 1 and the size of the last axis")
    }
    let elements = x.value.elements
    let rows = elements.count / width
    let order = (0..<rows).map { row in
      Array(
        (0..<width).sorted {
          let (a, b) = (elements[row * width + $0], elements[row * width + $1])
          return a != b ? a > b : $0 < $1
        }.prefix(k))
    }
    let picked = try x.reshaped(to: [rows, width]).indexed([
      .list((0..<rows).flatMap { [Int](repeating: $0, count: k) }), .list(order.flatMap { $0 }),
    ]).reshaped(to: x.shape.dropLast() + [k])
    let lists = order.map { Value($0.map(Value.int)) }
    return Value(
      Record([("values", value(picked)), ("indices", x.shape.count == 1 ? lists[0] : Value(lists))])
    )
  }

  /// An operation along the last axis, for any axis.
  private func rows(
    _ name: String, _ doc: String,
    _ operation: @escaping (Variable) throws(TensorError) -> Variable
  ) -> Native {
    Native("\(name)(x, axis: Int = -1)", doc) { [self] arguments in
      let x = try tensor(arguments, 0)
      let axis = try x.value.resolved(axis: arguments.int(1), name)
      guard axis < x.shape.count - 1 else { return value(try operation(x)) }
      var order = Array(x.shape.indices)
      order.swapAt(axis, order.count - 1)
      return value(try operation(x.permuted(order)).permuted(order))
    }
  }
}
