import Bindings
import Foundation
import Language
import TestSupport
import Testing

/// A session with the engine and the project's own library, which collects what is printed.
final class TestEngine {
  /// What comes out of a session.
  private final class Collected {
    var output = ""
    var notices: [String] = []
    var folder: TemporaryFolder?
  }

  private let collected = Collected()
  let engine = Engine()
  let session: Session

  var output: String { collected.output }
  var notices: [String] { collected.notices }

  /// The project's folder.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  init() throws {
    let collected = collected
    let library = try Library(given: Self.root.appendingPathComponent("stdlib").path)
    var host = try engine.host(library)
    host.print = { collected.output += $0 }
    host.notice = { collected.notices.append($0) }
    host.width = { 120 }
    host.natives.append(
      Native("temporary() -> String", "A folder for the files of this session.") { _ in
        let folder = try collected.folder ?? TemporaryFolder()
        collected.folder = folder
        return Value(folder.path)
      })
    host.natives.append(
      Native("files(path: String) -> List", "The names in a folder, but for hidden ones.") {
        let names = try FileManager.default.contentsOfDirectory(atPath: try $0.string(0))
        return Value(names.filter { !$0.hasPrefix(".") }.sorted().map { Value($0) })
      })
    session = Session(host: host)
    engine.notice = { collected.notices.append($0) }
    try session.loadPrelude()
  }

  func run(_ text: String, name: String = "test.duet") -> Session.Outcome {
    session.run(text, name: name)
  }

  /// The lines that a text prints; a failure is thrown.
  @discardableResult
  func printed(_ text: String) throws -> [String] {
    collected.output = ""
    if case .failed(let diagnostics, _) = run(text) { throw ScriptFailure(diagnostics) }
    var lines = output.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// What the prompt would show for a text.
  func shown(_ text: String) throws -> String {
    collected.output = ""
    switch run(text) {
    case .finished(let value, isQuiet: false):
      guard let value, !value.isNil else { return output.trimmingCharacters(in: .newlines) }
      return output + session.interpreter.display(value, width: 120)
    case .finished: return output
    case .incomplete: throw ScriptFailure([])
    case .failed(let diagnostics, _): throw ScriptFailure(diagnostics)
    }
  }
}

/// A script that failed.
struct ScriptFailure: Error, CustomStringConvertible {
  let description: String

  init(_ diagnostics: [Diagnostic]) {
    description =
      diagnostics.isEmpty ? "incomplete" : DiagnosticRenderer().render(diagnostics)
  }
}
