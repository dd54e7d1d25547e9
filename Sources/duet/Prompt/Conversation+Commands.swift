internal import Foundation
internal import Language

/// What the commands of the prompt do.
extension Conversation {
  func listNames() {
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
    guard let value else { return "no value" }
    let text = workbench.session.interpreter.literal(value)
    let room = max(20, console.width - 24)
    return text.count > room ? text.prefix(room) + "…" : text
  }

  func listParameters(_ name: String) throws(Refusal) {
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

  func time(_ code: String) -> ExitStatus {
    let clock = ContinuousClock()
    let start = clock.now
    let status = run(code)
    let seconds = (clock.now - start) / .seconds(1)
    if status == .done { console.print("took \(Self.words(seconds))\n") }
    return status
  }

  /// Runs code for about a second and says how long a run takes; its values are not shown.
  func bench(_ code: String) -> ExitStatus {
    let clock = ContinuousClock()
    let begin = clock.now
    var seconds: [Double] = []
    while seconds.count < 3 || ((clock.now - begin) / .seconds(1) < 1 && seconds.count < 10_000) {
      let start = clock.now
      let status = workbench.evaluate(code, name: "In [\(number)]").status
      guard status == .done else { return status }
      seconds.append((clock.now - start) / .seconds(1))
    }
    seconds.sort()
    console.print(
      "median \(Self.words(seconds[seconds.count / 2])) of \(seconds.count) runs, fastest "
        + "\(Self.words(seconds[0]))\n")
    return .done
  }

  func showMemory() {
    let gauge = MemoryGauge(clock: { 0 })
    if let held = gauge.held { console.print("duet holds \(Self.megabytes(held))") }
    if gauge.limit.isFinite { console.print(" of \(Self.megabytes(gauge.limit))") }
    console.print("\noutputs \(outputs.summary)\n")
  }

  private static func megabytes(_ bytes: Double) -> String {
    bytes < 1e10
      ? "\(Int((bytes / 1e6).rounded(.up))) MB" : "\((bytes / 1e8).rounded() / 10) GB"
  }

  /// Lists the names whose help contains a word, with their first lines.
  func search(_ word: String) throws(Refusal) {
    let session = workbench.session
    let names = (session.names + session.builtinNames).map(\.name).filter { !$0.hasPrefix("_") }
    let found = names.filter { name in
      (session.help(name) ?? "").range(of: word, options: .caseInsensitive) != nil
    }
    if found.isEmpty { throw Refusal("no help has '\(word)' in it") }
    let width = found.map { DisplayWidth.of($0) }.max() ?? 0
    for name in found {
      let gap = String(repeating: " ", count: width - DisplayWidth.of(name) + 2)
      let line = "\(name)\(gap)\(session.summary(of: name) ?? "")"
      console.print((console.isTerminal ? Fitting.cut(line, to: console.width - 1) : line) + "\n")
    }
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

  func load(_ path: String) throws(Refusal) -> ExitStatus {
    let path = Self.expanded(path)
    let text = try ScriptFile.text(path)
    let status = workbench.evaluate(text, name: path).status
    remember(text, status)
    return status
  }

  /// Writes what ran well as a script; a file that exists is left alone.
  func save(_ path: String) throws(Refusal) {
    if entries.isEmpty { throw Refusal("there is nothing to save: no code has run yet") }
    let file = Self.expanded(path)
    if FileManager.default.fileExists(atPath: file) {
      throw Refusal("'\(path)' exists", help: "`:save` writes new files only")
    }
    do {
      try (entries.joined(separator: "\n") + "\n").write(
        toFile: file, atomically: true, encoding: .utf8)
    } catch {
      throw Refusal("'\(path)' cannot be written", status: .failure)
    }
    console.print("\(Self.count(entries.count, "entry", "entries")) in \(path)\n")
  }

  /// Runs what ran well once more, with nothing bound before.
  func replay() throws(Refusal) -> ExitStatus {
    let old = entries
    if old.isEmpty { throw Refusal("there is nothing to replay: no code has run yet") }
    try reset()
    for (index, text) in old.enumerated() {
      let status = run(text)
      guard status != .done else { continue }
      console.complain("stopped in entry \(index + 1) of \(old.count)")
      return status
    }
    console.print("replayed \(Self.count(old.count, "entry", "entries"))\n")
    return .done
  }

  private static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(number) \(number == 1 ? one : many)"
  }

  func changeFolder(_ path: String) throws(Refusal) {
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
