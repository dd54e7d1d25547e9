extension Builtins {
  static var output: [Native] {
    [
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
    ]
  }
}
