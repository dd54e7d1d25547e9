/// A conversation: texts are run one after the other, and names stay.
///
/// A file is one text, a prompt runs many, a notebook one for each cell; there is no second path.
/// A text that cannot be compiled changes nothing; one that fails while it runs leaves every
/// variable with a whole value, old or new.
package final class Session {
  /// The interpreter, for natives that live longer than a call and for hosts that call scripts.
  package let interpreter: Interpreter
  let scope: FileScope
  private var isRunning = false
  /// The texts that have been run, for `source(of:)`.
  private(set) var sources: [SourceFile] = []

  /// Makes a session with the words of a host.
  package init(host: ScriptHost) {
    interpreter = Interpreter(host: host)
    scope = FileScope(name: "session", isLibrary: false, registers: FileScope.sessionRegisters)
    interpreter.vocabulary.words = Builtins.words(of: host)
  }

  /// What running a text came to.
  package enum Outcome {
    /// It ran to its end. The value is that of its last expression, `nil` if it ends with another
    /// statement; `isQuiet` when a semicolon asks not to show it.
    case finished(Value?, isQuiet: Bool)
    /// It ends inside something: more is to come. Nothing has run.
    case incomplete
    /// It could not be compiled (nothing has run), or failed on the way.
    case failed([Diagnostic], ranAtAll: Bool)
  }

  /// Loads the prelude: its declarations run now, its imports when their names are first used.
  ///
  /// Called by the host once, before the first text. Throws the diagnostics of a broken prelude.
  package func loadPrelude() throws(PreludeFailure) {
    guard let prelude = interpreter.host.prelude, interpreter.vocabulary.prelude == nil else {
      return
    }
    let source = SourceFile(name: prelude.name, text: prelude.text, isLibrary: true)
    let scope = FileScope(
      name: prelude.name, isLibrary: true, registers: FileScope.sessionRegisters)
    do {
      let compilation = try interpreter.compile(source, into: scope, defersImports: true)
      compilation.commit()
      interpreter.vocabulary.prelude = scope
      _ = try interpreter.run(compilation.code)
      scope.isSealed = true
    } catch let failure as Compilation.Failure {
      throw PreludeFailure(diagnostics: failure.diagnostics)
    } catch {
      let fault = interpreter.fault(for: error)
      throw PreludeFailure(diagnostics: [interpreter.diagnostic(of: fault, in: source)])
    }
  }

  /// Why a prelude cannot be used.
  package struct PreludeFailure: Error {
    /// What is wrong with it.
    package let diagnostics: [Diagnostic]
  }

  /// What is wrong with the declarations of natives: for a test of the host, which expects nothing.
  ///
  /// A broken one is noticed otherwise when a script calls it.
  package var brokenNatives: [String] {
    interpreter.vocabulary.words.values.compactMap { value in
      guard case .native(let native) = value else { return nil }
      do throws(Fault) {
        _ = try interpreter.declaration(of: native)
        return nil
      } catch {
        return error.message
      }
    }
  }

  /// Runs a text.
  ///
  /// - Parameters:
  ///   - text: A file, or a cell.
  ///   - name: What diagnostics call it, and what relative imports start from.
  ///   - isLibrary: Whether its frames are folded away.
  package func run(_ text: String, name: String, isLibrary: Bool = false) -> Outcome {
    let source = SourceFile(name: name, text: text, isLibrary: isLibrary)
    guard !isRunning else {
      let fault = Fault(.sessionBusy)
      return .failed([interpreter.diagnostic(of: fault, in: source)], ranAtAll: false)
    }
    isRunning = true
    defer { isRunning = false }
    let compilation: Compilation
    do {
      compilation = try interpreter.compile(source, into: scope)
    } catch let failure as Compilation.Failure {
      return failure.isUnfinished
        ? .incomplete : .failed(failure.diagnostics, ranAtAll: false)
    } catch {
      let fault = interpreter.fault(for: error)
      return .failed([interpreter.diagnostic(of: fault, in: source)], ranAtAll: false)
    }
    compilation.commit()
    sources.append(source)
    interpreter.notices = NoticeLedger()
    let block = compilation.program.block
    do {
      let value = try interpreter.run(compilation.code)
      return .finished(block.endsWithExpression ? value : nil, isQuiet: block.isQuiet)
    } catch {
      return .failed([interpreter.diagnostic(of: error, in: source)], ranAtAll: true)
    }
  }

  /// Whether a text ends inside something, so that more lines are to come.
  package func isIncomplete(_ text: String) -> Bool {
    let source = SourceFile(name: "", text: text)
    return Parser.parse(source, nestingLimit: interpreter.host.limits.nesting).isUnfinished
  }
}

extension Block {
  var endsWithExpression: Bool {
    if case .expression? = statements.last?.kind { true } else { false }
  }
}

extension Interpreter {
  /// The diagnostic of a fault; one without a place is put at the start of a text.
  func diagnostic(of fault: Fault, in source: SourceFile) -> Diagnostic {
    if let located = fault.located { return located }
    return Diagnostic(
      fault.code, fault.message,
      at: Diagnostic.Label(Location(source, Span(0..<0)), fault.label), notes: fault.notes,
      help: fault.help)
  }
}
