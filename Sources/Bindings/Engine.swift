internal import Autograd
internal import Language
internal import Synchronization
internal import Tensor

/// What scripts of one session share of the engine: whether a record is kept, the stream that starting
/// values are drawn from, and the ways out to the terminal.
///
/// `Bindings` is the only target that sees both towers. `Values/` wraps what the engine makes as host
/// objects (a tensor, a CLIP, a dataset, …); `Modules/` holds the native words, each file ending in one
/// table of name, signature, sentence and function; `Diagnostic+Engine` turns the engine's errors into
/// sentences; `Library` finds the standard library. Nothing here prints or reads a terminal.
package final class Engine {
  /// How many `no_grad` blocks are open.
  private var pauses = 0
  /// Where starting values come from.
  var starts = RandomStream(seed: 1, name: "init")
  /// The seed of ``starts``.
  private(set) var seed = 1

  /// The program's version.
  package static let version = "0.1.0"
  /// What the program tells about the run, for the files that it writes.
  package var run = Run()
  /// Where the standard library lies.
  var library: Library?
  /// The digests of the model and the data that were opened last.
  var weightsDigest: WeightsDigest?
  var datasetDigest: String?

  /// Takes a notice for the user.
  package var notice: (String) -> Void = { _ in }
  /// What stands before the title of every task: which part of a larger one it is.
  var progressContext = ""
  /// How far the plan has come to which the running cell belongs.
  var planProgress: PlanProgress?
  /// The processes that run cells beside this one.
  package var crew: Crew?
  /// Who tells this process which cells to run. Then nothing that a text does is seen outside but what
  /// its cells keep: it is not the one that runs the text.
  package var foreman: Foreman?
  /// Whether words write files: what other processes run for this script's cells is kept by their plan's
  /// store alone.
  var writesFiles: Bool { foreman == nil }
  /// Which plan of the text comes next.
  var nextPlan = 0
  /// Seconds of encoding after which features of pictures are worth keeping in a plan's store.
  package var featuresWorthKeeping = 20.0
  /// What the running cell lends to the words that it uses.
  var surroundings = Surroundings()
  /// Takes what is known of a task's progress.
  package var report: (Progress) -> Void = { _ in }

  package init() {}

  /// Whether a user has asked to stop: long operations of all engines look at it and throw. The one
  /// who asks is on another thread.
  package static var isStopRequested: Bool {
    get { Cancellation.requested.load(ordering: .relaxed) }
    set { Cancellation.requested.store(newValue, ordering: .relaxed) }
  }

  /// Whether operations keep a record for gradients.
  var isRecording: Bool { pauses == 0 }

  func pauseRecording() { pauses += 1 }
  func resumeRecording() { pauses -= 1 }

  /// Goes on with a stream of starting values.
  func restart(_ seed: Int, _ starts: RandomStream) {
    self.seed = seed
    self.starts = starts
  }

  /// Starts the stream of starting values anew.
  func reseed(_ seed: Int) {
    self.seed = seed
    starts = RandomStream(seed: seed, name: "init")
  }

  // MARK: - Values

  /// A result; inside `no_grad` a constant, also if weights that are trained took part in it.
  func value(_ variable: Variable) -> Value {
    Value(TensorValue(isRecording ? variable : variable.detached, self))
  }
  func value(_ tensor: Tensor) -> Value { value(Variable(tensor)) }

  func mask(_ tensor: Tensor) -> Value {
    Value(TensorValue(Variable(tensor), self, isMask: true))
  }

  /// A tensor, or a number as a scalar, to compute with; nil for anything else.
  func operand(from value: Value) throws -> Variable? {
    if let number = value.number { return Variable(try Tensor(Float(number))) }
    return (value.object as? TensorValue)?.operand
  }
}
