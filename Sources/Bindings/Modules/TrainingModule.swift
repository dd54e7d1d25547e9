internal import Autograd
internal import Datasets
internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// What `fit` keeps after each epoch, so that a run which was stopped goes on with the same numbers.
extension Engine {
  func trainingNatives() -> [Native] {
    [
      Native(
        "save_training(path: String, method: Module, split: Split, optimizer, settings: Record, "
          + "epoch: Int, curves: Record)",
        "Writes a checkpoint with everything that a resumed run needs."
      ) { [self] arguments in
        let path = try arguments.string(0)
        guard foreman == nil || surroundings.training?.file == path else { return .nil }
        let optimizer: OptimizerValue = try arguments.object(3, "an optimizer")
        let settings = try arguments.record(4)
        try Self.makeFolder(of: path)
        let state = try trainingState(
          optimizer, epoch: arguments.int(5), try run(arguments), arguments.record(6))
        try checkpoint(of: arguments.module(1), state: state).write(
          to: path, provenance(settings: Value(settings), seed: settings["seed"]?.int))
        return .nil
      },
      Native(
        "load_training(path: String, method: Module, split: Split, optimizer, settings: Record)",
        "Restores what `save_training` wrote: a record of `epoch` and `curves`, or nil when there is "
          + "no such file. Another method, other classes, pictures or settings than those of the "
          + "stored run are an error."
      ) { [self] in try loadTraining($0) },
    ]
  }

  /// What a run is a run of: two runs may go on from each other if these are equal.
  private func run(_ arguments: borrowing Arguments) throws -> Record {
    let method = try arguments.module(1)
    let split: SplitValue = try arguments.object(2, "a split")
    var run: [(String, Value)] = [("method", Value(method.definition.name))]
    if let classes = method["classes"] {
      let table = (classes.object as? TokenTableValue).map { "\($0.table)" }
      run.append(("classes", Value(Digest.sha256(table ?? Self.json(classes)))))
    }
    if let clip = method["clip"]?.object as? ClipValue {
      run.append(("model", Value(clip.digest ?? clip.name)))
    }
    if let kept = surroundings.training, try kept.file == arguments.string(0) {
      run.append(("key", Value(kept.key)))
    }
    run.append(("data", Value(split.dataset.name)))
    run.append(("pictures", Value(split.digest)))
    return Record(run + (try arguments.record(4).entries.map { ($0.key, $0.value) }))
  }

  private func trainingState(
    _ optimizer: OptimizerValue, epoch: Int, _ run: Record, _ curves: Record
  ) throws -> TrainingState {
    let (tensors, steps) = optimizer.optimizer.state
    return TrainingState(
      epoch: epoch, step: optimizer.steps,
      buffers: tensors.map { NamedTensor("\($0.kind).\($0.path)", $0.tensor) },
      streams: zip(optimizer.optimizer.slots, steps).map {
        .init("steps of \($0.path)", position: UInt64($1))
      },
      settings: try stored(Value(run)),
      curves: curves.entries.map { name, values in
        .init(name, (values.list ?? []).compactMap(\.number))
      })
  }

  /// Refuses a stored run that is not this one, and says in what it differs.
  private func check(
    _ state: TrainingState, _ path: String, _ arguments: borrowing Arguments
  ) throws {
    let own = try run(arguments)
    guard try state.settings != stored(Value(own)) else { return }
    let other = try value(state.settings).record ?? Record([])
    let names = own.keys + other.keys.filter { own[$0] == nil }
    let differing = names.filter { name in
      own[name].map(Self.json) != other[name].map(Self.json)
    }
    let plain = differing.filter { !["classes", "model", "pictures", "key"].contains($0) }
    let facts =
      plain.map { name in
        "\(name) \(other[name].map(Self.json) ?? "none") there, \(own[name].map(Self.json) ?? "none") here"
      } + differing.filter { !plain.contains($0) }.map { "other \($0)" }
    throw Fault(
      .value, "the run in '\(path)' is another one: \(facts.joined(separator: "; "))",
      help: "resume with the same, or give another `resume:`")
  }

  private func loadTraining(_ arguments: borrowing Arguments) throws -> Value {
    let path = try arguments.string(0)
    guard FileManager.default.fileExists(atPath: path) else { return .nil }
    let optimizer: OptimizerValue = try arguments.object(3, "an optimizer")
    let checkpoint = try Checkpoint(reading: path)
    guard let state = checkpoint.state else {
      throw Fault("file", "'\(path)' holds parameters, but no training to resume")
    }
    try check(state, path, arguments)
    let epochs = try arguments.record(4)["epochs"]?.int ?? .max
    guard (0...epochs).contains(state.epoch),
      ["loss", "rate"].allSatisfy({ name in
        state.curves.contains { $0.name == name && $0.values.count == state.epoch }
      })
    else {
      throw Fault(
        "file",
        "'\(path)' does not fit together: \(state.epoch) epochs, and curves of another length")
    }
    try restore(checkpoint, into: arguments.module(1), path)
    try optimizer.optimizer.restore(
      state.buffers.map { buffer in
        let parts = buffer.name.split(separator: ".", maxSplits: 1)
        return .init(
          path: String(parts.last ?? ""), kind: String(parts.first ?? ""), tensor: buffer.tensor)
      },
      steps: state.streams.map { stream in
        guard let steps = Int(exactly: stream.position) else {
          throw Fault("file", "'\(path)' counts \(stream.position) steps")
        }
        return steps
      })
    optimizer.steps = state.step
    return Value(
      Record([
        ("epoch", .int(state.epoch)),
        (
          "curves",
          Value(Record(state.curves.map { ($0.name, Value($0.values.map(Value.float))) }))
        ),
      ]))
  }
}
