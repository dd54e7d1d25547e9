internal import ArgumentParser

/// `duet run FILE [-- args]`: runs a script; `-` reads it from the standard input.
struct RunCommand: ScriptCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a script.", usage: "duet run <file> [-- <args> ...]",
    discussion: """
      The script sees what stands behind `--` as `args`. Ctrl-C stops it at its next statement, batch \
      or product and leaves no half-written file; the exit code is then 130.
      """)

  @Argument(help: ArgumentHelp("The script; - reads the standard input.", valueName: "file"))
  var file: String

  @OptionGroup var session: SessionOptions

  func execute(_ console: Console, arguments: [String]) throws(Refusal) -> ExitStatus {
    let isPiped = file == "-"
    let text = try isPiped ? ScriptFile.textOfStandardInput() : ScriptFile.text(file)
    let workbench = try session.workbench(console, arguments: arguments, script: text)
    return workbench.evaluate(text, name: isPiped ? ScriptFile.standardInput : file).status
  }
}
