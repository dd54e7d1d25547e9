internal import ArgumentParser
internal import Language

/// `duet check FILE…`: says what can be known of scripts without running them.
struct CheckCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what is wrong with scripts, without running them.",
    discussion: """
      Finds names that are not bound or not used, calls that do not fit, contracts that contradict \
      each other. The exit code is 1 if there are errors; warnings alone leave it 0.
      """)

  @Argument(help: ArgumentHelp("The scripts.", valueName: "file"))
  var files: [String]

  @OptionGroup var session: SessionOptions

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    var texts: [(file: String, text: String)] = []
    for file in files { texts.append((file, try ScriptFile.text(file))) }
    let workbench = try session.workbench(console)
    var status = ExitStatus.done
    for (file, text) in texts {
      let diagnostics = workbench.session.check(text, name: file)
      if !diagnostics.isEmpty { console.complain(diagnostics) }
      if diagnostics.contains(where: { $0.severity == .error }) { status = .differs }
      console.print("\(file): \(Self.summary(diagnostics))\n")
    }
    return status
  }

  private static func summary(_ diagnostics: [Diagnostic]) -> String {
    let errors = diagnostics.count { $0.severity == .error }
    let warnings = diagnostics.count - errors
    let count = { (number: Int, word: String) in "\(number) \(word)\(number == 1 ? "" : "s")" }
    switch (errors, warnings) {
    case (0, 0): return "nothing to complain about"
    case (0, _): return count(warnings, "warning")
    case (_, 0): return count(errors, "error")
    default: return "\(count(errors, "error")), \(count(warnings, "warning"))"
    }
  }
}
