internal import Autograd
internal import Language
internal import Tensor

/// The parameters of modules and models as one tree.
extension Engine {
  /// A tensor that belongs to a module or model.
  typealias Parameter = (path: String, tensor: TensorValue)

  /// All tensors of a module or model: learned, frozen, and state.
  func tree(_ arguments: borrowing Arguments, _ position: Int) throws -> [Parameter] {
    if let module = arguments[position].module {
      return module.entries.compactMap { entry in
        (entry.value.object as? TensorValue).map { (entry.path, $0) }
      }
    }
    if let clip = arguments[position].object as? ClipValue { return clip.parameters }
    throw arguments.fault(
      position, "must be a module or a CLIP", code: .type,
      label: "this is \(arguments[position].describedKind)")
  }

  /// Those that an optimizer changes.
  func trained(_ arguments: borrowing Arguments, _ position: Int) throws -> [Parameter] {
    try tree(arguments, position).filter { $0.tensor.isTrained }
  }

  func parameterNatives() -> [Native] {
    [
      Native("freeze(m)", "Stops training the parameters of a module.") { [self] arguments in
        for (_, tensor) in try learned(arguments) { tensor.setTrained(false) }
        return .nil
      },
      Native("unfreeze(m)", "Trains the parameters of a module again.") { [self] arguments in
        for (_, tensor) in try learned(arguments) { tensor.setTrained(true) }
        return .nil
      },
      Native(
        "assign(m, path: String, value)",
        "Replaces the numbers of a parameter by those of a tensor of the same shape."
      ) { [self] arguments in
        let path = try arguments.string(1)
        guard let tensor = try tree(arguments, 0).first(where: { $0.path == path })?.tensor else {
          throw arguments.fault(1, "names no parameter", label: "there is no \(path)")
        }
        try tensor.variable.assign(operand(arguments, 2).value)
        return .nil
      },
      Native(
        "count(m) -> Int", "How many numbers a module learns.",
        example: "count(Linear(3, 2))\n8"
      ) { [self] arguments in
        .int(try trained(arguments, 0).reduce(0) { $0 + $1.tensor.tensor.count })
      },
      Native(
        "params(m) -> Table",
        "What a module learns: the path, the shape and the count of numbers of each tensor.",
        example: "params(Linear(3, 2)).rows\n"
          + "[{path: \"weight\", shape: \"[2, 3]\", numbers: 6}, "
          + "{path: \"bias\", shape: \"[2]\", numbers: 2}]"
      ) { [self] in Value(try table($0)) },
      Native(
        "linear(x, weight, bias = nil)", "x Wᵀ + bias, with the weight stored [out, in].",
        example: "linear(ones([1, 2]), tensor([[1, 2], [3, 4]]))[0, 1]\n7"
      ) { [self] arguments in
        let bias = arguments.isNil(2) ? nil : try tensor(arguments, 2)
        return value(try tensor(arguments, 0).linear(tensor(arguments, 1), bias: bias))
      },
    ]
  }

  private func table(_ arguments: borrowing Arguments) throws -> TableValue {
    let parameters = try trained(arguments, 0)
    let counts = parameters.map(\.tensor.tensor.count)
    let name = arguments[0].module?.definition.name ?? arguments[0].describedKind
    let total = counts.reduce(0, +)
    return TableValue(
      head: ["\(name): \(total.grouped) \(total == 1 ? "number" : "numbers") to learn"],
      [
        .init("path", parameters.map { Value($0.path) }),
        .init("shape", parameters.map { Value("\($0.tensor.shape)") }),
        .init("numbers", counts.map(Value.int)),
      ])
  }

  /// What was declared with `param`, whether it is being trained or not.
  private func learned(_ arguments: borrowing Arguments) throws -> [Parameter] {
    if arguments[0].object is ClipValue {
      throw arguments.fault(
        0, "cannot be frozen or unfrozen", help: "`new_clip(…)` gives a model that can be trained")
    }
    return try tree(arguments, 0).filter { $0.tensor.role == .param }
  }
}

extension Int {
  /// With a comma before every three digits: "1,203,230".
  fileprivate var grouped: String {
    let digits = String(magnitude)
    let groups = stride(from: digits.count, to: 0, by: -3).map { end in
      digits.prefix(end).suffix(3)
    }
    return (self < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
  }
}
