internal import Foundation
internal import Language

/// What entries mean, whether they are typed on a terminal or come through a pipe: code to run, `?name`
/// for help, or a command that begins with a colon.
final class Conversation {
  let workbench: Workbench
  /// The number of the entry that is to come.
  private(set) var number = 1
  /// The worst that has happened.
  private(set) var status = ExitStatus.done
  private(set) var outputs = Outputs()
  /// The code that ran without an error, in order.
  private(set) var entries: [String] = []
  /// Whether values are shown as `Out[3]:`.
  private let isLabelled: Bool

  /// A conversation; on a terminal, values are labelled.
  init(_ workbench: Workbench, isLabelled: Bool) {
    self.workbench = workbench
    self.isLabelled = isLabelled
  }

  var console: Console { workbench.console }

  /// What to do after an entry.
  enum Step: Equatable {
    case next(ExitStatus)
    case leave
  }

  /// Whether an entry goes on in another line.
  func isIncomplete(_ text: String) -> Bool {
    switch EntryKind(text) {
    case .empty, .help, .source: return false
    case .command(let name, let rest): return name == "time" && workbench.session.isIncomplete(rest)
    case .code: return workbench.session.isIncomplete(text)
    }
  }

  /// Takes an entry.
  func take(_ text: String) -> Step {
    let kind = kind(of: text)
    if case .empty = kind { return .next(.done) }
    if isFarewell(text) { return .leave }
    let result: Step
    switch kind {
    case .empty: result = .next(.done)
    case .help(let name): result = .next(help(name))
    case .source(let name): result = .next(source(name))
    case .command(let name, let rest): result = command(name, rest)
    case .code: result = .next(run(text))
    }
    number += 1
    if case .next(let status) = result { self.status = max(self.status, status) }
    return result
  }

  /// Forgets everything but the number of the entry.
  func reset() throws(Refusal) {
    try workbench.reset()
    outputs = Outputs()
    entries = []
  }

  /// Keeps code for `:save` and `:replay`.
  func remember(_ code: String, _ status: ExitStatus) {
    if status == .done { entries.append(code) }
  }

  /// `exit` and `quit` leave, unless they mean something.
  private func isFarewell(_ text: String) -> Bool {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    let word = ["exit", "quit"].first { text == $0 || text == "\($0)()" }
    return word.map { workbench.session.value(of: $0) == nil } ?? false
  }

  /// What an entry is. `help`, `help()` and `help(name)` are the prompt's own, unless `help` means
  /// something else: those who type them know no commands yet, and the answer fits the screen.
  private func kind(of text: String) -> EntryKind {
    let kind = EntryKind(text)
    guard case .code = kind, case .native? = workbench.session.value(of: "help") else {
      return kind
    }
    let word = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if word == "help" || word == "help()" { return .command("help", rest: "") }
    guard word.hasPrefix("help("), word.hasSuffix(")") else { return kind }
    let name = String(word.dropFirst("help(".count).dropLast())
    return workbench.session.help(name) == nil ? kind : .help(name)
  }

  // Code

  /// Runs code as an entry of its own and shows its value.
  func run(_ text: String) -> ExitStatus {
    let evaluation = workbench.evaluate(text, name: "In [\(number)]")
    remember(text, evaluation.status)
    guard let value = evaluation.value, !value.isNil else { return evaluation.status }
    let dropped = outputs.keep(value, number: number, in: workbench.session)
    if let shown = evaluation.shown { show(shown) }
    if !dropped.isEmpty {
      let names = dropped.map { "_\($0)" }.joined(separator: ", ")
      console.notice("\(names) dropped: earlier outputs are kept only as far as memory allows")
    }
    return evaluation.status
  }

  private func show(_ value: Value) {
    guard let text = workbench.display(value) else { return }
    guard isLabelled else {
      console.print(text + "\n")
      return
    }
    let label = "Out[\(number)]:"
    let painted = console.colorsOutput ? "\u{1B}[31m\(label)\u{1B}[0m" : label
    console.print("\(painted)\(text.contains("\n") ? "\n" : " ")\(text)\n")
  }

  // Help

  private func help(_ name: String) -> ExitStatus {
    let session = workbench.session
    guard let text = session.help(name) else { return unknown(name) }
    console.print((console.isTerminal ? Fitting.wrapped(text, to: console.width) : text) + "\n")
    return .done
  }

  private func source(_ name: String) -> ExitStatus {
    let session = workbench.session
    guard let (text, location) = session.source(of: name) else {
      guard session.help(name) != nil else { return unknown(name) }
      console.complain("error: '\(name)' is not written in Duet: there is no source to show")
      return .usage
    }
    console.print("# \(location.file.name):\(location.line)\n\(text)\n")
    return .done
  }

  private func unknown(_ name: String) -> ExitStatus {
    if name.isEmpty {
      console.complain(Refusal("there is no name to look up", help: "`?fit` or `??fit`").text)
      return .usage
    }
    console.complain(Refusal("nothing is known about '\(name)'", help: suggestion(for: name)).text)
    return .usage
  }

  /// What a check of the name as code suggests instead of it.
  func suggestion(for name: String) -> String? {
    workbench.session.check(name, name: "In [\(number)]").first?.help
  }

  // Commands

  private func command(_ name: String, _ rest: String) -> Step {
    guard let command = ColonCommand.all.first(where: { $0.name == name }) else {
      let names = ColonCommand.all.map { "`:\($0.name)`" }.joined(separator: ", ")
      console.complain(Refusal("there is no command ':\(name)'", help: "there are \(names)").text)
      return .next(.usage)
    }
    do throws(Refusal) {
      return try command.run(self, rest)
    } catch {
      console.complain(error.text)
      return .next(error.status)
    }
  }
}

/// What an entry is, by its first character.
enum EntryKind {
  case empty
  case code
  /// `?name` or `name?`.
  case help(String)
  /// `??name`.
  case source(String)
  /// `:name rest`.
  case command(String, rest: String)

  init(_ text: String) {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if text.isEmpty {
      self = .empty
    } else if text.hasPrefix("??") {
      self = .source(text.dropFirst(2).trimmingCharacters(in: .whitespaces))
    } else if text.hasPrefix("?") {
      self = .help(text.dropFirst().trimmingCharacters(in: .whitespaces))
    } else if text.hasPrefix(":") {
      let words = text.dropFirst().split(separator: " ", maxSplits: 1)
      self = .command(
        words.first.map(String.init) ?? "",
        rest: words.count > 1 ? words[1].trimmingCharacters(in: .whitespaces) : "")
    } else if text.hasSuffix("?"), !text.contains("\n"),
      text.dropLast().allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." })
    {
      self = .help(String(text.dropLast()))
    } else {
      self = .code
    }
  }
}
