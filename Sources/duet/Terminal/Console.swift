internal import Bindings
internal import CEdit
internal import Foundation
internal import Language

/// The program's two ways out: what scripts print goes to the standard output; diagnostics, notices
/// and progress go to the standard error.
///
/// The two may be one terminal: a line of progress is taken away before anything else is written,
/// and printed text is handed on before a diagnostic follows it. Text for a terminal is written line
/// by line, text for a file or pipe in larger pieces, none of them older than a moment.
///
/// When nobody reads the output any more (`duet run … | head`), the evaluation is asked to stop and
/// nothing is said. When nobody reads the standard error, what would go there is left out and the
/// evaluation goes on: a training is worth more than the sight of its progress.
final class Console {
  /// Whether the standard output is a terminal that understands escape sequences.
  let isTerminal: Bool
  /// Whether progress is a line that is drawn again and again.
  private let drawsProgress: Bool
  /// Whether to use colours on the standard output, and on the standard error.
  let colorsOutput: Bool
  private let colorsErrors: Bool
  /// Why the output is of no use any more.
  private(set) var failure: Failure?
  /// Whether the standard error has been of use so far.
  private var hasReader = true

  /// What can go wrong with the output.
  enum Failure: Equatable {
    /// Nobody reads it.
    case closed
    case unwritable(code: Int32)
  }

  private let clock: () -> Double
  private var pending: [UInt8] = []
  private var lastFlush = -Double.infinity
  private var progress = ProgressLine()

  private static let pieceSize = 32_768
  /// The longest time that text for a file or pipe waits, in seconds.
  private static let patience = 0.02

  init(clock: @escaping () -> Double) {
    self.clock = clock
    let environment = ProcessInfo.processInfo.environment
    let isDumb = environment["TERM"].map { $0.isEmpty || $0 == "dumb" } ?? true
    let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    isTerminal = isatty(STDOUT_FILENO) == 1 && !isDumb
    drawsProgress = isatty(STDERR_FILENO) == 1 && !isDumb
    colorsOutput = isTerminal && !isPlain
    colorsErrors = drawsProgress && !isPlain
  }

  /// The columns that values may take: those of the terminal, 100 without one.
  var width: Int {
    let columns = Int(duet_terminal_columns(STDOUT_FILENO))
    return isTerminal && columns > 0 ? columns : 100
  }

  // The standard output

  /// Writes what a script prints, as it is.
  func print(_ text: String) {
    guard !text.isEmpty, failure == nil else { return }
    clearProgress()
    pending.append(contentsOf: text.utf8)
    let isDue = isTerminal && text.utf8.last == UInt8(ascii: "\n")
    if isDue || pending.count >= Self.pieceSize { flush() } else { flushOldText() }
  }

  /// Hands text on that has waited long enough. Called now and then while a script runs.
  func flushOldText() {
    if !pending.isEmpty, clock() - lastFlush > Self.patience { flush() }
  }

  /// Hands on all text.
  func flush() {
    guard !pending.isEmpty, failure == nil else { return }
    lastFlush = clock()
    defer { pending.removeAll(keepingCapacity: true) }
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(pending))
    } catch {
      let reason = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
      failure = reason.code == Int(EPIPE) ? .closed : .unwritable(code: Int32(reason.code))
      Interrupt.stop()
    }
  }

  // The standard error

  /// Writes lines to the standard error.
  func complain(_ text: String) {
    flush()
    clearProgress()
    writeError(text + "\n")
  }

  /// Shows what is wrong with a script. Of very many errors the first will do: they tell that this is
  /// no script.
  func complain(_ diagnostics: [Diagnostic]) {
    let columns = drawsProgress ? Int(duet_terminal_columns(STDERR_FILENO)) : 0
    let renderer = DiagnosticRenderer(
      usesColor: colorsErrors, width: columns > 0 ? columns : .max)
    let rest = diagnostics.count - Self.shownDiagnostics
    complain(
      renderer.render(Array(diagnostics.prefix(Self.shownDiagnostics)))
        + (rest > 0 ? "\n\nand \(rest) more" : ""))
  }

  private static let shownDiagnostics = 20

  /// Leaves the row on which the terminal has shown "^C".
  func leaveRow() { if drawsProgress { complain("") } }

  /// Shows a notice of a script or of the engine.
  func notice(_ text: String) {
    complain((colorsErrors ? "\u{1B}[36mnotice:\u{1B}[0m " : "notice: ") + text)
  }

  private func writeError(_ text: String) {
    guard hasReader else { return }
    do {
      try FileHandle.standardError.write(contentsOf: Data(text.utf8))
    } catch {
      // There is nobody to tell.
      hasReader = false
    }
  }

  // Progress

  /// Shows how far a task has come.
  func report(_ news: Bindings.Progress) {
    let columns = Int(duet_terminal_columns(STDERR_FILENO))
    let style: ProgressLine.Style =
      drawsProgress ? .line(width: columns > 0 ? columns : 80) : .log
    let output = progress.update(news, at: clock(), style: style)
    Interrupt.note(progress.summary)
    guard let output else { return }
    flush()
    writeError(output)
  }

  /// Takes a line of progress away; whether there was one.
  @discardableResult
  private func clearProgress() -> Bool {
    guard let text = progress.clear() else { return false }
    writeError(text)
    return true
  }

  /// Ends an evaluation: all text is out, and no line of progress is left. Whether there was one.
  @discardableResult
  func settle() -> Bool {
    flush()
    defer { progress = ProgressLine() }
    return clearProgress()
  }
}
