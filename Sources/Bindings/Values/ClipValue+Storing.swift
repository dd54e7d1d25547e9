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
    let sizes = clip.architecture
    var attributes = [
      Node.Attribute("vision_kind", .string(sizes.vision.tower == nil ? "resnet" : "transformer"))
    ]
    attributes += sizes.sizes.map { Node.Attribute($0.name, .integer($0.value)) }
    if let vision = sizes.vision.tower { attributes += Self.attributes(of: vision, "vision") }
    attributes += Self.attributes(of: sizes.text, "text")
    if sizes.projectionHasBias { attributes.append(.init("text_projection_bias", .integer(1))) }
    if case .first(let id) = sizes.pooling { attributes.append(.init("end_of_text", .integer(id))) }
    let normalization = preprocessing.normalization
    attributes.append(
      .init("image_mean", .init(shape: [3], .floats(normalization.mean.map(Double.init)))))
    attributes.append(
      .init("image_std", .init(shape: [3], .floats(normalization.deviation.map(Double.init)))))
    if let tokenizer = clip.tokenizer { attributes += tokenizer.vocabulary.attributes }
    if isSynthetic { attributes.append(.init("data_kind", .string("synthetic"))) }
    return StoredWeights(
      architecture: attributes,
      tensors: clip.weights.entries.map { NamedTensor($0.name, $0.variable.value) })
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
