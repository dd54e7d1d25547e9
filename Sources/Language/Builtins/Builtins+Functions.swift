extension Builtins {
  static var functions: [Native] { [apply] }

  private static var apply: Native {
    Native(
      "apply(f: Function, arguments: List = [], options: Record = {})",
      "Calls a function or makes a module with the arguments of a list and the labelled ones of a "
        + "record.",
      example: "apply(sorted, [[1, 3, 2]], {descending: true})\n[3, 2, 1]"
    ) { arguments in
      try arguments.interpreter.call(
        arguments[0], arguments.list(1),
        labels: arguments.record(2).entries.map { ($0.key, $0.value) })
    }
  }
}
