internal import Language
internal import Store

/// What decides the numbers of each cell of a plan.
///
/// They are the result of calling a function with a cell. So the digests of both decide: of the
/// function's text and all that it names and captured, and of each label, which for a method is that
/// of its source, for a data set that of its pictures. A function whose captures say more than its
/// cells need, such as the settings of all methods, is told by `given(cell)` instead. Where no label is
/// the seed, that of the script decides, too. How many other cells there are does not matter.
struct PlanIdentity {
  private let engine: Engine
  private let outer: [ResultValue.Axis]
  /// Digests of the labels of each outer axis.
  private let labels: [[String]]
  private let common: [(name: String, digest: String)]
  private let given: Value?

  init(
    _ engine: Engine, _ outer: [ResultValue.Axis], _ inner: [ResultValue.Axis], run: Value,
    given: Value, _ arguments: borrowing Arguments
  ) throws {
    let interpreter = arguments.interpreter
    let digests = { (axis: ResultValue.Axis) in
      try axis.values.map { try engine.identity(of: $0, interpreter) }
    }
    self.engine = engine
    self.outer = outer
    self.given = given.isNil ? nil : given
    labels = try outer.map(digests)
    let run = try engine.identity(of: run, followsCaptures: given.isNil, interpreter)
    let inside = try inner.map { axis in
      (axis.name, Digest.sha256(try digests(axis).joined(separator: "\n")))
    }
    common = [("duet", Engine.version), ("run", run)] + inside
  }

  /// The digests for a cell.
  func parts(_ places: [Int], _ cell: Record, _ interpreter: Interpreter) throws
    -> [(name: String, digest: String)]
  {
    var parts = common
    // Where no label is the seed, starting values are those of the script's.
    if cell["seed"]?.int == nil { parts.append(("engine seed", "\(engine.seed)")) }
    for (axis, place) in places.enumerated() {
      parts.append((outer[axis].name, labels[axis][place]))
    }
    if let given {
      let value = try interpreter.call(given, [Value(cell)])
      parts.append(("given", try engine.identity(of: value, interpreter)))
    }
    return parts
  }
}
