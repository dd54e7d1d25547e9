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
    attributes += preprocessing.attributes
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

  private static func attributes(of tower: Architecture.Tower, _ name: String) -> [Node.Attribute] {
    [
      .init("\(name)_activation", .string(tower.activation.name)),
      .init("\(name)_epsilon", .float(Double(tower.epsilon))),
    ]
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
