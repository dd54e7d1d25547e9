internal import Bindings
internal import CEdit
internal import Foundation
internal import Synchronization

/// Ctrl-C, and what else a terminal tells a program by signals.
///
/// No handler runs in the middle of other code: the signals are blocked everywhere and one thread
/// waits for them. It may therefore do what a handler must not, such as saying where an evaluation
/// hangs while the interpreter's own thread is busy. What it has to tell lies in a few flags, and
/// `wake` becomes readable for a thread that waits for keys.
///
/// One Ctrl-C asks the running evaluation to stop at its next statement, batch or kernel chunk. A
/// second within two seconds says what is known about the delay; the third ends the program.
enum Interrupt {
  private static let requested = Atomic<Bool>(false)
  private static let resized = Atomic<Bool>(false)
  private static let continued = Atomic<Bool>(false)
  /// What becomes readable when one of the flags is set.
  static let wake = duet_wake_open()

  /// What runs at the moment; `nil` between two evaluations.
  private struct Activity {
    var name: String
    /// The last that was heard of its progress.
    var progress: String?
    var presses = 0
    var lastPress = 0.0
  }

  private static let activity = Mutex<Activity?>(nil)

  /// Begins to listen. To be called before there is any other thread.
  static func listen() {
    duet_signals_block()
    Thread.detachNewThread {
      while true { received(duet_signals_wait()) }
    }
  }

  /// Whether the running evaluation, or the entry being typed, is to be given up.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Whether it is, once.
  static func takeRequest() -> Bool { requested.exchange(false, ordering: .relaxed) }

  /// Whether the terminal has got another size, once.
  static func takeResize() -> Bool { resized.exchange(false, ordering: .relaxed) }

  /// Whether the program goes on after it was stopped, once.
  static func takeContinuation() -> Bool { continued.exchange(false, ordering: .relaxed) }

  /// An evaluation begins: an earlier Ctrl-C no longer counts.
  static func begin(_ name: String) {
    clear()
    activity.withLock { $0 = Activity(name: name) }
  }

  /// The evaluation is over.
  static func end() {
    activity.withLock { $0 = nil }
    clear()
  }

  private static func clear() {
    requested.store(false, ordering: .relaxed)
    Engine.isStopRequested = false
    duet_wake_clear(wake)
  }

  /// Remembers how far the evaluation has come.
  static func note(_ progress: String?) { activity.withLock { $0?.progress = progress } }

  /// Stops the evaluation as Ctrl-C would.
  static func stop() {
    requested.store(true, ordering: .relaxed)
    Engine.isStopRequested = true
  }

  private static func received(_ signal: Int32) {
    switch signal {
    case SIGWINCH: resized.store(true, ordering: .relaxed)
    case SIGCONT: continued.store(true, ordering: .relaxed)
    default: pressed()
    }
    duet_wake(wake)
  }

  private static func pressed() {
    stop()
    let now = Date().timeIntervalSinceReferenceDate
    let (presses, text) = activity.withLock { activity -> (Int, String) in
      guard var running = activity else { return (0, "") }
      let isFresh = running.presses == 1 && now - running.lastPress > patience
      running.presses = isFresh ? 1 : running.presses + 1
      running.lastPress = now
      activity = running
      return (running.presses, describe(running))
    }
    if presses == 2 { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
    if presses > 2 { duet_signals_end_by_interrupt() }
  }

  /// The seconds within which a second Ctrl-C asks what is going on.
  private static let patience = 2.0

  private static func describe(_ activity: Activity) -> String {
    let place = activity.progress.map { "\(activity.name), \($0)" } ?? activity.name
    return "\nstill stopping: \(place) is inside one long operation, and stops at the end of it\n"
      + "press Ctrl-C once more to end duet at once\n"
  }
}
