internal import Language
internal import Tensor

extension Engine {
  /// What a running cell lends to the words that it uses.
  struct Surroundings {
    /// Where trained methods are kept.
    var store: PlanStore?
    /// The file and the key of the training that is under way, if it is kept.
    var training: (file: String, key: String)?
    /// Whether a cell is running.
    var isCell = false
  }

  /// Calls a function as a cell of a plan: with starting values of its own, and with nothing left of it
  /// afterwards but its result.
  func inCell(_ cell: PlanCell, of plan: Plan, _ body: () throws -> Value) throws -> Value {
    let outer = (seed, starts, weightsDigest, datasetDigest, planProgress, surroundings)
    defer {
      restart(outer.0, outer.1)
      (weightsDigest, datasetDigest) = (outer.2, outer.3)
      (planProgress, surroundings) = (outer.4, outer.5)
    }
    surroundings.isCell = true
    surroundings.training = nil
    if let store = plan.store { surroundings.store = store }
    reseed(cell.seed ?? seed)
    return try body()
  }
}
