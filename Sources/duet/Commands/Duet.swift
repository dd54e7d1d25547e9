internal import ArgumentParser

/// `duet`: the prompt; with `-e`, one piece of code.
struct Duet: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "duet",
    abstract: "A small language for adapting CLIP by prompt learning.",
    usage: """
      duet [--threads <n>] [--stdlib <folder>]
      duet -e <code> [-- <args> ...]
      duet <command> ...
      """,
    discussion: """
      Without a command, duet opens its prompt; without a terminal it reads entries from its input.

      Exit codes: 0 done, 1 something that was compared differs, 64 wrong command line or missing \
      input, 65 a script does not compile, 70 it failed while running, 130 interrupted.
      """,
    subcommands: [
      RunCommand.self, CheckCommand.self, InspectCommand.self, DiffCommand.self, MergeCommand.self,
      ExportCommand.self, VerifyCommand.self, ImportCommand.self, EncodeCommand.self,
      ClassifyCommand.self, DataCommand.self, BenchCommand.self,
    ])

  @Option(
    name: .customShort("e"),
    help: ArgumentHelp("Run code and show the value of its last expression.", valueName: "code"))
  var code: String?

  @Flag(help: "Say which versions of the program and its libraries are in use.")
  var version = false

  @OptionGroup var session: SessionOptions

  func execute(_ console: Console, arguments: [String]) throws(Refusal) -> ExitStatus {
    if version {
      session.setThreads()
      console.print(Version.lines(stdlib: session.library).joined(separator: "\n") + "\n")
      return .done
    }
    let workbench = try session.workbench(console, arguments: arguments, script: code)
    guard let code else { return Prompt.run(workbench) }
    let evaluation = workbench.evaluate(code, name: "-e")
    if let text = workbench.display(evaluation.shown) { console.print(text + "\n") }
    console.settle()
    return workbench.outputStatus ?? evaluation.status
  }
}
