extension Builtins {
  static var output: [Native] { [print, help] }

  private static var print: Native {
    Native(
      "print(values..., separator: String = \" \", end: String = \"\\n\")",
      "Prints values, separated by blanks. A single object or module is shown as at the prompt, "
        + "on as many lines as it takes.",
      example: "print(1 + 1, \"two\")\n2 two"
    ) { arguments in
      let interpreter = arguments.interpreter
      let values = try arguments.list(0)
      let (separator, end) = (try arguments.string(1), try arguments.string(2))
      if values.count == 1 {
        let width = interpreter.host.width()
        interpreter.host.print(try interpreter.shown(values[0], width: width) + end)
        return .nil
      }
      var line = ""
      for (position, value) in values.enumerated() {
        let text = try interpreter.text(of: value)
        try interpreter.checkStringBytes(line.utf8.count + text.utf8.count + separator.utf8.count)
        if position > 0 { line += separator }
        line += text
      }
      interpreter.host.print(line + end)
      return .nil
    }
  }

  private static var help: Native {
    Native(
      "help(values...)",
      "Prints what is known about a value: signature, text, example, place. Without one, prints all "
        + "words there are."
    ) { arguments in
      let interpreter = arguments.interpreter
      let values = try arguments.list(0)
      let pages = values.map { Help.text(for: $0, in: interpreter) }
      let text = pages.isEmpty ? Help.overview(interpreter) : pages.joined(separator: "\n\n")
      interpreter.host.print(text + "\n")
      return .nil
    }
  }
}
