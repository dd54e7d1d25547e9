internal import Autograd
internal import Tensor

/// The image tower before a block, as a prompt sees it.
///
/// Its statistics come from the attention of the coming block over the rows that are there now: the
/// class token, the patches, and the last block's outputs for the old prompts. The block's q, k and v
/// of these rows stay valid for all rows but the prompts, so the block uses them again (``packed``):
/// what the statistics cost is the scores and their softmax, no second attention.
final class ImageSite: PromptSite {
  private let encoder: VisionTransformer
  private let layer: Int
  private let rows: Variable?
  private let images: Int
  private let learned: Int
  /// q, k and v of the present rows, once somebody has asked for a statistic.
  private(set) var packed: Variable?

  init(
    _ encoder: VisionTransformer, layer: Int, rows: Variable? = nil, images: Int = 0,
    learned: Int = 0
  ) {
    self.encoder = encoder
    self.layer = layer
    self.rows = rows
    self.images = images
    self.learned = learned
  }

  func attentionFromStart() throws -> Tensor { try meanAttention(fromRows: 1) }

  func attentionFromOthers() throws -> Tensor {
    try meanAttention(fromRows: encoder.patches + 1)
  }

  /// Mean over images and over the first `asking` rows of each: [b]
  private func meanAttention(fromRows asking: Int) throws -> Tensor {
    guard let rows, learned > 0 else { return try Tensor(repeating: 0, shape: [learned]) }
    if packed == nil { packed = try encoder.blocks[layer].queriesKeysValues(rows) }
    guard let packed else { return try Tensor(repeating: 0, shape: [learned]) }
    let vision = encoder.tower
    let length = encoder.patches + 1 + learned
    let layout = AttentionLayout(
      heads: vision.heads,
      groups: (0..<images).map { image in
        let start = image * length
        return [
          .init(queries: start..<start + asking, own: start..<start + length, isCausal: false)
        ]
      })
    return try Attention(
      queries: packed.value, keysValues: packed.value, width: vision.width, layout: layout
    ).paid(to: length - learned..<length).mean(axes: [0])
  }
}
