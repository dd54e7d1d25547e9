extension Builtins {
  static var output: [Native] { [print, help] }

  private static var print: Native {
    Native(
      "print(values..., separator: String = \" \", end: String = \"\\n\")",
      "Prints values, separated by blanks.",
      example: "print(1 + 1, \"two\")\n2 two"
    ) { arguments in
      let interpreter = arguments.interpreter
      let texts = try arguments.list(0).map { try interpreter.text(of: $0) }
      let line = texts.joined(separator: try arguments.string(1)) + (try arguments.string(2))
      interpreter.host.print(line)
      return .nil
    }
  }

  private static var help: Native {
    Native("help(x)", "Prints what is known about a value: signature, text, example, place.") {
      arguments in
      let interpreter = arguments.interpreter
      interpreter.host.print(Help.text(for: arguments[0], in: interpreter) + "\n")
      return .nil
    }
  }
}
