internal import Bindings
internal import Foundation
internal import Language

/// A session with its engine, its library and its ways out: where all commands run scripts.
///
/// Evaluations go one after the other through ``evaluate(_:name:)``, which alone knows what a
/// failure means for the exit code.
final class Workbench {
  let console: Console
  let library: Library
  private(set) var session: Session
  private(set) var engine: Engine
  private let makeSession: () throws(Refusal) -> (Session, Engine)

  /// Makes a session.
  ///
  /// - Parameters:
  ///   - stdlib: The folder of the standard library, if the command line names one.
  ///   - arguments: What scripts see as `args`.
  ///   - script: The text that is going to run, for the files that it writes.
  ///   - isQuiet: Whether what scripts print, their notices and their progress are kept to themselves.
  init(
    stdlib: String?, arguments: [String], script: String?, console: Console, isQuiet: Bool = false
  ) throws(Refusal) {
    self.console = console
    let library: Library
    do {
      library = try Library(given: stdlib)
    } catch {
      throw Refusal(
        "the standard library was not found: there is no prelude.duet in "
          + error.places.joined(separator: ", "),
        help: "give its folder with `--stdlib`, or in the environment variable DUET_STDLIB")
    }
    self.library = library
    makeSession = { () throws(Refusal) in
      try Self.session(
        library, arguments: arguments, script: script, console: console, isQuiet: isQuiet)
    }
    (session, engine) = try makeSession()
  }

  /// Begins again: a fresh session, nothing bound.
  func reset() throws(Refusal) { (session, engine) = try makeSession() }

  private static func session(
    _ library: Library, arguments: [String], script: String?, console: Console, isQuiet: Bool
  ) throws(Refusal) -> (Session, Engine) {
    let engine = Engine()
    engine.run.script = script
    engine.run.commandLine = CommandLine.arguments
    if !isQuiet { engine.report = { console.report($0) } }
    do {
      var host = try engine.host(library)
      host.print = { isQuiet ? () : console.print($0) }
      host.width = { console.width }
      host.notice = { isQuiet ? () : console.notice($0) }
      host.clock = { ProcessInfo.processInfo.systemUptime }
      host.isInterrupted = {
        console.flushOldText()
        return Interrupt.isRequested
      }
      let gauge = MemoryGauge(clock: host.clock)
      host.isMemoryShort = { gauge.look() }
      host.hasRoom = { gauge.hasRoom(for: $0) }
      host.constants.append(("args", Value(arguments.map { Value($0) })))
      let session = Session(host: host)
      engine.notice = { [unowned interpreter = session.interpreter] in interpreter.notice($0) }
      try session.loadPrelude()
      return (session, engine)
    } catch let failure as Session.PreludeFailure {
      console.complain(failure.diagnostics)
      throw Refusal("the standard library in \(library.folder) does not compile", status: .compile)
    } catch {
      throw Refusal("the standard library in \(library.folder) cannot be read: \(error)")
    }
  }

  /// What an evaluation came to.
  struct Evaluation {
    var status: ExitStatus
    /// The value of the last expression, unless a semicolon makes it quiet.
    var shown: Value?
    /// The value, shown or not.
    var value: Value?
  }

  /// Runs a text and shows what goes wrong.
  ///
  /// - Parameter refusal: Which failures are the command line's: those are shown without a place.
  func evaluate(
    _ text: String, name: String, refusal: (Diagnostic) -> Refusal? = { _ in nil }
  ) -> Evaluation {
    Interrupt.begin(name)
    let outcome = session.run(text, name: name)
    let hadProgress = console.settle()
    Interrupt.end()
    if let status = outputStatus { return Evaluation(status: status) }
    switch outcome {
    case .finished(let value, let isQuiet):
      return Evaluation(status: .done, shown: isQuiet ? nil : value, value: value)
    case .incomplete:
      console.complain(session.check(text, name: name).filter { $0.severity == .error })
      return Evaluation(status: .compile)
    case .failed(let diagnostics, let ranAtAll):
      let isInterrupted = diagnostics.contains { $0.code == .interrupted }
      if let refusal = diagnostics.first.flatMap(refusal) {
        console.complain(refusal.text)
        return Evaluation(status: refusal.status)
      }
      if isInterrupted, !hadProgress { console.leaveRow() }
      console.complain(diagnostics)
      return Evaluation(status: isInterrupted ? .interrupted : ranAtAll ? .failure : .compile)
    }
  }

  /// The status when the output is of no use any more.
  var outputStatus: ExitStatus? {
    switch console.failure {
    case nil: nil
    case .closed: .closed
    case .unwritable: .failure
    }
  }

  /// The text of a value as the prompt shows it; `nil` for no value.
  func display(_ value: Value?) -> String? {
    guard let value, !value.isNil else { return nil }
    return session.interpreter.display(value, width: console.width)
  }
}
