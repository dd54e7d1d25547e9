internal import Autograd
internal import Tensor

/// A list of classes as packed rows, with everything about it that does not change from step to step.
final class TextPlan {
  let layout: TextLayout
  let attention: AttentionLayout
  let lastAttention: AttentionLayout
  /// The learned rows in packed order, and their positions.
  let learnedRows: [Int]
  let learnedPositions: [Int]
  /// How many learned rows the prompts take, and how wide these are.
  let learnedCount: Int
  let width: Int
  /// The packed rows that a vector of their class moves, and these classes.
  let shiftedRows: [Int]
  let shiftedClasses: [Int]
  /// Source 0: the fixed rows in packed order; source 1: the learned ones in packed order; source 2:
  /// the shifted ones in packed order.
  let picks: [Variable.RowPick]
  /// The token of each packed row; 0 at the places of learned rows.
  private let tokens: [Int]
  private var known: Known?

  /// Fixed rows, and the versions of the two weights that they were made of.
  private struct Known {
    let rows: Variable
    let versions: [Int]
  }

  init(_ sequences: [[RowSource]], _ encoder: TextEncoder) throws(CLIPError) {
    layout = TextLayout(sequences)
    attention = layout.attention(heads: encoder.architecture.text.heads)
    lastAttention = layout.lastAttention(heads: encoder.architecture.text.heads)
    width = encoder.architecture.text.width
    var tokens: [Int] = []
    var learnedRows: [Int] = []
    var learnedPositions: [Int] = []
    var shiftedRows: [Int] = []
    var shiftedClasses: [Int] = []
    var picks: [Variable.RowPick] = []
    for (index, row) in layout.rows.enumerated() {
      switch row.source {
      case .token(let id):
        tokens.append(id)
        picks.append(.init(source: 0, row: index))
      case .shifted(let id, let place):
        tokens.append(id)
        picks.append(.init(source: 2, row: shiftedRows.count))
        shiftedRows.append(index)
        shiftedClasses.append(place)
      case .learned(let learned):
        tokens.append(0)
        picks.append(.init(source: 1, row: learnedRows.count))
        learnedRows.append(learned)
        learnedPositions.append(row.position)
      }
    }
    learnedCount = (learnedRows.max() ?? -1) + 1
    self.tokens = tokens
    self.learnedRows = learnedRows
    self.learnedPositions = learnedPositions
    self.shiftedRows = shiftedRows
    self.shiftedClasses = shiftedClasses
    self.picks = picks
    try encoder.check(tokens)
  }

  /// Throws unless a matrix has as many learned rows as the prompts take; nil stands for none.
  ///
  /// leading: the extents of all axes but the last, `width`.
  func check(_ leading: some Sequence<Int>, _ width: Int?) throws(CLIPError) {
    let found = Array(leading)
    let fits =
      if let width {
        found.reduce(1, *) == learnedCount && width == self.width
      } else {
        learnedCount == 0
      }
    guard fits else {
      throw .promptRows(
        layer: 0, found: width.map { found + [$0] } ?? [], expected: [learnedCount, self.width])
    }
  }

  /// Token embedding plus position; the places of learned rows hold some other row. Kept while the
  /// two weights are frozen and stay what they are.
  func fixedRows(_ encoder: TextEncoder) throws(TensorError) -> Variable {
    let (embedding, positions) = (encoder.tokenEmbedding, encoder.positions)
    let versions = [embedding.version, positions.version]
    if let known, known.versions == versions, !embedding.requiresGradient,
      !positions.requiresGradient
    {
      return known.rows
    }
    let rows = try embedding.gathered(rows: tokens).plus(
      positions.gathered(rows: layout.rows.map(\.position)))
    known = rows.requiresGradient ? nil : Known(rows: rows, versions: versions)
    return rows
  }
}
