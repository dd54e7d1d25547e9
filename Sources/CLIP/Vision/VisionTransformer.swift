internal import Autograd
internal import Tensor

/// CLIP's image tower as a vision transformer: images → features.
///
///     x = [class token, patches Wᵀ] + position;  LN;  blocks;  LN at the class token;  @ projection
///
/// The rows of an image are its class token, its patches, and with prompts b learned rows at the end,
/// which have no position but pass through the first normalisation. Before further blocks the last b
/// rows may be replaced, without normalisation. An ``ImagePass`` leads them through the blocks.
///
/// Of images that go through together without a gradient about 13 rows of width D are alive for each row
/// of an image, with one 9 more in each block.
struct VisionTransformer {
  let tower: Architecture.Tower
  let patchSize: Int
  /// How many patches an image has.
  let patches: Int
  let patchFilter: Variable
  let classEmbedding: Variable
  let positions: Variable
  let firstNorm: Block.Norm
  let blocks: [Block]
  let finalNorm: Block.Norm
  let projection: Variable

  init(_ weights: Weights, _ tower: Architecture.Tower, patchSize: Int) {
    self.tower = tower
    self.patchSize = patchSize
    patchFilter = weights["visual.conv1.weight"]
    classEmbedding = weights["visual.class_embedding"]
    positions = weights["visual.positional_embedding"]
    patches = positions.shape[0] - 1
    firstNorm = weights.norm("visual.ln_pre", tower)
    blocks = weights.blocks("visual.transformer", tower)
    finalNorm = weights.norm("visual.ln_post", tower)
    projection = weights["visual.proj"]
  }

  private var width: Int { tower.width }
  /// The rows that an image has without prompts.
  var ownRows: Int { patches + 1 }

  /// images: [B, 3, R, R] → pooled [B, d], patches [B, N, d]
  func encode(_ images: Variable, prompts: Prompts?, wantsPatches: Bool) throws
    -> ImageEncoder.Features
  {
    var pass = ImagePass(self, images: images.shape[0], prompts)
    let rows = try pass.run(firstNorm(embedded(images)), wantsAll: wantsPatches)
    let pooled = try finalNorm(rows.first).matmul(projection)
    guard let all = rows.all else { return .init(pooled: pooled, patches: nil) }
    let whole = TensorIndex.slice(start: nil, stop: nil, step: 1)
    let patches = try finalNorm(all).matmul(projection)
      .reshaped(to: [images.shape[0], ownRows, projection.shape[1]])
      .indexed([whole, .slice(start: 1, stop: nil, step: 1)])
    return .init(pooled: pooled, patches: patches)
  }

  /// Class token and patches with their positions: [B (1 + N), D]
  private func embedded(_ images: Variable) throws(TensorError) -> Variable {
    let count = images.shape[0]
    let filter = try patchFilter.reshaped(to: [width, 3 * patchSize * patchSize])
    let tokens = try images.patches(patchSize).linear(filter)
    let start = try classEmbedding.reshaped(to: [1, width])
    var picks: [Variable.RowPick] = []
    picks.reserveCapacity(count * (1 + patches))
    for image in 0..<count {
      picks.append(.init(source: 0, row: 0))
      for patch in 0..<patches { picks.append(.init(source: 1, row: image * patches + patch)) }
    }
    return try Variable.assembled([start, tokens], picks)
      .reshaped(to: [count, ownRows, width]).plus(positions)
      .reshaped(to: [count * ownRows, width])
  }
}
