internal import Autograd
internal import Language
internal import Tensor

/// Making tensors, and looking at them.
extension Engine {
  private func made(_ arguments: borrowing Arguments, _ value: Float) throws -> Value {
    self.value(try Tensor(repeating: value, shape: shape(arguments, 0)))
  }

  /// Nested lists of numbers, all of one length at each depth.
  private func tensor(from value: Value, _ arguments: borrowing Arguments) throws -> Value {
    if let tensor = value.object as? TensorValue { return self.value(tensor.operand.detached) }
    var elements: [Float] = []
    var shape: [Int] = []
    var value = value
    if case .range = value {
      value = Value(try arguments.interpreter.items(of: value))
    }
    if value.list?.contains(where: { $0.object is TensorValue }) == true {
      return self.value(try Variable.stack(tensors(arguments, 0), axis: 0))
    }
    func read(_ value: Value, depth: Int) throws {
      if let number = value.number ?? value.bool.map({ $0 ? 1 : 0 }) {
        guard depth == shape.count else { throw ragged(arguments) }
        elements.append(Float(number))
      } else if let items = value.list {
        if depth == shape.count {
          guard elements.isEmpty else { throw ragged(arguments) }
          shape.append(items.count)
        }
        guard depth < shape.count, shape[depth] == items.count else { throw ragged(arguments) }
        for item in items { try read(item, depth: depth + 1) }
      } else {
        throw arguments.fault(
          0, "must hold numbers", code: .type, label: "it holds \(value.describedKind)")
      }
    }
    try read(value, depth: 0)
    return self.value(try Tensor(shape: shape, elements: elements))
  }

  private func ragged(_ arguments: borrowing Arguments) -> Fault {
    arguments.fault(
      0, "must hold lists of one length at each depth", code: .shape, label: "these rows differ")
  }

  private func drawn(
    _ arguments: borrowing Arguments, seedAt position: Int, _ name: String,
    _ draw: (inout RandomStream) throws(TensorError) -> Tensor
  ) throws -> Value {
    guard let seed = try arguments.optionalInt(position) else {
      return value(try draw(&starts))
    }
    var stream = RandomStream(seed: seed, name: name)
    return value(try draw(&stream))
  }

  func tensorNatives() -> [Native] {
    [
      Native(
        "tensor(values)", "A tensor from a number, nested lists of numbers, or a list of tensors.",
        example: "tensor([[1, 2], [3, 4]]).shape\n[2, 2]"
      ) { [self] in try tensor(from: $0[0], $0) },
      Native("zeros(shape)", "Zeros. `shape` is a list of sizes.", example: "zeros([2, 3])[0]") {
        [self] in try made($0, 0)
      },
      Native(
        "ones(shape)", "Ones. `shape` is a list of sizes.",
        example: "ones([2, 3]).shape\n[2, 3]"
      ) { [self] in try made($0, 1) },
      Native(
        "arange(start: Float, stop: Float? = nil, step: Float = 1)",
        "Numbers from `start` to before `stop`; from 0 when only one is given.",
        example: "arange(3).shape\n[3]"
      ) { [self] in try arange($0) },
      Native(
        "normal(shape, std: Float = 1, seed: Int? = nil)",
        "Normal numbers of mean 0. Without a seed they come from the session's stream of starting "
          + "values, which `seed(n)` restarts.",
        example: "normal([2, 3], 0.02, seed: 1).shape\n[2, 3]"
      ) { [self] arguments in
        let (shape, std) = (try shape(arguments, 0), try arguments.float(1))
        guard std >= 0, std.isFinite else {
          throw arguments.fault(1, "must be a number from 0 on")
        }
        return try drawn(arguments, seedAt: 2, "normal") { (stream) throws(TensorError) in
          try Tensor.normal(shape, deviation: Float(std), from: &stream)
        }
      },
      Native(
        "uniform(shape, low: Float = 0, high: Float = 1, seed: Int? = nil)",
        "Numbers uniform between `low` and `high`.",
        example: "uniform([2], 3, 4, seed: 1)[0].item > 3\ntrue"
      ) { [self] arguments in
        let shape = try shape(arguments, 0)
        let (low, high) = (try arguments.float(1), try arguments.float(2))
        return try drawn(arguments, seedAt: 3, "uniform") { (stream) throws(TensorError) in
          try Tensor.uniform(shape, low: Float(low), high: Float(high), from: &stream)
        }
      },
      Native(
        "seed(n: Int)",
        "Restarts the stream of starting values: what is drawn after it is the same each time."
      ) { [self] arguments in
        reseed(try arguments.int(0))
        return .nil
      },
    ]
  }

  private func arange(_ arguments: borrowing Arguments) throws -> Value {
    let first = try arguments.float(0)
    let end = try arguments.optionalFloat(1)
    let (start, stop, step) = (end == nil ? 0 : first, end ?? first, try arguments.float(2))
    guard step != 0, start.isFinite, stop.isFinite, step.isFinite else {
      throw arguments.fault(2, "must be a finite number other than 0")
    }
    let count = max(0, ((stop - start) / step).rounded(.up))
    guard count < 1e12 else { throw TensorError.memory(needed: .max, limit: 0) }
    try arguments.interpreter.checkListCount(Int(count))
    return value(
      try Tensor(
        shape: [Int(count)], elements: (0..<Int(count)).map { Float(start + Double($0) * step) }))
  }
}
