package import Autograd
internal import Tensor

/// CLIP's image tower, a vision transformer: images → features.
///
///     x = [class token, patches Wᵀ] + position;  LN;  blocks;  LN at the class token;  @ projection
///
/// The rows of an image are its class token, its patches, and with prompts b learned rows at the end,
/// which have no position but pass through the first normalisation. Before further blocks the last b
/// rows may be replaced, without normalisation. An ``ImagePass`` leads them through the blocks.
///
/// Without prompts and without a gradient the images go through one by one: so an image's features are
/// the same to the last bit whatever comes with it, as long products round otherwise than short ones,
/// and the memory is that of one. (It costs a tenth more time than eight of ViT-B/16 together.) With
/// prompts, which may ask for the mean over all images, they go through together: without a gradient
/// about 13 rows of width D are alive for each row of an image, with one 9 more in each block.
package struct ImageEncoder {
  let architecture: Architecture
  let patchFilter: Variable
  let classEmbedding: Variable
  let positions: Variable
  let firstNorm: Block.Norm
  let blocks: [Block]
  let finalNorm: Block.Norm
  let projection: Variable
  private let parameters: [Variable]

  /// Features of the class token and, on request, of each patch by the same map.
  package struct Features {
    /// [B, d]
    package let pooled: Variable
    /// [B, N, d]
    package let patches: Variable?

    package init(pooled: Variable, patches: Variable?) {
      self.pooled = pooled
      self.patches = patches
    }
  }

  init(_ weights: Weights) throws(TensorError) {
    architecture = weights.architecture
    patchFilter = weights["visual.conv1.weight"]
    classEmbedding = weights["visual.class_embedding"]
    positions = weights["visual.positional_embedding"]
    firstNorm = weights.norm("visual.ln_pre")
    blocks = weights.blocks("visual.transformer", weights.architecture.vision)
    finalNorm = weights.norm("visual.ln_post")
    projection = weights["visual.proj"]
    parameters = weights.vision
  }

  private var width: Int { architecture.vision.width }
  /// The rows that an image has without prompts.
  var ownRows: Int { architecture.patches + 1 }

  /// Features, not normalised.
  ///
  /// images: [B, 3, R, R] → pooled [B, d], patches [B, N, d]
  package func encode(_ images: Variable, prompts: Prompts?, wantsPatches: Bool) throws -> Features
  {
    let size = architecture.imageSize
    guard images.shape.count == 4, Array(images.shape[1...]) == [3, size, size] else {
      throw CLIPError.images(found: images.shape, size: size)
    }
    guard prompts == nil, !isTrainable, !images.requiresGradient else {
      return try encodeTogether(images, prompts: prompts, wantsPatches: wantsPatches)
    }
    var pooled: [Variable] = []
    var patches: [Variable] = []
    for image in 0..<images.shape[0] {
      let own = Variable(try images.value.prefix(image..<image + 1))
      let features = try encodeTogether(own, prompts: nil, wantsPatches: wantsPatches)
      pooled.append(features.pooled)
      if let own = features.patches { patches.append(own) }
    }
    guard !pooled.isEmpty else { return try empty(wantsPatches: wantsPatches) }
    return Features(
      pooled: try .concatenate(pooled, axis: 0),
      patches: wantsPatches ? try .concatenate(patches, axis: 0) : nil)
  }

  /// Asked for each pass, because weights can be frozen in place.
  private var isTrainable: Bool { parameters.contains { $0.requiresGradient } }

  private func empty(wantsPatches: Bool) throws -> Features {
    let d = architecture.jointWidth
    return Features(
      pooled: Variable(try Tensor(shape: [0, d], elements: [])),
      patches: wantsPatches
        ? Variable(try Tensor(shape: [0, architecture.patches, d], elements: [])) : nil)
  }

  private func encodeTogether(_ images: Variable, prompts: Prompts?, wantsPatches: Bool) throws
    -> Features
  {
    var pass = ImagePass(self, images: images.shape[0], prompts)
    let rows = try pass.run(firstNorm(embedded(images)), wantsAll: wantsPatches)
    let pooled = try finalNorm(rows.first).matmul(projection)
    guard let all = rows.all else { return Features(pooled: pooled, patches: nil) }
    let whole = TensorIndex.slice(start: nil, stop: nil, step: 1)
    let patches = try finalNorm(all).matmul(projection)
      .reshaped(to: [images.shape[0], ownRows, architecture.jointWidth])
      .indexed([whole, .slice(start: 1, stop: nil, step: 1)])
    return Features(pooled: pooled, patches: patches)
  }

  /// Class token and patches with their positions: [B (1 + N), D]
  private func embedded(_ images: Variable) throws(TensorError) -> Variable {
    let (count, patches) = (images.shape[0], architecture.patches)
    let filter = try patchFilter.reshaped(
      to: [width, 3 * architecture.patchSize * architecture.patchSize])
    let tokens = try images.patches(architecture.patchSize).linear(filter)
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
