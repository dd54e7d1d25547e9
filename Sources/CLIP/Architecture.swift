package import Tensor

/// The sizes of a CLIP with two transformer towers.
package struct Architecture: Equatable, Sendable {
  /// One tower: width of a row, number of blocks, number of heads.
  package struct Tower: Equatable, Sendable {
    package var width: Int
    package var layers: Int
    package var heads: Int
    /// Width of the hidden layer of each block.
    package var hidden: Int
    package var activation: Elementwise

    package init(
      width: Int, layers: Int, heads: Int, hidden: Int? = nil, activation: Elementwise = .quickGELU
    ) {
      self.width = width
      self.layers = layers
      self.heads = heads
      // Widths for which this overflows are a `flaw`.
      self.hidden = hidden ?? 4 &* width
      self.activation = activation
    }
  }

  package var imageSize: Int
  package var patchSize: Int
  package var vision: Tower
  package var text: Tower
  /// Width of the space that images and texts share.
  package var jointWidth: Int
  /// The longest text, in tokens, both ends included.
  package var contextLength: Int
  package var vocabularySize: Int
  /// ε of every layer normalisation.
  package var epsilon: Float

  package init(
    imageSize: Int, patchSize: Int, vision: Tower, text: Tower, jointWidth: Int,
    contextLength: Int = 77, vocabularySize: Int, epsilon: Float = 1e-5
  ) {
    self.imageSize = imageSize
    self.patchSize = patchSize
    self.vision = vision
    self.text = text
    self.jointWidth = jointWidth
    self.contextLength = contextLength
    self.vocabularySize = vocabularySize
    self.epsilon = epsilon
  }

  /// How many patches an image has.
  package var patches: Int { patchSide &* patchSide }

  /// How many patches stand side by side.
  private var patchSide: Int { patchSize > 0 ? imageSize / patchSize : 0 }

  /// ViT-B/16 as released by OpenAI.
  package static let vitB16 = Architecture(
    imageSize: 224, patchSize: 16, vision: Tower(width: 768, layers: 12, heads: 12),
    text: Tower(width: 512, layers: 12, heads: 8), jointWidth: 512, vocabularySize: 49408)

  /// What makes the sizes contradictory; nil when they fit together.
  package var flaw: String? {
    let sizes = [
      ("image_size", imageSize), ("patch_size", patchSize), ("vision_width", vision.width),
      ("vision_layers", vision.layers), ("vision_heads", vision.heads), ("text_width", text.width),
      ("text_layers", text.layers), ("text_heads", text.heads), ("embed_dim", jointWidth),
      ("context_length", contextLength), ("vocab_size", vocabularySize),
      ("vision_hidden", vision.hidden), ("text_hidden", text.hidden),
    ]
    if let (name, size) = sizes.first(where: { $0.1 < 1 || $0.1 > 1 << 24 }) {
      return "\(name) is \(size)"
    }
    for (name, tower) in [("vision", vision), ("text", text)] where tower.layers > 1 << 10 {
      return "\(name)_layers is \(tower.layers)"
    }
    if imageSize % patchSize != 0 {
      return "image_size \(imageSize) is not a multiple of patch_size \(patchSize)"
    }
    for (name, tower) in [("vision", vision), ("text", text)]
    where tower.width % tower.heads != 0 {
      return "\(name)_width \(tower.width) is not a multiple of \(name)_heads \(tower.heads)"
    }
    return nil
  }

  /// The tensors of a checkpoint by their OpenAI names, in order, with their shapes.
  package var tensors: [(name: String, shape: [Int])] {
    let (v, t) = (vision.width, text.width)
    return [
      ("positional_embedding", [contextLength, t]), ("text_projection", [t, jointWidth]),
      ("logit_scale", []), ("visual.class_embedding", [v]),
      ("visual.positional_embedding", [patches + 1, v]), ("visual.proj", [v, jointWidth]),
      ("visual.conv1.weight", [v, 3, patchSize, patchSize]), ("visual.ln_pre.weight", [v]),
      ("visual.ln_pre.bias", [v]),
    ] + Self.blocks("visual.transformer", vision) + [
      ("visual.ln_post.weight", [v]), ("visual.ln_post.bias", [v]),
    ] + Self.blocks("transformer", text) + [
      ("token_embedding.weight", [vocabularySize, t]), ("ln_final.weight", [t]),
      ("ln_final.bias", [t]),
    ]
  }

  private static func blocks(_ prefix: String, _ tower: Tower) -> [(name: String, shape: [Int])] {
    let (d, h) = (tower.width, tower.hidden)
    return (0..<tower.layers).flatMap { layer in
      [
        ("ln_1.weight", [d]), ("ln_1.bias", [d]), ("attn.in_proj_weight", [3 * d, d]),
        ("attn.in_proj_bias", [3 * d]), ("attn.out_proj.weight", [d, d]),
        ("attn.out_proj.bias", [d]), ("ln_2.weight", [d]), ("ln_2.bias", [d]),
        ("mlp.c_fc.weight", [h, d]), ("mlp.c_fc.bias", [h]), ("mlp.c_proj.weight", [d, h]),
        ("mlp.c_proj.bias", [d]),
      ].map { ("\(prefix).resblocks.\(layer).\($0.0)", $0.1) }
    }
  }
}
