package import Language

/// How far a long task has come: what the program shows of it is its own affair.
package struct Progress {
  package enum State { case running, finished }

  package let title: String
  /// Steps done and to do.
  package var done: Int
  package let total: Int
  /// What to show beside it, in order: epoch, loss, ….
  package var facts: [(name: String, text: String)]
  /// Pictures worked on so far.
  package var pictures: Int
  package var state: State
  /// How far the plan has come to which the task belongs.
  package var plan: PlanProgress?
}

/// A task's progress as scripts hold it.
package final class ProgressValue: HostObject {
  private let engine: Engine
  private var progress: Progress
  private let isShown: Bool

  init(_ engine: Engine, title: String, total: Int, isShown: Bool) {
    self.engine = engine
    self.isShown = isShown
    progress = Progress(
      title: title, done: 0, total: total, facts: [], pictures: 0, state: .running)
  }

  package var typeName: String { "Progress" }
  package var summary: String { "\(progress.title): \(progress.done) of \(progress.total)" }

  /// A count that stays where it is when it can grow no further.
  private static func sum(_ count: Int, _ more: Int) -> Int {
    let (sum, overflow) = count.addingReportingOverflow(more)
    return overflow ? count : sum
  }

  private func report() {
    progress.plan = engine.planProgress
    if isShown { engine.report(progress) }
  }
}

extension ProgressValue: HostMethods {
  package static var methods: [Native] {
    [
      Native(
        "advance(steps: Int = 1, epoch: Int? = nil, loss: Float? = nil, images: Int = 0, "
          + "note: String? = nil, terms: Record = {})",
        "Counts steps, and says what there is to say; `terms` are parts of the loss by name."
      ) {
        let bar: ProgressValue = try $0.receiver()
        bar.progress.done = Self.sum(bar.progress.done, try $0.int(0))
        bar.progress.facts = []
        if let epoch = try $0.optionalInt(1) { bar.progress.facts.append(("epoch", "\(epoch)")) }
        if let loss = try $0.optionalFloat(2) {
          bar.progress.facts.append(("loss", TensorPrinting.number(loss)))
        }
        for (name, term) in try $0.record(5).entries {
          guard let number = term.number ?? (term.object as? TensorValue)?.scalar else {
            throw $0.fault(5, "must hold scalars", code: .type, label: "'\(name)' is none")
          }
          bar.progress.facts.append((name, TensorPrinting.number(number)))
        }
        bar.progress.pictures = Self.sum(bar.progress.pictures, try $0.int(3))
        if let note = try $0.optionalString(4) { bar.progress.facts.append(("", note)) }
        bar.report()
        return .nil
      },
      Native("finish()", "The task is done.") {
        let bar: ProgressValue = try $0.receiver()
        bar.progress.state = .finished
        bar.report()
        return .nil
      },
    ]
  }
}

extension Engine {
  func progressNatives() -> [Native] {
    [
      Native(
        "progress_bar(title: String, total: Int, shown: Bool = true) -> Progress",
        "Shows how far a task of `total` steps has come, on the error stream."
      ) { [self] arguments in
        Value(
          ProgressValue(
            self, title: progressContext + (try arguments.string(0)), total: try arguments.int(1),
            isShown: try arguments.bool(2)))
      },
      Native(
        "titled(text: String, run: Function)",
        "Calls a function; what it shows of its progress has this text in front.",
        example: "titled(\"1/3 \", fn() => 7)\n7"
      ) { [self] arguments in
        let outer = progressContext
        progressContext = try arguments.string(0)
        defer { progressContext = outer }
        return try arguments.interpreter.call(arguments.function(1), [])
      },
      Native("notice(text: String)", "Tells the user something, on the error stream.") {
        [self] arguments in
        notice(try arguments.string(0))
        return .nil
      },
    ]
  }
}
