internal import Autograd
internal import Tensor

/// A list of classes as packed rows, with everything about it that does not change from step to step.
///
/// A row is fixed, a token with its position, or fresh: a learned row, or the row of a name that a
/// learned vector moves. Of the fixed rows those at the beginning of the prompts never see a fresh one,
/// so that in a frozen tower their keys and values are constants in every block (``TextConstants``).
/// They are kept where they are at least one row in 32, and then only the active rows go through the
/// blocks: all rows behind them.
final class TextPlan {
  let layout: TextLayout
  let width: Int
  /// How many learned rows the prompts take.
  let learnedCount: Int
  /// Source 0: the fixed rows in packed order; source 1: the fresh ones, learned before moved.
  let picks: [Variable.RowPick]
  /// The packed rows whose keys and values are kept, and those that go through the blocks.
  let constants: [Int]
  let active: [Int]
  /// Where each packed row stands among the constants (source 0) or among the active rows (source 1).
  let keyPicks: [Variable.RowPick]
  private let sequences: [[RowSource]]
  private let keeps: Bool
  private let heads: Int
  /// The learned rows in packed order, and their positions.
  private let learnedRows: [Int]
  private let learnedPositions: [Int]
  /// The fixed rows of moved names in packed order, behind all others, and their classes.
  private let movedRows: Range<Int>
  private let movedClasses: [Int]
  private let tokens: [Int]
  private let positions: [Int]
  private var constantsKnown: TextConstants?
  private var stages: [Asking: Stage] = [:]
  private var parts: [Int: [TextPlan]] = [:]

  /// Which of the active rows a block is asked for.
  enum Asking: Hashable {
    case all
    /// All but rows 1 ... b, which the next block is given anew.
    case skipping(Int)
    /// The end-of-text rows, in the order of the prompts.
    case ends
  }

  /// What a block is asked for.
  struct Stage {
    /// The packed rows.
    let rows: [Int]
    /// The same rows among the active ones.
    let places: [Int]
    let layout: AttentionLayout
  }

  /// keeps: whether the tower is frozen, so that something made of its weights can be kept.
  init(_ sequences: [[RowSource]], keeps: Bool, _ encoder: TextEncoder) throws(CLIPError) {
    self.sequences = sequences
    layout = TextLayout(sequences)
    let tower = encoder.architecture.text
    (width, heads) = (tower.width, tower.heads)
    var (fixed, moved): ([(Int, Int)], [(Int, Int)]) = ([], [])
    var (learnedRows, learnedPositions, movedClasses): ([Int], [Int], [Int]) = ([], [], [])
    let learnedTotal = layout.rows.count { $0.source.learned != nil }
    picks = layout.rows.map { row in
      switch row.source {
      case .token(let id):
        fixed.append((id, row.position))
        return .init(source: 0, row: fixed.count - 1)
      case .shifted(let id, let place):
        moved.append((id, row.position))
        movedClasses.append(place)
        return .init(source: 1, row: learnedTotal + moved.count - 1)
      case .learned(let learned):
        learnedRows.append(learned)
        learnedPositions.append(row.position)
        return .init(source: 1, row: learnedRows.count - 1)
      }
    }
    (self.learnedRows, self.learnedPositions) = (learnedRows, learnedPositions)
    self.movedClasses = movedClasses
    movedRows = fixed.count..<fixed.count + moved.count
    tokens = (fixed + moved).map(\.0)
    positions = (fixed + moved).map(\.1)
    learnedCount = (sequences.joined().lazy.compactMap(\.learned).max() ?? -1) + 1
    self.keeps = keeps && learnedTotal + moved.count > 0
    let beginnings = layout.beginnings
    constants = self.keeps && beginnings.count * 32 >= layout.rows.count ? beginnings : []
    let keyPicks = Self.keyPicks(of: layout.rows.count, constants)
    active = keyPicks.indices.filter { keyPicks[$0].source == 1 }
    self.keyPicks = keyPicks
    try encoder.check(tokens)
  }

  private static func keyPicks(of count: Int, _ constants: [Int]) -> [Variable.RowPick] {
    var next = 0
    return (0..<count).map { row in
      guard next < constants.count, constants[next] == row else {
        return .init(source: 1, row: row - next)
      }
      next += 1
      return .init(source: 0, row: next - 1)
    }
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

  func stage(_ asking: Asking) -> Stage {
    if let stage = stages[asking] { return stage }
    let rows =
      switch asking {
      case .all: active
      case .skipping(let count): active.filter { $0 < 1 || $0 > count }
      case .ends: layout.ends
      }
    let stage = Stage(
      rows: rows, places: rows.map { keyPicks[$0].row },
      layout: layout.attention(asking: rows, heads: heads))
    stages[asking] = stage
    return stage
  }

  // MARK: - Rows

  /// Token embedding plus position of the fixed rows, those of moved names last: [F, D]
  func fixedRows(_ encoder: TextEncoder) throws(TensorError) -> Variable {
    try encoder.tokenEmbedding.gathered(rows: tokens).plus(
      encoder.positions.gathered(rows: positions))
  }

  /// The learned rows with their positions, then the moved ones: [L, D]; nil if there are none.
  ///
  /// learned: [n, D]; nameShift: [C, D]; fixed: what ``fixedRows(_:)`` gives.
  func freshRows(_ inputs: TextInputs, fixed: Variable, _ encoder: TextEncoder)
    throws(TensorError) -> Variable?
  {
    var parts: [Variable] = []
    if let rows = try inputs.learned?.asRows(width: width), !learnedRows.isEmpty {
      parts.append(
        try rows.gathered(rows: learnedRows).plus(
          encoder.positions.gathered(rows: learnedPositions)))
    }
    if let shift = inputs.nameShift, !movedRows.isEmpty {
      parts.append(
        try fixed.gathered(rows: Array(movedRows)).plus(shift.gathered(rows: movedClasses)))
    }
    return parts.count > 1 ? try .concatenate(parts, axis: 0) : parts.first
  }

  /// What is kept of a frozen tower's answers; nil if there is nothing to keep.
  func constants(_ encoder: TextEncoder) throws(TensorError) -> TextConstants? {
    guard keeps else { return nil }
    if let known = constantsKnown, known.version == encoder.version { return known }
    constantsKnown = nil
    let known = try TextConstants(self, encoder)
    constantsKnown = known
    return known
  }

  /// The constant rows among each other.
  var attentionOfConstants: AttentionLayout { layout.attention(within: constants, heads: heads) }

  /// How many floats ``constants(_:)`` of the plan and of its parts hold on to.
  func keptFloats(layers: Int) -> Int {
    let own = keeps ? width * (4 * tokens.count + 2 * constants.count * (layers - 1)) : 0
    return parts.values.joined().reduce(own) { $0 + $1.keptFloats(layers: layers) }
  }

  // MARK: - Parts

  /// The classes in `count` runs of about as many rows.
  func parts(_ count: Int, _ encoder: TextEncoder) throws(CLIPError) -> [TextPlan] {
    guard count > 1 else { return [self] }
    if let known = parts[count] { return known }
    let share = (layout.rows.count + count - 1) / count
    var runs: [[[RowSource]]] = []
    var rows = share
    for sequence in sequences {
      if rows >= share {
        runs.append([])
        rows = 0
      }
      runs[runs.count - 1].append(sequence)
      rows += sequence.count - layout.shared
    }
    var plans: [TextPlan] = []
    for run in runs { plans.append(try TextPlan(run, keeps: keeps, encoder)) }
    parts[count] = plans
    return plans
  }
}
