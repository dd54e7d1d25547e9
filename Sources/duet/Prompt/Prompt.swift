internal import Foundation
internal import Language

/// Reading and running entries until the user leaves or the input ends.
enum Prompt {
  /// Runs the prompt: with an editor on a terminal, line by line without one.
  static func run(_ workbench: Workbench) -> ExitStatus {
    let input = StandardInput()
    let isTyped = isatty(STDIN_FILENO) == 1
    if isTyped, workbench.console.isTerminal, let status = edit(workbench, input) { return status }
    return read(workbench, input, isTyped: isTyped)
  }

  // On a terminal

  private static func edit(_ workbench: Workbench, _ input: StandardInput) -> ExitStatus? {
    let conversation = Conversation(workbench, isLabelled: true)
    let file = HistoryFile.standard()
    let assistant = LineEditor.Assistant(
      isIncomplete: { conversation.isIncomplete($0) },
      possibilities: { conversation.possibilities(in: $0, at: $1) },
      summary: { workbench.session.summary(of: $0) })
    guard
      let editor = LineEditor(
        input: input, history: History(file.read()), assistant: assistant)
    else { return nil }
    let console = workbench.console
    console.print("duet \(Version.number) — :help for help, Ctrl-D to leave\n")
    if let reason = file.obstacle() { console.notice("entries will not be kept: \(reason)") }
    while console.failure == nil {
      let prompt = "In [\(conversation.number)]: "
      switch editor.read(prompt: prompt, color: console.colorsOutput ? "\u{1B}[32m" : nil) {
      case .interrupted: continue
      case .end: return .done
      case .entry(let text):
        let step = conversation.take(text)
        if text.contains(where: { !$0.isWhitespace }) {
          editor.history.append(text)
          file.append(text, ok: step == .next(.done))
        }
        if step == .leave { return .done }
        console.settle()
      }
    }
    return workbench.outputStatus ?? .done
  }

  // Without an editor

  /// Reads plainly: a terminal without escape sequences is prompted, a pipe or file is not.
  ///
  /// The exit code of a pipe is that of the worst failure; Ctrl-C ends it.
  private static func read(
    _ workbench: Workbench, _ input: StandardInput, isTyped: Bool
  ) -> ExitStatus {
    let conversation = Conversation(workbench, isLabelled: isTyped)
    var entry = ""
    while workbench.console.failure == nil {
      let label = "In [\(conversation.number)]: "
      if isTyped { workbench.console.print(prompt(label, isFirst: entry.isEmpty)) }
      workbench.console.flush()
      switch input.line() {
      case .text(let line):
        entry += (entry.isEmpty ? "" : "\n") + line
        if conversation.isIncomplete(entry) { continue }
      case .interrupted:
        if !isTyped { return .interrupted }
        workbench.console.print("\n")
        entry = ""
        continue
      case .end:
        if isTyped { workbench.console.print("\n") }
        if !entry.isEmpty { _ = conversation.take(entry) }
        workbench.console.settle()
        return isTyped ? .done : conversation.status
      }
      let step = conversation.take(entry)
      entry = ""
      if step == .leave { break }
      if !isTyped, step == .next(.interrupted) { break }
    }
    workbench.console.settle()
    return workbench.outputStatus ?? (isTyped ? .done : conversation.status)
  }

  private static func prompt(_ label: String, isFirst: Bool) -> String {
    isFirst ? label : String(repeating: " ", count: max(0, label.count - 5)) + "...: "
  }
}

extension Conversation {
  /// What could stand at a place of an entry: code, a name behind `?`, a command behind a colon.
  func possibilities(in text: String, at offset: Int) -> Possibilities {
    let before = String(decoding: text.utf8.prefix(offset), as: UTF8.self)
    if before.hasPrefix("?") { return code(text, offset, from: before.prefix { $0 == "?" }.count) }
    guard before.hasPrefix(":") else { return code(text, offset, from: 0) }
    guard let blank = before.firstIndex(of: " ") else {
      let names = ColonCommand.all.map { ":\($0.name)" }.filter { $0.hasPrefix(before) }
      return Possibilities(names, in: 0..<offset, tail: " ")
    }
    let start = before[...blank].utf8.count
    guard [":load", ":save", ":cd"].contains(String(before[..<blank])) else {
      return code(text, offset, from: start)
    }
    let partial = String(before[before.index(after: blank)...])
    let paths = workbench.session.interpreter.host.completePath(.file(partial))
    return Possibilities(paths, in: start..<offset)
  }

  /// The possibilities for code that begins at a byte of an entry.
  private func code(_ text: String, _ offset: Int, from start: Int) -> Possibilities {
    let code = String(decoding: text.utf8.dropFirst(start), as: UTF8.self)
    return Possibilities(workbench.session.completions(in: code, at: offset - start), from: start)
  }
}
