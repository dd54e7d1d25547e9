internal import Autograd
internal import Tensor

/// One way of some images' rows through the blocks.
///
/// Three savings, each exactly equal in result to giving every row to every block:
/// - Prompts that have just been put in are the same rows for every image: their q, k and v are computed
///   once, not for each image. In block 0 they are also the only rows that need a gradient.
/// - Prompt rows that the next block is given anew are not computed: only their k and v were needed.
/// - The last block computes k and v for all rows, and the rest for those that are read.
struct ImagePass {
  private let encoder: VisionTransformer
  private let images: Int
  private let prompts: Prompts?
  /// How many prompt rows each image has.
  private var learned = 0

  /// The rows of all images before a block.
  private enum Rows {
    case together(Variable)
    /// The images' own rows, and the rows that each image has just been given.
    case apart(own: Variable, prompts: Variable)
    /// With the block's q, k and v of them.
    case known(Variable, packed: Variable)
  }

  init(_ encoder: VisionTransformer, images: Int, _ prompts: Prompts?) {
    self.encoder = encoder
    self.images = images
    self.prompts = prompts
  }

  private var ownRows: Int { encoder.ownRows }
  private var length: Int { ownRows + learned }

  /// The rows after the last block: each image's first [B, D], and on request all its own
  /// [B (1 + N), D]. The first rows are computed apart, so that they are the same to the last bit
  /// whether the others are wanted or not.
  ///
  /// own: [B (1 + N), D]
  mutating func run(_ own: Variable, wantsAll: Bool) throws -> (first: Variable, all: Variable?) {
    var rows = try first(own)
    let last = encoder.blocks.count - 1
    for layer in 0..<last {
      if let next = try rowsAhead(layer + 1) {
        rows = .apart(own: try block(layer, rows, asking: ownRows), prompts: next)
      } else {
        rows = try replaced(block(layer, rows, asking: length), before: layer + 1)
      }
    }
    let first = try block(last, rows, asking: 1)
    return (first, wantsAll ? try block(last, rows, asking: ownRows) : nil)
  }

  /// The input, with the rows of layer 0 behind the first normalisation.
  private mutating func first(_ own: Variable) throws -> Rows {
    guard let prompts else { return .together(own) }
    guard prompts.depth >= 1, prompts.depth <= encoder.blocks.count else {
      throw CLIPError.depth(prompts.depth, layers: encoder.blocks.count)
    }
    guard let first = try prompts.rows(0, ImageSite(encoder, layer: 0)) else {
      return .together(own)
    }
    try check(first, layer: 0)
    learned = first.shape[0]
    guard learned > 0 else { return .together(own) }
    return .apart(own: own, prompts: try encoder.firstNorm(first))
  }

  /// A layer's rows, where they can be known before the blocks below it have run.
  private func rowsAhead(_ layer: Int) throws -> Variable? {
    guard learned > 0, let prompts, !prompts.looksAtBlocks, layer < prompts.depth else {
      return nil
    }
    guard let rows = try prompts.rows(layer, ImageSite(encoder, layer: layer)) else { return nil }
    try check(rows, layer: layer, count: learned)
    return rows
  }

  /// Lets prompts that look at the coming block replace their rows.
  private func replaced(_ x: Variable, before layer: Int) throws -> Rows {
    guard learned > 0, let prompts, prompts.looksAtBlocks, layer < prompts.depth else {
      return .together(x)
    }
    let site = ImageSite(encoder, layer: layer, rows: x, images: images, learned: learned)
    guard let new = try prompts.rows(layer, site) else { return .together(x) }
    try check(new, layer: layer, count: learned)
    // The rows that stay have the same q, k and v as before the replacement.
    if let packed = site.packed, layer < encoder.blocks.count - 1 {
      let own = try encoder.blocks[layer].queriesKeysValues(new)
      return .known(try replacing(new, in: x), packed: try replacing(own, in: packed))
    }
    return .apart(own: try x.gathered(rows: places(ownRows, of: length)), prompts: new)
  }

  /// The first `asking` rows of each image after a block.
  private func block(_ layer: Int, _ rows: Rows, asking: Int) throws(TensorError) -> Variable {
    let block = encoder.blocks[layer]
    let layout = AttentionLayout.sequences(
      images, length: length, asking: asking, heads: encoder.tower.heads)
    switch rows {
    case .together(let x):
      return asking == length
        ? try block(x, layout)
        : try block(x, reading: places(asking, of: length), layout)
    case .known(let x, let packed):
      return asking == length
        ? try block(x, queriesKeysValues: packed, layout)
        : try block(x, reading: places(asking, of: length), layout)
    case .apart(let own, let prompts):
      let (normed, fresh) = (try block.norm1(own), try block.norm1(prompts))
      let keysValues = try appending(block.keysValues(fresh), to: block.keysValues(normed))
      switch asking {
      case length:
        return try block(
          appending(prompts, to: own),
          queries: appending(block.queries(fresh), to: block.queries(normed)),
          keysValues: keysValues, layout)
      case ownRows:
        return try block(own, queries: block.queries(normed), keysValues: keysValues, layout)
      default:
        let read = places(asking, of: ownRows)
        return try block(
          own.gathered(rows: read), queries: block.queries(normed.gathered(rows: read)),
          keysValues: keysValues, layout)
      }
    }
  }

  /// The first `count` of each image's `length` rows.
  private func places(_ count: Int, of length: Int) -> [Int] {
    (0..<images).flatMap { $0 * length..<$0 * length + count }
  }

  private func appending(_ prompts: Variable, to own: Variable) throws(TensorError) -> Variable {
    var picks: [Variable.RowPick] = []
    picks.reserveCapacity(images * length)
    for image in 0..<images {
      for row in 0..<ownRows { picks.append(.init(source: 0, row: image * ownRows + row)) }
      for row in 0..<learned { picks.append(.init(source: 1, row: row)) }
    }
    return try Variable.assembled([own, prompts], picks)
  }

  private func replacing(_ new: Variable, in x: Variable) throws(TensorError) -> Variable {
    let picks = (0..<images * length).map { place in
      let row = place % length
      return row < ownRows
        ? Variable.RowPick(source: 0, row: place)
        : Variable.RowPick(source: 1, row: row - ownRows)
    }
    return try Variable.assembled([x, new], picks)
  }

  private func check(_ rows: Variable, layer: Int, count: Int? = nil) throws(CLIPError) {
    let (shape, width) = (rows.shape, encoder.tower.width)
    guard shape.count == 2, shape[1] == width, count == nil || shape[0] == count else {
      throw .promptRows(layer: layer, found: shape, expected: [count ?? shape.first ?? 1, width])
    }
  }
}
