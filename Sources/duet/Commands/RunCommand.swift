internal import ArgumentParser
internal import Bindings

/// `duet run FILE [-- args]`: runs a script; `-` reads it from the standard input.
struct RunCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a script.",
    usage: "duet run <file> [--jobs <n>] [-- <args> ...]",
    discussion: """
      The script sees what stands behind `--` as `args`. Ctrl-C stops it at its next statement, batch \
      or product and leaves no half-written file; the exit code is then 130.

      With `--jobs` the cells of each `cells(…)`, and so of each protocol, are run by so many \
      processes, which share the threads; the numbers are the same. Each process runs the script up \
      to there without its effects: only what its cells keep in their store is seen.
      """)

  @Argument(help: ArgumentHelp("The script; - reads the standard input.", valueName: "file"))
  var file: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of processes that run cells of protocols.", valueName: "n"))
  var jobs: Int?

  @Flag(name: .customLong("worker"), help: .hidden)
  var isWorker = false

  @OptionGroup var session: SessionOptions

  func validate() throws {
    guard let jobs, !(1...64).contains(jobs) else { return }
    throw ValidationError("--jobs must be from 1 to 64, not \(jobs)")
  }

  func execute(_ console: Console, arguments: [String]) throws(Refusal) -> ExitStatus {
    if isWorker { return try work(console, arguments) }
    let isPiped = file == "-"
    let text = try isPiped ? ScriptFile.textOfStandardInput() : ScriptFile.text(file)
    let workbench = try session.workbench(console, arguments: arguments, script: text)
    if let jobs, jobs > 1 {
      workbench.engine.crew = Crew(
        count: jobs,
        arguments: ["--stdlib", workbench.library.folder, file]
          + (arguments.isEmpty ? [] : ["--"] + arguments), script: text)
    }
    defer { workbench.engine.crew?.disband() }
    return workbench.evaluate(text, name: name).status
  }

  private var name: String { file == "-" ? ScriptFile.standardInput : file }

  /// Runs cells for the process that started this one.
  private func work(_ console: Console, _ arguments: [String]) throws(Refusal) -> ExitStatus {
    guard let foreman = Foreman() else {
      throw Refusal("'--worker' is for processes that `duet run --jobs` starts")
    }
    let workbench = try session.workbench(
      console, arguments: arguments, script: foreman.script, isQuiet: true)
    workbench.engine.foreman = foreman
    return workbench.evaluate(foreman.script, name: name).status
  }
}
