internal import Autograd
internal import Tensor

/// One way of a plan's active rows through the blocks, step by step.
///
/// Rows that the next block is given anew need only k and v, and after the last block only the ends
/// are read: the rest of a block is computed for the rows that are asked for.
struct TextPass {
  private let encoder: TextEncoder
  private let plan: TextPlan
  private let known: TextConstants?
  private let fixed: Variable
  private let fresh: Variable?
  private var layer = 0
  /// The rows after block `layer` - 1: all active ones but the first `skipped` prompt rows.
  private var x: Variable?
  private var skipped = 0

  init(_ encoder: TextEncoder, _ plan: TextPlan, _ inputs: TextInputs) throws(TensorError) {
    self.encoder = encoder
    self.plan = plan
    known = try plan.constants(encoder)
    fixed = if let known { known.rows } else { try plan.fixedRows(encoder) }
    fresh = try plan.freshRows(inputs, fixed: fixed, encoder)
  }

  /// The block that comes next, as prompts see it.
  func site() throws(TensorError) -> TextSite {
    TextSite(encoder, plan, layer: layer, rows: x, constants: constantKeys)
  }

  /// Puts rows at 1 … b of the coming block, which is not the first.
  mutating func replace(with rows: Variable) throws(TensorError) {
    guard let old = x else { return }
    let count = rows.shape[0]
    precondition(skipped == 0 || skipped == count, "\(skipped) rows left out, \(count) put in")
    var next = 0
    let picks = plan.active.map { row in
      if row >= 1, row <= count {
        if skipped == 0 { next += 1 }
        return Variable.RowPick(source: 1, row: row - 1)
      }
      defer { next += 1 }
      return Variable.RowPick(source: 0, row: next)
    }
    x = try Variable.assembled([old, rows], picks)
    skipped = 0
  }

  /// Runs a block. `replaced`: how many rows the block after it is given anew.
  mutating func step(replaced: Int = 0) throws(TensorError) {
    let isLast = layer == encoder.blocks.count - 1
    let asking: TextPlan.Asking = isLast ? .ends : replaced > 0 ? .skipping(replaced) : .all
    let stage = plan.stage(asking)
    let block = encoder.blocks[layer]
    if let x {
      self.x = try further(block, x, stage, asksAll: asking == .all)
    } else if let known {
      x = try first(block, known, stage)
    } else {
      x = try further(block, joined(fixed, fresh, plan.active), stage, asksAll: asking == .all)
    }
    skipped = isLast ? 0 : replaced
    layer += 1
  }

  /// The features of the rows that the last block has left: [C, d]
  func features() throws(TensorError) -> Variable {
    guard let x else { preconditionFailure("no block has run") }
    return try encoder.projected(x)
  }

  /// Packed rows, each from the fixed or the fresh ones.
  private func joined(_ fixed: Variable, _ fresh: Variable?, _ rows: [Int]) throws(TensorError)
    -> Variable
  {
    try Variable.assembled([fixed] + (fresh.map { [$0] } ?? []), rows.map { plan.picks[$0] })
  }

  /// Block 0, where q, k and v of the fixed rows are known.
  private func first(_ block: Block, _ known: TextConstants, _ stage: TextPlan.Stage)
    throws(TensorError) -> Variable
  {
    let normed = try fresh.map { (x) throws(TensorError) in try block.norm1(x) }
    let queries = try normed.map { (x) throws(TensorError) in try block.queries(x) }
    let keysValues = try normed.map { (x) throws(TensorError) in try block.keysValues(x) }
    return try block(
      joined(fixed, fresh, stage.rows), queries: joined(known.queries, queries, stage.rows),
      keysValues: joined(known.keysValues, keysValues, Array(plan.picks.indices)), stage.layout)
  }

  /// Any other block on the active rows.
  private func further(_ block: Block, _ x: Variable, _ stage: TextPlan.Stage, asksAll: Bool)
    throws(TensorError) -> Variable
  {
    guard let constantKeys else {
      return asksAll
        ? try block(x, stage.layout) : try block(x, reading: stage.places, stage.layout)
    }
    let normed = try block.norm1(x)
    let keysValues = try Variable.assembled(
      [constantKeys, block.keysValues(normed)], plan.keyPicks)
    let (asked, asking) =
      asksAll
      ? (x, normed)
      : (try x.gathered(rows: stage.places), try normed.gathered(rows: stage.places))
    return try block(
      asked, queries: block.queries(asking), keysValues: keysValues, stage.layout)
  }

  /// The coming block's k and v of the constant rows.
  private var constantKeys: Variable? {
    guard let known, layer >= 1, layer <= known.deeper.count else { return nil }
    return known.deeper[layer - 1]
  }
}
