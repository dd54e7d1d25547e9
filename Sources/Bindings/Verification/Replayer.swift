internal import Foundation
package import Language
internal import Store

/// The session in which the methods of reference files are built and run, one file after the other.
package final class Replayer {
  let engine: Engine
  /// The program itself, to be run on files that may end it; nil where there is none.
  let program: String?
  private let session: Session
  /// The models that several cases share, by the paths of their files.
  private var models: [String: Value] = [:]

  /// Makes one of a session with the standard library and the engine behind it.
  package init(_ session: Session, _ engine: Engine, program: String? = nil) {
    (self.session, self.engine, self.program) = (session, engine, program)
  }

  /// What the library computes of a case.
  func replay(_ given: ReplayFile, of file: StoredFile) throws(ReplayFailure) -> Record {
    var reference = given.given
    reference["clip"] = try model(of: given, file.file)
    session.define("reference", Value(reference))
    defer { session.define("reference", .nil) }
    engine.reseed(1)
    let result = try value(of: "import parity: replay\nreplay(reference)")
    guard let record = result?.record else {
      throw ReplayFailure("the library's `replay` gives no record")
    }
    return record
  }

  /// The model in a file, or in `clip.h5` beside it.
  private func model(of given: ReplayFile, _ path: String) throws(ReplayFailure) -> Value {
    if given.hasModel { return try load(path) }
    let shared = URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent("clip.h5").path
    if let known = models[shared] { return known }
    guard FileManager.default.fileExists(atPath: shared) else {
      throw ReplayFailure("clip: there is no such group, and no clip.h5 beside the file")
    }
    let model = try load(shared)
    models[shared] = model
    return model
  }

  private func load(_ path: String) throws(ReplayFailure) -> Value {
    session.define("reference", Value(path))
    guard let model = try value(of: "load_clip(reference)") else {
      throw ReplayFailure("clip: it cannot be loaded")
    }
    return model
  }

  /// What a script makes of a value that it calls `reference`.
  func value(of text: String, _ reference: Value) throws(ReplayFailure) -> Value? {
    session.define("reference", reference)
    defer { session.define("reference", .nil) }
    return try value(of: text)
  }

  private func value(of text: String) throws(ReplayFailure) -> Value? {
    switch session.run(text, name: "verify") {
    case .finished(let value, _): return value
    case .incomplete: throw ReplayFailure("'\(text)' is incomplete")
    case .failed(let diagnostics, _):
      guard let diagnostic = diagnostics.first else { throw ReplayFailure("it failed") }
      let label = diagnostic.primary.text
      let place = diagnostic.origin.first.map { call in
        " (\(call.location.file.name):\(call.location.line))"
      }
      let help = diagnostic.help.map { "; \($0)" }
      throw ReplayFailure(
        diagnostic.message + (label.isEmpty ? "" : ": \(label)") + (help ?? "") + (place ?? ""))
    }
  }
}
