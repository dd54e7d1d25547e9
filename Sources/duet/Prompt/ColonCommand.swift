internal import Foundation
internal import Language

/// A command of the prompt. It begins with a colon, which no code does.
struct ColonCommand {
  let name: String
  /// What stands behind the name, for the help.
  let arguments: String
  let help: String
  let run: (Conversation, String) throws(Refusal) -> Conversation.Step

  /// All commands, in the order of the help.
  static var all: [ColonCommand] {
    [
      ColonCommand(name: "help", arguments: "", help: "this list") {
        conversation, _ throws(Refusal) in
        conversation.console.print(overview)
        return .next(.done)
      },
      ColonCommand(name: "vars", arguments: "", help: "the names you have bound") {
        conversation, _ throws(Refusal) in
        conversation.listNames()
        return .next(.done)
      },
      ColonCommand(
        name: "params", arguments: "[NAME]", help: "the parameters of a module, or of all you have"
      ) { conversation, rest throws(Refusal) in
        try conversation.listParameters(rest)
        return .next(.done)
      },
      ColonCommand(name: "time", arguments: "CODE", help: "run code and say how long it took") {
        conversation, rest throws(Refusal) in
        if rest.isEmpty { throw Refusal("':time' needs code to run", help: "`:time sum(x @ y)`") }
        return .next(conversation.time(rest))
      },
      ColonCommand(name: "load", arguments: "FILE", help: "run a script here; its names stay") {
        conversation, rest throws(Refusal) in
        if rest.isEmpty { throw Refusal("':load' needs a file", help: "`:load script.duet`") }
        return .next(try conversation.load(rest))
      },
      ColonCommand(
        name: "cd", arguments: "[FOLDER]", help: "change the working folder, or say which it is"
      ) { conversation, rest throws(Refusal) in
        try conversation.changeFolder(rest)
        return .next(.done)
      },
      ColonCommand(name: "reset", arguments: "", help: "forget all names and begin again") {
        conversation, _ throws(Refusal) in
        try conversation.reset()
        return .next(.done)
      },
      ColonCommand(name: "quit", arguments: "", help: "leave; so does Ctrl-D") {
        _, _ throws(Refusal) in .leave
      },
    ]
  }

  private static var overview: String {
    let heads = all.map { ":\($0.name) \($0.arguments)" } + ["?NAME, ??NAME", "_, _3"]
    let texts =
      all.map(\.help) + [
        "what is known about a name, and how it is written", "the last value, and that of entry 3",
      ]
    let width = heads.map(\.count).max() ?? 0
    let lines = zip(heads, texts).map {
      $0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $1
    }
    return (lines + ["", keys]).joined(separator: "\n") + "\n"
  }

  private static let keys = """
    Enter runs a finished entry and goes on with an unfinished one; Alt-Enter always goes on.
    A semicolon at the end keeps the value quiet. Tab completes, twice it lists.
    Up and Down move in the entry and through earlier ones that begin alike; Ctrl-P and Ctrl-N
    go through them at once, Ctrl-R searches. Ctrl-C stops what runs and keeps every value.
    """
}

extension Conversation {
  fileprivate func listNames() {
    let names = workbench.session.names.filter { !$0.name.hasPrefix("_") }
    if names.isEmpty { return console.print("nothing is bound yet\n") }
    let width = names.map { DisplayWidth.of($0.name) }.max() ?? 0
    for name in names {
      let padding = String(repeating: " ", count: width - DisplayWidth.of(name.name))
      let kind = name.kind.rawValue.padding(toLength: 6, withPad: " ", startingAt: 0)
      console.print("\(kind)  \(name.name)\(padding)  \(summary(of: name.value))\n")
    }
  }

  private func summary(of value: Value?) -> String {
    guard let value else { return "not loaded yet" }
    let text = workbench.session.interpreter.literal(value)
    let room = max(20, console.width - 24)
    return text.count > room ? text.prefix(room) + "…" : text
  }

  fileprivate func listParameters(_ name: String) throws(Refusal) {
    if !name.isEmpty {
      guard let value = workbench.session.value(of: name) else {
        throw Refusal("'\(name)' is not bound", help: suggestion(for: name))
      }
      guard let module = value.module else {
        throw Refusal("'\(name)' is \(value.describedKind), not a module: it has no parameters")
      }
      return console.print(module.display + "\n")
    }
    let modules = workbench.session.names.compactMap { name in
      name.name.hasPrefix("_") ? nil : name.value?.module.map { (name.name, $0) }
    }
    if modules.isEmpty { return console.print("no module is bound yet\n") }
    for (name, module) in modules { console.print("\(name): \(module.display)\n") }
  }

  fileprivate func time(_ code: String) -> ExitStatus {
    let clock = ContinuousClock()
    let start = clock.now
    let status = run(code)
    let seconds = (clock.now - start) / .seconds(1)
    if status == .done { console.print("took \(Self.words(seconds))\n") }
    return status
  }

  /// A time with three digits that matter.
  private static func words(_ seconds: Double) -> String {
    if seconds >= 120 { return ProgressLine.duration(seconds) }
    let (number, unit) =
      seconds >= 1
      ? (seconds, "s") : seconds >= 1e-3 ? (seconds * 1e3, "ms") : (seconds * 1e6, "µs")
    let scale = number >= 100 ? 1.0 : number >= 10 ? 10 : 100
    return "\((number * scale).rounded() / scale) \(unit)"
  }

  fileprivate func load(_ path: String) throws(Refusal) -> ExitStatus {
    let path = Self.expanded(path)
    return workbench.evaluate(try ScriptFile.text(path), name: path).status
  }

  fileprivate func changeFolder(_ path: String) throws(Refusal) {
    let files = FileManager.default
    if !path.isEmpty, !files.changeCurrentDirectoryPath(Self.expanded(path)) {
      throw Refusal("there is no folder '\(path)'")
    }
    console.print(files.currentDirectoryPath + "\n")
  }

  /// A path without quotes around it, and with the home folder for `~`.
  private static func expanded(_ path: String) -> String {
    let isQuoted = path.count > 1 && path.hasPrefix("\"") && path.hasSuffix("\"")
    let path = isQuoted ? String(path.dropFirst().dropLast()) : path
    return (path as NSString).expandingTildeInPath
  }
}
