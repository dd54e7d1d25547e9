extension Builtins {
  static var conversions: [Native] { [int, float, string, type, copy] }

  private static var int: Native {
    Native(
      "int(x) -> Int", "A number cut to a whole one, or a text read as one.",
      example: "int(\"42\") + int(-1.9)\n41"
    ) { arguments in
      switch arguments[0] {
      case .int: return arguments[0]
      case .bool(let value): return .int(value ? 1 : 0)
      case .float(let value):
        guard let number = Int(exactly: value.rounded(.towardZero)) else {
          throw refusal(arguments, "does not fit in an Int", code: .overflow)
        }
        return .int(number)
      case .string(let box):
        guard let number = Int(trimmed(box.text)) else {
          throw refusal(arguments, "is not the text of an Int")
        }
        return .int(number)
      default: throw notNumber(arguments)
      }
    }
  }

  private static var float: Native {
    Native(
      "float(x) -> Float", "A number as a Float, or a text read as one.",
      example: "float(\"1e-3\")\n0.001"
    ) { arguments in
      if let number = arguments[0].number { return .float(number) }
      guard let text = arguments[0].string else { throw notNumber(arguments) }
      guard let number = Double(trimmed(text)) else {
        throw refusal(arguments, "is not the text of a number")
      }
      return .float(number)
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }

  /// A fault about the value that was to be converted.
  private static func refusal(
    _ arguments: borrowing Arguments, _ reason: String, code: DiagnosticCode = .value
  ) -> Fault {
    let value = arguments[0].string.map { Value(Excerpt.of($0)) } ?? arguments[0]
    return Fault(
      code, "\(arguments.interpreter.literal(value)) \(reason)", blame: .argument(0))
  }

  private static func notNumber(_ arguments: borrowing Arguments) -> Fault {
    arguments.fault(
      0, "must be a number or a String", code: .type,
      label: "this is \(arguments[0].describedKind)")
  }

  private static var string: Native {
    Native(
      "string(x) -> String", "The text that `print` writes.", example: "string([1, 2])\n[1, 2]"
    ) {
      arguments in Value(try arguments.interpreter.text(of: arguments[0]))
    }
  }

  private static var type: Native {
    Native(
      "type(x) -> String", "The kind of a value; for a module, its name.",
      example: "type(1.5)\nFloat"
    ) { arguments in Value(arguments[0].kind) }
  }

  private static var copy: Native {
    Native(
      "copy(x)",
      "An independent copy of a module or parameter. Other values are their own copies already."
    ) { arguments in
      let interpreter = arguments.interpreter
      switch arguments[0] {
      case .module(let module): return .module(try interpreter.copy(module))
      case .host(let box):
        guard let parameter = box.object as? any HostParameter else { return arguments[0] }
        return Value(try parameter.copied())
      default: return arguments[0]
      }
    }
  }
}
