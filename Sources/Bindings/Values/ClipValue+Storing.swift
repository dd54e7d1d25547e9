internal import Autograd
internal import CLIP
internal import Datasets
internal import Pictures
internal import Store
internal import Tensor

/// A CLIP as a file keeps it: `/clip` with what its tensors do not tell as attributes (``ClipAttributes``
/// reads them), and its tensors by their OpenAI names.
extension ClipValue {
  /// What a file keeps of this model.
  var weights: StoredWeights {
    Self.stored(clip, preprocessing, isSynthetic: isSynthetic)
  }

  /// What a file keeps of a model.
  static func stored(_ clip: CLIP, _ preprocessing: Preprocessing, isSynthetic: Bool)
    -> StoredWeights
  {
    var attributes = attributes(of: clip.architecture)
    attributes += Self.attributes(of: preprocessing)
    if let tokenizer = clip.tokenizer { attributes += tokenizer.vocabulary.attributes }
    if isSynthetic { attributes.append(.init("data_kind", .string("synthetic"))) }
    return StoredWeights(
      architecture: attributes,
      tensors: clip.weights.entries.map { NamedTensor($0.name, $0.variable.value) })
  }

  private static func attributes(of sizes: Architecture) -> [Node.Attribute] {
    let kind = sizes.vision.tower == nil ? "resnet" : "transformer"
    var attributes = [Node.Attribute("vision_kind", .string(kind))]
    attributes += sizes.sizes.map { Node.Attribute($0.name, .integer($0.value)) }
    if let vision = sizes.vision.tower { attributes += Self.attributes(of: vision, "vision") }
    attributes += Self.attributes(of: sizes.text, "text")
    if sizes.projectionHasBias { attributes.append(.init("text_projection_bias", .integer(1))) }
    if case .first(let id) = sizes.pooling { attributes.append(.init("end_of_text", .integer(id))) }
    return attributes
  }

  private static func attributes(of preprocessing: Preprocessing) -> [Node.Attribute] {
    let normalization = preprocessing.normalization
    var attributes: [Node.Attribute] = [
      .init("image_mean", .init(shape: [3], .floats(normalization.mean.map(Double.init)))),
      .init("image_std", .init(shape: [3], .floats(normalization.deviation.map(Double.init)))),
      .init("image_interpolation", .string(preprocessing.interpolation.rawValue)),
    ]
    let (name, side) = preprocessing.resizing.words
    attributes.append(.init("image_resizing", .string(name)))
    if let side { attributes.append(.init("image_resizing_side", .integer(side))) }
    return attributes
  }

  private static func attributes(of tower: Architecture.Tower, _ name: String) -> [Node.Attribute] {
    [
      .init("\(name)_activation", .string(tower.activation.name)),
      .init("\(name)_epsilon", .float(Double(tower.epsilon))),
    ]
  }
}

extension Preprocessing.Resizing {
  /// What a file calls it, and the side that it leads to.
  fileprivate var words: (name: String, side: Int?) {
    switch self {
    case .none: ("none", nil)
    case .shorterSide(let side): ("shorter_side", side)
    case .squash(let side): ("squash", side)
    }
  }
}

extension Elementwise {
  /// What files and scripts call an activation; nil for a name that is none of a CLIP's.
  init?(activation name: String) {
    guard let known = [Elementwise.gelu, .quickGELU].first(where: { $0.name == name }) else {
      return nil
    }
    self = known
  }

  var name: String { self == .quickGELU ? "quick_gelu" : "gelu" }
}
