internal import Autograd
internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// What `fit` keeps after each epoch, so that a run which was stopped goes on with the same numbers.
extension Engine {
  func trainingNatives() -> [Native] {
    [
      Native(
        "save_training(path: String, method: Module, optimizer, settings: Record, epoch: Int, "
          + "curves: Record)",
        "Writes a checkpoint with everything that a resumed run needs."
      ) { [self] arguments in
        let path = try arguments.string(0)
        let optimizer: OptimizerValue = try arguments.object(2, "an optimizer")
        let settings = try arguments.record(3)
        try Self.makeFolder(of: path)
        let state = try trainingState(
          optimizer, epoch: arguments.int(4), settings, arguments.record(5))
        try checkpoint(of: arguments.module(1), state: state).write(
          to: path, provenance(settings: Value(settings), seed: settings["seed"]?.int))
        return .nil
      },
      Native(
        "load_training(path: String, method: Module, optimizer, settings: Record)",
        "Restores what `save_training` wrote: a record of `epoch` and `curves`, or nil when there is "
          + "no such file. Other settings than the stored ones are an error."
      ) { [self] in try loadTraining($0) },
    ]
  }

  private func trainingState(
    _ optimizer: OptimizerValue, epoch: Int, _ settings: Record, _ curves: Record
  ) throws -> TrainingState {
    let (tensors, steps) = optimizer.optimizer.state
    return TrainingState(
      epoch: epoch, step: optimizer.steps,
      buffers: tensors.map { NamedTensor("\($0.kind).\($0.path)", $0.tensor) },
      streams: zip(optimizer.optimizer.slots, steps).map {
        .init("steps of \($0.path)", position: UInt64($1))
      },
      settings: try stored(Value(settings)),
      curves: curves.entries.map { name, values in
        .init(name, (values.list ?? []).compactMap(\.number))
      })
  }

  private func loadTraining(_ arguments: borrowing Arguments) throws -> Value {
    let path = try arguments.string(0)
    guard FileManager.default.fileExists(atPath: path) else { return .nil }
    let optimizer: OptimizerValue = try arguments.object(2, "an optimizer")
    let checkpoint = try Checkpoint(reading: path)
    guard let state = checkpoint.state else {
      throw Fault("file", "'\(path)' holds parameters, but no training to resume")
    }
    guard try state.settings == stored(arguments[3]) else {
      throw arguments.fault(
        3, "differ from those of the run in '\(path)'",
        help: "resume with the same settings, or give another `resume:`")
    }
    try restore(checkpoint, into: arguments.module(1), path)
    try optimizer.optimizer.restore(
      state.buffers.map { buffer in
        let parts = buffer.name.split(separator: ".", maxSplits: 1)
        return .init(
          path: String(parts.last ?? ""), kind: String(parts.first ?? ""), tensor: buffer.tensor)
      }, steps: state.streams.map { Int($0.position) })
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
