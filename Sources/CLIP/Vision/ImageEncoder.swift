package import Autograd
internal import Tensor

/// CLIP's image tower, a ``VisionTransformer`` or a ``ModifiedResNet``: images → features.
///
/// Without prompts and without a gradient the images go through one by one: so an image's features are
/// the same to the last bit whatever comes with it, as long products round otherwise than short ones,
/// and the memory is that of one. (It costs a tenth more time than eight of ViT-B/16 together.) With
/// prompts, which may ask for the mean over all images, they go through together.
///
/// The ResNet has no rows to put prompts among and no patches in the joint space; no gradient flows
/// through it. All three are refused.
package struct ImageEncoder {
  private let architecture: Architecture
  private let tower: Tower
  private let parameters: [Variable]

  private enum Tower {
    case transformer(VisionTransformer)
    case resNet(ModifiedResNet)
  }

  /// Features of the whole image and, on request, of each patch by the same map.
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

  init(_ weights: Weights) {
    architecture = weights.architecture
    parameters = weights.vision
    switch weights.architecture.vision {
    case .transformer(let tower, let patchSize):
      self.tower = .transformer(VisionTransformer(weights, tower, patchSize: patchSize))
    case .resNet(let resNet): tower = .resNet(ModifiedResNet(weights, resNet))
    }
  }

  /// Features, not normalised.
  ///
  /// images: [B, 3, R, R] → pooled [B, d], patches [B, N, d]
  package func encode(_ images: Variable, prompts: Prompts?, wantsPatches: Bool) throws -> Features
  {
    let size = architecture.imageSize
    guard images.shape.count == 4, Array(images.shape[1...]) == [3, size, size] else {
      throw CLIPError.images(found: images.shape, size: size)
    }
    let needsGradient = images.requiresGradient || isTrainable
    switch tower {
    case .transformer(let transformer):
      if prompts != nil || needsGradient {
        return try transformer.encode(images, prompts: prompts, wantsPatches: wantsPatches)
      }
      return try oneByOne(images, patches: wantsPatches ? transformer.patches : nil) {
        try transformer.encode($0, prompts: nil, wantsPatches: wantsPatches)
      }
    case .resNet(let resNet):
      if prompts != nil { throw CLIPError.resNet(.prompts) }
      if wantsPatches { throw CLIPError.resNet(.patches) }
      if needsGradient { throw CLIPError.resNet(.gradient) }
      return try oneByOne(images, patches: nil) {
        Features(pooled: Variable(try resNet.encode($0.value)), patches: nil)
      }
    }
  }

  /// Asked for each pass, because weights can be frozen in place.
  private var isTrainable: Bool { parameters.contains { $0.requiresGradient } }

  /// patches: how many of them there are in an image, if they are wanted.
  private func oneByOne(
    _ images: Variable, patches count: Int?, _ encode: (Variable) throws -> Features
  ) throws -> Features {
    guard images.shape[0] > 0 else {
      let d = architecture.jointWidth
      return Features(
        pooled: Variable(try Tensor(shape: [0, d], elements: [])),
        patches: try count.map { Variable(try Tensor(shape: [0, $0, d], elements: [])) })
    }
    let features = try (0..<images.shape[0]).map { image in
      try encode(Variable(images.value.prefix(image..<image + 1)))
    }
    return Features(
      pooled: try .concatenate(features.map(\.pooled), axis: 0),
      patches: count == nil ? nil : try .concatenate(features.compactMap(\.patches), axis: 0))
  }
}
