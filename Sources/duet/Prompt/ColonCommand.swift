internal import Foundation

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
        conversation.console.print(overview(for: conversation.console))
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
      ColonCommand(
        name: "bench", arguments: "CODE", help: "run code again and again: the median time"
      ) { conversation, rest throws(Refusal) in
        if rest.isEmpty { throw Refusal("':bench' needs code to run", help: "`:bench x @ y`") }
        return .next(conversation.bench(rest))
      },
      ColonCommand(name: "mem", arguments: "", help: "the memory that is held") {
        conversation, _ throws(Refusal) in
        conversation.showMemory()
        return .next(.done)
      },
      ColonCommand(name: "apropos", arguments: "WORD", help: "the names whose help has a word") {
        conversation, rest throws(Refusal) in
        if rest.isEmpty { throw Refusal("':apropos' needs a word", help: "`:apropos prompt`") }
        try conversation.search(rest)
        return .next(.done)
      },
      ColonCommand(name: "load", arguments: "FILE", help: "run a script here; its names stay") {
        conversation, rest throws(Refusal) in
        if rest.isEmpty { throw Refusal("':load' needs a file", help: "`:load script.duet`") }
        return .next(try conversation.load(rest))
      },
      ColonCommand(
        name: "save", arguments: "FILE", help: "write the entries that ran well as a script"
      ) { conversation, rest throws(Refusal) in
        if rest.isEmpty { throw Refusal("':save' needs a file", help: "`:save script.duet`") }
        try conversation.save(rest)
        return .next(.done)
      },
      ColonCommand(
        name: "replay", arguments: "", help: "begin again and run the entries that ran well"
      ) { conversation, _ throws(Refusal) in
        .next(try conversation.replay())
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

  private static func overview(for console: Console) -> String {
    let heads =
      all.map { ":\($0.name)" + ($0.arguments.isEmpty ? "" : " \($0.arguments)") } + [
        "?NAME, ??NAME", "_, _3",
      ]
    let texts =
      all.map(\.help) + [
        "what is known about a name, and how it is written", "the last value, and that of entry 3",
      ]
    guard console.isTerminal else { return "\(Fitting.table(heads, texts, to: .max))\n\n\(keys)\n" }
    return Fitting.table(heads, texts, to: console.width) + "\n\n"
      + Fitting.wrapped(keys, to: console.width) + "\n"
  }

  private static let keys = """
    Enter runs a finished entry and goes on with an unfinished one;
    Alt-Enter always goes on. A semicolon at the end keeps the value quiet.
    Tab completes, twice it lists. Up and Down move in the entry and through
    earlier ones that begin alike; Ctrl-P and Ctrl-N go through them at once,
    Ctrl-R searches. Ctrl-C stops what runs and keeps every value.
    """
}
