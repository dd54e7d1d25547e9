internal import Autograd
internal import Tensor

/// What a frozen tower makes of a plan's rows as long as the weights stay what they are.
///
/// Two savings, both exactly equal in result, and neither has a gradient to give:
/// - In block 0 the fixed rows (start of text, words, names, period, end of text) are input, so their q,
///   k and v are constants.
/// - Rows that stand before the first learned one in a prompt (start of text; with the name in front
///   the names too) see no learned row in any block, so their k and v are constants everywhere.
///
/// Held in floats: 4 D for each fixed row and 2 D for each constant row and further block.
struct TextConstants {
  /// The fixed rows of the input [F, D], and block 0's q [F, D] and k, v [F, 2 D] of them.
  let rows: Variable
  let queries: Variable
  let keysValues: Variable
  /// k and v of the constant rows in block 1, 2, …: [K, 2 D]
  let deeper: [Variable]
  /// The version of the weights that they were made of.
  let version: Int

  init(_ plan: TextPlan, _ encoder: TextEncoder) throws(TensorError) {
    rows = try plan.fixedRows(encoder)
    let normed = try encoder.blocks[0].norm1(rows)
    queries = try encoder.blocks[0].queries(normed)
    keysValues = try encoder.blocks[0].keysValues(normed)
    version = encoder.version
    var deeper: [Variable] = []
    if !plan.constants.isEmpty {
      let layout = plan.attentionOfConstants
      var x = try rows.gathered(rows: plan.constants.map { plan.picks[$0].row })
      for (block, next) in zip(encoder.blocks, encoder.blocks.dropFirst()) {
        x = try block(x, layout)
        deeper.append(try next.keysValues(next.norm1(x)))
      }
    }
    self.deeper = deeper
  }
}
