internal import Language

/// What training and protocols ask of a method: which functions it offers, which arguments it takes.
extension Engine {
  func methodNatives() -> [Native] {
    [
      Native(
        "offers(m: Module, name: String) -> Bool", "Whether a module declares a function.",
        example: "offers(Linear(2, 1), \"call\")\ntrue"
      ) { .bool(try $0.module(0).hasFunction(try $0.string(1))) },
      Native(
        "takes(f, name: String) -> Bool",
        "Whether a function or a module's constructor has an argument of that name.",
        example: "takes(Linear, \"bias\")\ntrue"
      ) { .bool(Self.parameters(of: $0[0]).contains(try $0.string(1))) },
      Native(
        "field(m: Module, name: String, otherwise = nil)",
        "A field of a module, or something else if it has none of that name.",
        example: "field(Linear(2, 1), \"views\", 1)\n1"
      ) { try $0.module(0)[try $0.string(1)] ?? $0[2] },
      Native(
        "name(x) -> String", "The name of a method, module, function or data set.",
        example: "name(Linear)\nLinear"
      ) { arguments in
        guard case .text(let name) = ResultValue.Label(arguments[0]) else {
          throw arguments.fault(0, "has no name", code: .type)
        }
        return Value(name)
      },
    ]
  }

  /// The names of what a value can be called with.
  private static func parameters(of value: Value) -> [String] {
    switch value {
    case .definition(let definition): definition.signature.parameters.map(\.name)
    case .function(let closure): closure.signature.parameters.map(\.name)
    default: []
    }
  }
}
