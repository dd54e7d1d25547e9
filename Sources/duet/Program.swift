internal import ArgumentParser
internal import Foundation

/// The way from a command line to an exit code.
enum Program {
  /// Runs a command line; returns the exit code.
  static func run(_ arguments: [String]) -> Int32 {
    let console = Console(clock: { ProcessInfo.processInfo.systemUptime })
    let status = execute(arguments, console)
    console.settle()
    guard case .unwritable(let code) = console.failure else {
      return console.failure == .closed ? ExitStatus.closed.rawValue : status.rawValue
    }
    let reason = unsafe String(cString: strerror(code)).lowercased()
    console.complain(Refusal("the output cannot be written: \(reason)").text)
    return ExitStatus.failure.rawValue
  }

  private static func execute(_ arguments: [String], _ console: Console) -> ExitStatus {
    let (words, scriptArguments) = divide(arguments)
    do {
      let command = try Duet.parseAsRoot(words)
      if let command = command as? any ScriptCommand {
        return try command.execute(console, arguments: scriptArguments)
      }
      if let first = scriptArguments.first { throw Refusal("unexpected argument '\(first)'") }
      if let command = command as? any Command { return try command.execute(console) }
      // `duet help`: running it throws its text.
      try run(command)
      return .done
    } catch let refusal as Refusal {
      console.complain(refusal.text)
      return refusal.status
    } catch {
      return report(error, arguments, console)
    }
  }

  /// The command line, and what stands behind `--` for a script. Commands that run none take what
  /// stands there as theirs, as file names that begin with a hyphen.
  private static func divide(_ arguments: [String]) -> ([String], forScript: [String]) {
    let first = arguments.first ?? ""
    guard first == RunCommand.configuration.commandName || first.hasPrefix("-"),
      let end = arguments.firstIndex(of: "--")
    else { return (arguments, []) }
    return (Array(arguments[..<end]), Array(arguments[(end + 1)...]))
  }

  private static func run(_ command: some ParsableCommand) throws {
    var command = command
    try command.run()
  }

  /// Help that was asked for, or what is wrong with the command line.
  private static func report(
    _ error: any Error, _ arguments: [String], _ console: Console
  ) -> ExitStatus {
    if Duet.exitCode(for: error) == .success {
      console.print(Duet.fullMessage(for: error) + "\n")
      return .done
    }
    let message = Duet.message(for: error)
    let first = arguments.first ?? ""
    let text =
      message == "Unexpected argument '\(first)'"
      ? "there is no command '\(first)'" : message.prefix(1).lowercased() + message.dropFirst()
    console.complain(Refusal(text, help: hint(first)).text)
    return .usage
  }

  private static func hint(_ first: String) -> String {
    if first.hasSuffix(".duet") || FileManager.default.fileExists(atPath: first) {
      return "`duet run \(first)` runs a script"
    }
    let names = Duet.configuration.subcommands.compactMap { $0.configuration.commandName }
    return names.contains(first)
      ? "`duet help \(first)` says how to use it" : "`duet help` lists the commands"
  }
}

/// A command that runs a script, which sees the arguments behind `--`.
protocol ScriptCommand: ParsableCommand {
  /// Does the work.
  func execute(_ console: Console, arguments: [String]) throws -> ExitStatus
}

/// A command of the program.
///
/// `ParsableCommand.run` cannot be given a console or return an exit code; ``execute(_:)`` can.
protocol Command: ParsableCommand {
  /// Does the work.
  func execute(_ console: Console) throws -> ExitStatus
}

/// What all commands that run scripts have in common.
struct SessionOptions: ParsableArguments {
  @Option(
    name: .customLong("stdlib"),
    help: ArgumentHelp("The folder of the standard library.", valueName: "folder"))
  var library: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The number of threads; without it, all processors.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    guard let threads, !(1...256).contains(threads) else { return }
    throw ValidationError("--threads must be from 1 to 256, not \(threads)")
  }

  /// Tells the engine the number of threads, which it asks for when it is first used.
  func setThreads() {
    if let threads { _ = unsafe setenv("DUET_THREADS", "\(threads)", 1) }
  }

  /// Makes the session.
  func workbench(
    _ console: Console, arguments: [String] = [], script: String? = nil, isQuiet: Bool = false
  ) throws(Refusal) -> Workbench {
    setThreads()
    return try Workbench(
      stdlib: library, arguments: arguments, script: script, console: console, isQuiet: isQuiet)
  }
}
