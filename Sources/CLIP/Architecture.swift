package import Tensor

/// The sizes of a CLIP: an image tower and a text tower into one space, and how both are to be read.
///
/// Everything that a checkpoint's tensors do not tell stands here too: heads, activations, epsilons, and
/// which row of a text is its feature.
package struct Architecture: Equatable, Sendable {
  /// A stack of transformer blocks: width of a row, number of blocks, number of heads.
  package struct Tower: Equatable, Sendable {
    package var width: Int
    package var layers: Int
    package var heads: Int
    /// Width of the hidden layer of each block.
    package var hidden: Int
    package var activation: Elementwise
    /// ε of the tower's layer normalisations.
    package var epsilon: Float

    package init(
      width: Int, layers: Int, heads: Int, hidden: Int? = nil,
      activation: Elementwise = .quickGELU, epsilon: Float = 1e-5
    ) {
      self.width = width
      self.layers = layers
      self.heads = heads
      // Widths for which this overflows are a `flaw`.
      self.hidden = hidden ?? 4 &* width
      self.activation = activation
      self.epsilon = epsilon
    }
  }

  /// CLIP's own ResNet: a stem of three convolutions, four stages of bottlenecks, an attention pool.
  package struct ResNet: Equatable, Sendable {
    /// Channels of the stem's output; the pool sees 32 times as many.
    package var width: Int
    /// How many bottlenecks each of the four stages has.
    package var stages: [Int]
    /// Heads of the attention pool.
    package var heads: Int

    package init(width: Int, stages: [Int], heads: Int) {
      self.width = width
      self.stages = stages
      self.heads = heads
    }

    /// Channels that the attention pool sees.
    package var channels: Int { 32 &* width }
  }

  /// The image tower.
  package enum Vision: Equatable, Sendable {
    /// A transformer whose rows are square patches of so many pixels a side.
    case transformer(Tower, patchSize: Int)
    case resNet(ResNet)

    /// The transformer, if it is one.
    package var tower: Tower? { if case .transformer(let tower, _) = self { tower } else { nil } }
  }

  /// Pixels of an image's side.
  package var imageSize: Int
  package var vision: Vision
  package var text: Tower
  /// Width of the space that images and texts share.
  package var jointWidth: Int
  /// The longest text, in tokens, both ends included.
  package var contextLength: Int
  package var vocabularySize: Int
  /// Which row of a text becomes its feature.
  package var pooling: Pooling
  /// Whether the text projection adds a bias.
  package var projectionHasBias: Bool

  package init(
    imageSize: Int, vision: Vision, text: Tower, jointWidth: Int, contextLength: Int = 77,
    vocabularySize: Int, pooling: Pooling = .largest, projectionHasBias: Bool = false
  ) {
    self.imageSize = imageSize
    self.vision = vision
    self.text = text
    self.jointWidth = jointWidth
    self.contextLength = contextLength
    self.vocabularySize = vocabularySize
    self.pooling = pooling
    self.projectionHasBias = projectionHasBias
  }

  /// The sizes by the names that files and scripts use.
  package var sizes: [(name: String, value: Int)] {
    var sizes = [("image_size", imageSize)]
    switch vision {
    case .transformer(let tower, let patchSize):
      sizes += [
        ("patch_size", patchSize), ("vision_width", tower.width), ("vision_layers", tower.layers),
        ("vision_heads", tower.heads), ("vision_hidden", tower.hidden),
      ]
    case .resNet(let resNet):
      sizes += [("vision_width", resNet.width), ("vision_heads", resNet.heads)]
      sizes += resNet.stages.enumerated().map { ("vision_stage\($0 + 1)", $1) }
    }
    return sizes + [
      ("text_width", text.width), ("text_layers", text.layers), ("text_heads", text.heads),
      ("text_hidden", text.hidden), ("embed_dim", jointWidth), ("context_length", contextLength),
      ("vocab_size", vocabularySize),
    ]
  }

  /// What makes the sizes contradictory; nil when they fit together.
  package var flaw: String? {
    if let (name, size) = sizes.first(where: { $0.value < 1 || $0.value > 1 << 24 }) {
      return "\(name) is \(size)"
    }
    return Self.flaw(text, "text") ?? visionFlaw
  }

  private var visionFlaw: String? {
    switch vision {
    case .transformer(let tower, let patchSize):
      if imageSize % patchSize != 0 {
        return "image_size \(imageSize) is not a multiple of patch_size \(patchSize)"
      }
      return Self.flaw(tower, "vision")
    case .resNet(let resNet):
      if resNet.stages.count != 4 { return "a ResNet has 4 stages, not \(resNet.stages.count)" }
      if let blocks = resNet.stages.first(where: { $0 > 1 << 10 }) {
        return "a stage has \(blocks) bottlenecks"
      }
      if resNet.width > 1 << 16 || resNet.width % 2 != 0 {
        return "vision_width is \(resNet.width)"
      }
      if resNet.channels % resNet.heads != 0 {
        return "\(resNet.channels) channels are not a multiple of vision_heads \(resNet.heads)"
      }
      // The stem halves twice, rounding up and then down; each later stage halves, rounding down.
      let side = (imageSize + 1) / 2 / 16
      return side < 1 || side != imageSize / 32 ? "image_size is \(imageSize)" : nil
    }
  }

  private static func flaw(_ tower: Tower, _ name: String) -> String? {
    if tower.layers > 1 << 10 { return "\(name)_layers is \(tower.layers)" }
    if tower.width % tower.heads != 0 {
      return "\(name)_width \(tower.width) is not a multiple of \(name)_heads \(tower.heads)"
    }
    guard tower.epsilon > 0, tower.epsilon.isFinite else {
      return "\(name)_epsilon is \(tower.epsilon)"
    }
    return nil
  }
}
