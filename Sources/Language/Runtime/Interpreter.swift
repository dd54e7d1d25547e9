/// Runs compiled code.
///
/// The interpreter is a register machine: `execute` in `Interpreter+Loop` is the one long function,
/// a switch over the operations with their fast paths; everything rarer is a method in the file of
/// its topic. Script calls push a ``Frame`` and go on in the same loop, so that recursion in a
/// script does not recurse in Swift. Only a native that calls a function back enters the loop
/// again, and that is counted in `reentries`.
///
/// An error is a ``Fault`` until it reaches the loop. There it gets its place and its chain of
/// calls, frames are left up to a handler, and each frame that is left gives up its registers, so
/// that the session is whole whatever happened.
package final class Interpreter {
  /// Everything the language takes from outside.
  package let host: ScriptHost
  let symbols = Symbols()
  var vocabulary = Vocabulary()
  let stack: FrameStack

  /// The frame that is running; below the first one there is none.
  var depth = -1
  /// The first register that no frame uses.
  var top: Registers
  var reentries = 0
  /// Calls of scripts by Swift, for polling: a `map` over many elements enters the loop for each.
  private var callsFromSwift = 0
  /// What a script threw, until it is caught; faults carry only the ticket.
  var thrown: (ticket: Int, value: Value)?
  var thrownCount = 0
  /// The modules whose bodies are running, outermost first.
  var constructions: [Construction] = []
  /// The parameters of the module that is being rebuilt.
  var replay: Replay?
  var files = FileTable()
  var notices = NoticeLedger()
  var methodTables: [ObjectIdentifier: [String: Native]] = [:]
  var callees: [ObjectIdentifier: Native] = [:]
  /// Errors that no script may catch.
  static let uncatchable: Set<DiagnosticCode> = [.interrupted, .memory]

  /// A module whose body is running.
  struct Construction {
    let module: ModuleValue
    /// How much of a replay was taken when it began.
    let replayed: Int
    /// How long its log was when the declaration of a parameter began.
    var mark = 0
  }

  init(host: ScriptHost) {
    self.host = host
    stack = FrameStack(depthLimit: host.limits.calls)
    top = stack.bottom
  }

  // Running

  /// Runs the top level of a text in the registers of its scope.
  func run(_ code: Code) throws(Fault) -> Value {
    let memory = code.fileScope.memory
    memory.grow(to: code.entry.frameSize)
    defer {
      memory.start.clear(below: code.entry.frameSize, from: code.fileScope.slotCount)
    }
    return try enter(
      Frame(
        code, memory.start, size: code.entry.frameSize, kind: .entry, isOnStack: false))
  }

  /// Enters the loop with a frame whose arguments are in place.
  func enter(_ frame: Frame) throws(Fault) -> Value {
    guard reentries < host.limits.reentries else {
      throw Fault(.tooManyReentries(host.limits.reentries))
    }
    guard depth + 1 < stack.depthLimit else { throw Fault(.tooManyCalls(stack.depthLimit)) }
    reentries += 1
    defer { reentries -= 1 }
    depth += 1
    stack[depth] = frame
    return try execute(floor: depth)
  }

  /// Calls a function, module or callable object from Swift.
  ///
  /// - Parameters:
  ///   - callee: What to call.
  ///   - arguments: Its positional arguments.
  ///   - labels: Labelled arguments behind them.
  /// - Throws: A ``Fault``; let it pass, it knows where in the script it happened.
  package func call(
    _ callee: Value, _ arguments: [Value], labels: [(String, Value)] = []
  ) throws(Fault) -> Value {
    callsFromSwift &+= 1
    if callsFromSwift % 1024 == 0 { try poll() }
    let site = CallSite(
      member: nil, labels: arguments.map { _ in nil } + labels.map(\.0), spans: [],
      hasLabels: !labels.isEmpty, calleeText: callee.calleeName)
    let window = top
    let count = arguments.count + labels.count
    guard stack.reserve(count, at: window) else {
      throw Fault(.tooManyCalls(stack.depthLimit))
    }
    for (index, value) in arguments.enumerated() { window.set(index, value) }
    for (index, label) in labels.enumerated() {
      window.set(arguments.count + index, label.1)
    }
    top = window.advanced(by: count)
    defer {
      window.clear(below: count)
      top = window
    }
    return try call(callee, window, count, site)
  }

  // Telling the user

  /// Tells the user something, once for each line of a script however often that line runs.
  package func notice(_ text: String) {
    if notices.isNew(text, at: userSpot) { host.notice(text) }
  }

  // Stopping

  /// Throws when the user has asked to stop or memory is short. A native that works for long calls
  /// it now and then.
  package func poll() throws(Fault) {
    if host.isInterrupted() { throw Fault(.interrupted) }
    if host.isMemoryShort() { throw Fault(.memoryShort) }
  }

  /// Throws when a list of so many elements may not be made.
  package func checkListCount(_ count: Int) throws(Fault) {
    guard count <= host.limits.listCount else {
      throw Fault(.listTooLong(count, limit: host.limits.listCount))
    }
    if count > 1_000_000 { try checkRoom(count * MemoryLayout<Value>.stride) }
  }

  /// Throws when a string of so many bytes may not be made.
  package func checkStringBytes(_ count: Int) throws(Fault) {
    guard count <= host.limits.stringBytes else {
      throw Fault(.stringTooLong(count, limit: host.limits.stringBytes))
    }
    if count > 16_000_000 { try checkRoom(count) }
  }

  /// Throws when so many bytes cannot be had; something that grows may take twice what it needs.
  private func checkRoom(_ bytes: Int) throws(Fault) {
    try poll()
    guard host.hasRoom(2 * bytes) else { throw Fault(.memoryShort) }
  }

  func checkNesting(_ value: Value) throws(Fault) {
    guard Nesting.isWithin(host.limits.valueDepth, value) else {
      throw Fault(.valueTooDeep(host.limits.valueDepth))
    }
  }

  // Faults of the host

  /// Runs host code and turns whatever it throws into a fault.
  @inline(__always)
  func hosted<Result>(_ body: () throws -> Result) throws(Fault) -> Result {
    do {
      return try body()
    } catch {
      throw fault(for: error)
    }
  }

  @inline(never)
  func fault(for error: any Error) -> Fault {
    if let fault = error as? Fault { return fault }
    if let diagnostic = error as? Diagnostic { return Fault(located: diagnostic) }
    return host.translate(error) ?? Fault("host", "\(error)")
  }
}
