import Foundation
import Language

/// A host for tests: collects what is printed and finds imports in a table or in a folder.
final class TestHost {
  var output = ""
  var notices: [String] = []
  var files: [String: String] = [:]
  var folder: URL?
  var loads: [String] = []
  var recording: [String] = []
  var polls = 0
  /// The number of polls after which the user seems to have asked to stop.
  var interruptedAfter = Int.max
  var isMemoryShort = false
  var room = Int.max
  var width = 80

  func host(prelude: String? = nil) -> ScriptHost {
    var host = ScriptHost()
    host.print = { [self] text in output += text }
    host.width = { [self] in width }
    host.notice = { [self] text in notices.append(text) }
    host.load = { [self] request in try load(request) }
    host.isInterrupted = { [self] in
      polls += 1
      return polls > interruptedAfter
    }
    host.isMemoryShort = { [self] in isMemoryShort }
    host.hasRoom = { [self] in $0 <= room }
    host.recording = Recording(
      pause: { [self] in recording.append("pause") },
      resume: { [self] in recording.append("resume") })
    host.completePath = { completion in
      switch completion {
      case .library(let path):
        ["methods.coop", "methods.maple", "losses"].filter { $0.hasPrefix(path) }
      case .file(let path): ["data/own.h5"].filter { $0.hasPrefix(path) }
      }
    }
    host.translate = { error in
      (error as? EngineError).map { Fault("engine", "the engine says \($0.text)") }
    }
    host.promote = { value in value.number.map { Value(Grid([], $0)) } }
    host.natives = Grid.natives + TestHost.natives
    host.types = [Grid.type, TestHost.classes]
    host.prelude = prelude.map { LoadedSource(name: "prelude.duet", text: $0, isLibrary: true) }
    return host
  }

  func session(prelude: String? = nil) -> Session {
    let session = Session(host: host(prelude: prelude))
    do {
      try session.loadPrelude()
    } catch {
      output += DiagnosticRenderer().render(error.diagnostics)
    }
    return session
  }

  private func load(_ request: ImportRequest) throws -> LoadedSource {
    var name = request.path
    let isLibrary: Bool
    switch request.kind {
    case .library:
      name = name.replacing(".", with: "/") + ".duet"
      isLibrary = true
    case .file: isLibrary = false
    }
    loads.append(name)
    if let text = files[name] { return LoadedSource(name: name, text: text, isLibrary: isLibrary) }
    if let folder,
      let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    {
      return LoadedSource(name: name, text: text, isLibrary: isLibrary)
    }
    throw Fault("file", "there is no file '\(name)'", help: "look beside the script")
  }

  /// A list of names, which binds the dimension `C`.
  static var classes: HostType {
    HostType(
      "Classes", article: "a list of names", doc: "The names of the classes.", dimensions: ["C"],
      sizes: { [$0.list?.count ?? 0] },
      advice: { $0.string == nil ? nil : "write `[\"…\"]` for a single class" },
      accepts: { value in value.list?.allSatisfy { $0.string != nil } ?? false })
  }

  private static var natives: [Native] {
    [
      Native("fail_in_engine()", "Throws an error of the engine.") { _ in
        throw EngineError(text: "no")
      },
      Native("notice(text: String)", "Tells the user something.") { arguments in
        arguments.interpreter.notice(try arguments.string(0))
        return .nil
      },
      Native("poster()", "An object that is larger than a line.") { _ in Value(Poster()) },
      Native("same_rows(x: [n, _], y: [n, _]) -> Int", "The number of rows of two grids.") {
        .int(try $0.object(0, as: Grid.self, "a grid").shape[0])
      },
      Native("one_row_more(x: [n, m]) -> [n, m]", "Breaks its own promise.") {
        let shape = try $0.object(0, as: Grid.self, "a grid").shape
        return Value(Grid([shape[0] + 1, shape[1]]))
      },
      Native("count_labelled(first, rest..., last: Int = 7) -> Int", "Counts arguments.") {
        .int(1 + (try $0.list(1).count) + (try $0.int(2)))
      },
      Native("call_twice(function: Function, x)", "Calls a function with the result of itself.") {
        arguments in
        let interpreter = arguments.interpreter
        let once = try interpreter.call(arguments[0], [arguments[1]])
        return try interpreter.call(arguments[0], [once])
      },
    ]
  }
}

/// An object that takes all the width there is.
private final class Poster: HostObject {
  var typeName: String { "Poster" }
  var summary: String { "Poster" }

  func display(width: Int) -> String {
    let line = String(repeating: "+", count: width)
    return line + "\n" + line
  }
}

/// An error that only the host understands.
struct EngineError: Error {
  let text: String
}

/// Whatever a session made of a text, as a test wants to see it.
struct Report {
  var value: Value?
  var diagnostics: [Diagnostic] = []
  var isIncomplete = false
  var isQuiet = false

  init(_ outcome: Session.Outcome) {
    switch outcome {
    case .finished(let value, let isQuiet):
      self.value = value
      self.isQuiet = isQuiet
    case .incomplete: isIncomplete = true
    case .failed(let diagnostics, _): self.diagnostics = diagnostics
    }
  }

  var codes: [String] { diagnostics.map(\.code.description) }
  var messages: [String] { diagnostics.map(\.message) }
}

extension Session {
  func report(_ text: String, name: String = "test.duet") -> Report {
    Report(run(text, name: name))
  }

  /// The printed form of the value of a text, or of its first diagnostic.
  func show(_ text: String) -> String {
    let report = report(text)
    if let first = report.diagnostics.first { return "error[\(first.code)]: \(first.message)" }
    if report.isIncomplete { return "incomplete" }
    return report.value.map { interpreter.literal($0) } ?? "no value"
  }
}
