internal import Datasets
internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// Plans of cells, and what they keep on the way.
extension Engine {
  func planNatives() -> [Native] {
    [
      Native(
        "run_plan(axes: Record, run: Function, about: Record = {}, store: String? = nil, "
          + "inner: Record = {}, given: Function? = nil) -> Result",
        "What `cells` does, once it has looked at the axes.",
        example: "run_plan({x: [1, 2]}, fn(cell) => {y: cell.x}).mean(\"y\")\n1.5"
      ) { [self] arguments in Value(try plan(arguments).run(arguments.interpreter)) },
      Native(
        "kept_training(labels: List, decides, train: Function)",
        """
        Calls `train` with the file in which a cell of a plan keeps a trained method, or with nil \
        where nothing is kept.

        `labels` are for people, `decides` is all that decides what is learned. While one process \
        trains, others that need the same wait.
        """,
        example: "kept_training([\"Mine\"], {}, fn(file) => file == nil)\ntrue"
      ) { [self] in try keptTraining($0) },
      Native(
        "keep_draw(split: Split, shots: Int, seed: Int)",
        "Writes down in the plan's store, if there is one, which pictures were drawn."
      ) { [self] arguments in
        try keepDraw(arguments)
        return .nil
      },
    ]
  }

  // MARK: - Plans

  private func plan(_ arguments: borrowing Arguments) throws -> Plan {
    let outer = try resultAxes(arguments, 0)
    guard !outer.isEmpty else { throw arguments.fault(0, "needs at least one axis") }
    let inner = try resultAxes(arguments, 4)
    if let name = inner.map(\.name).first(where: { name in outer.contains { $0.name == name } }) {
      throw arguments.fault(4, "has the axis '\(name)', which is one of the others already")
    }
    try checkSize(inner + outer, arguments)
    let ordinal = surroundings.isCell ? nil : nextPlan
    if ordinal != nil { nextPlan += 1 }
    let store = try store(arguments, isOuter: ordinal != nil)
    return Plan(
      self, ordinal: ordinal, inner: inner,
      cells: try cells(outer, inner, store: store, arguments), outer: outer,
      about: try arguments.record(2), function: arguments[1], store: store)
  }

  /// The store that a plan is given, or the one that processes share which run its cells.
  private func store(_ arguments: borrowing Arguments, isOuter: Bool) throws -> PlanStore? {
    if let folder = try arguments.optionalString(3) {
      guard !folder.isEmpty else { throw arguments.fault(3, "is empty, and names no folder") }
      return try PlanStore(folder, self)
    }
    guard isOuter else { return nil }
    return try (crew?.folder ?? foreman?.folder).map {
      try PlanStore($0, self, isTemporary: true)
    }
  }

  private func cells(
    _ outer: [ResultValue.Axis], _ inner: [ResultValue.Axis], store: PlanStore?,
    _ arguments: borrowing Arguments
  ) throws -> [PlanCell] {
    var rows: [[Int]] = [[]]
    for axis in outer { rows = rows.flatMap { row in axis.labels.indices.map { row + [$0] } } }
    let identity = try store.map { _ in
      try PlanIdentity(self, outer, inner, run: arguments[1], given: arguments[5], arguments)
    }
    return try rows.enumerated().map { number, places in
      let values = Record(zip(outer, places).map { ($0.name, $0.values[$1]) })
      return PlanCell(
        number: number, values: values,
        labels: zip(outer, places).map { axis, place in axis.title(place) },
        group: zip(outer, places).first { $0.0.name == "algorithm" }.map { axis, place in
          axis.labels[place].text
        } ?? "",
        seed: values["seed"]?.int,
        decides: try identity?.parts(places, values, arguments.interpreter) ?? [])
    }
  }

  // MARK: - What is kept on the way

  private func keptTraining(_ arguments: borrowing Arguments) throws -> Value {
    let train = try arguments.function(2)
    guard let store = surroundings.store else {
      return try arguments.interpreter.call(train, [.nil])
    }
    let labels = try arguments.list(0).map { ResultValue.Label($0)?.text ?? $0.kind }
    var digest = Digest()
    digest.add(Self.version)
    // Starting values were drawn before.
    digest.add(seed)
    digest.add(Int(bitPattern: UInt(starts.position)))
    digest.add(try identity(of: arguments[1], arguments.interpreter))
    let key = digest.text
    let file = store.file(.trained, labels, key: key)
    try store.prepare(.trained)
    let lock = try store.waitForClaim(file, "training \(labels.joined(separator: " "))")
    defer { lock.release() }
    _ = try store.take(file, "it is trained") {
      let known = try value(Checkpoint(reading: file).state?.settings ?? .nothing)
      return known.record?["key"]?.string == key ? key : nil
    }
    let outer = surroundings.training
    surroundings.training = (file, key)
    defer { surroundings.training = outer }
    return try arguments.interpreter.call(train, [Value(file)])
  }

  private func keepDraw(_ arguments: borrowing Arguments) throws {
    guard let store = surroundings.store else { return }
    let split: SplitValue = try arguments.object(0, "a split")
    let (shots, seed) = (try arguments.int(1), try arguments.int(2))
    let digest = split.digest
    let labels = [split.dataset.name, "\(shots)shots", "seed\(seed)"]
    let file = store.file(.draws, labels, key: digest)
    guard !store.exists(file) else { return }
    try store.prepare(.draws)
    try TextFile.write(split.drawText(), to: file)
  }
}

extension ResultValue.Axis {
  /// A label as people call it: texts as they are, numbers with the name of their axis.
  fileprivate func title(_ place: Int) -> String {
    if case .text(let text) = labels[place] { text } else { name + labels[place].text }
  }
}
