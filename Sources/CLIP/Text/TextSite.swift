internal import Autograd
internal import Tensor

/// The text tower before a block, as a prompt sees it.
struct TextSite: PromptSite {
  private let encoder: TextEncoder
  private let plan: TextPlan
  private let layer: Int
  /// The active rows, and the block's k and v of the constant ones.
  private let rows: Variable?
  private let constants: Variable?

  init(
    _ encoder: TextEncoder, _ plan: TextPlan, layer: Int, rows: Variable? = nil,
    constants: Variable? = nil
  ) {
    self.encoder = encoder
    self.plan = plan
    self.layer = layer
    self.rows = rows
    self.constants = constants
  }

  private var learned: Int { plan.learnedCount }

  /// The start of text sees only itself: zero, without a computation.
  func attentionFromStart() throws -> Tensor { try Tensor(repeating: 0, shape: [learned]) }

  /// For each class the mean over rows b + 1 … end, then the mean over classes.
  func attentionFromOthers() throws -> Tensor {
    guard let rows else { return try Tensor(repeating: 0, shape: [learned]) }
    guard learned < plan.layout.shared else {
      throw CLIPError.promptRows(
        layer: layer, found: [learned, plan.width], expected: [plan.layout.shared - 1, plan.width])
    }
    let block = encoder.blocks[layer]
    let normed = try block.norm1(rows.detached)
    let own = try block.keysValues(normed)
    let keysValues =
      if let constants { try Variable.assembled([constants, own], plan.keyPicks) } else { own }
    let paid = try Attention(
      queries: block.queries(normed).value, keysValues: keysValues.value, width: plan.width,
      layout: plan.stage(.all).layout
    ).paid(to: 1..<1 + learned)
    let layout = plan.layout
    /// What a packed row pays to a prompt row.
    func paidBy(_ row: Int, to key: Int) -> Double {
      Double(paid[flat: plan.keyPicks[row].row * learned + key])
    }
    var fromShared = [Double](repeating: 0, count: learned)
    for row in (1 + learned)..<max(layout.shared, 1 + learned) {
      for key in 0..<learned { fromShared[key] += paidBy(row, to: key) }
    }
    var mean = [Double](repeating: 0, count: learned)
    var start = layout.shared
    for length in layout.lengths {
      var total = fromShared
      for row in start..<start + length - layout.shared {
        for key in 0..<learned { total[key] += paidBy(row, to: key) }
      }
      start += length - layout.shared
      let share = Double(length - 1 - learned) * Double(layout.lengths.count)
      for key in 0..<learned { mean[key] += total[key] / share }
    }
    return try Tensor(shape: [learned], elements: mean.map(Float.init))
  }
}
