internal import Autograd
internal import CLIP
internal import Datasets
internal import Foundation
internal import Language
internal import Pictures
internal import Store
internal import Tensor

/// A CLIP in a file: `/clip` with its sizes, its pictures' normalisation and its vocabulary as
/// attributes, and its tensors by their OpenAI names.
extension ClipValue {
  /// What a file keeps of this model.
  var weights: StoredWeights {
    let sizes = clip.architecture
    var attributes: [Node.Attribute] = [
      ("image_size", sizes.imageSize), ("patch_size", sizes.patchSize),
      ("vision_width", sizes.vision.width), ("vision_layers", sizes.vision.layers),
      ("vision_heads", sizes.vision.heads), ("vision_hidden", sizes.vision.hidden),
      ("text_width", sizes.text.width), ("text_layers", sizes.text.layers),
      ("text_heads", sizes.text.heads), ("text_hidden", sizes.text.hidden),
      ("embed_dim", sizes.jointWidth), ("context_length", sizes.contextLength),
      ("vocab_size", sizes.vocabularySize),
    ].map { Node.Attribute($0.0, .integer($0.1)) }
    attributes.append(.init("vision_activation", .string(sizes.vision.activation.name)))
    attributes.append(.init("text_activation", .string(sizes.text.activation.name)))
    attributes.append(.init("epsilon", .float(Double(sizes.epsilon))))
    let normalization = preprocessing.normalization
    attributes.append(
      .init("image_mean", .init(shape: [3], .floats(normalization.mean.map(Double.init)))))
    attributes.append(
      .init("image_std", .init(shape: [3], .floats(normalization.deviation.map(Double.init)))))
    if let tokenizer = clip.tokenizer {
      attributes.append(.init("vocabulary", .string(tokenizer.vocabulary)))
    }
    if isSynthetic { attributes.append(.init("data_kind", .string("synthetic"))) }
    return StoredWeights(
      architecture: attributes,
      tensors: clip.weights.entries.map { NamedTensor($0.name, $0.variable.value) })
  }
}

extension Engine {
  func loadClip(_ arguments: borrowing Arguments) throws -> Value {
    let source = try arguments.string(0)
    let path = source == "mini" ? "\(library?.folder ?? "stdlib")/models/mini.h5" : source
    guard FileManager.default.fileExists(atPath: path) else {
      throw arguments.fault(
        0, "is no file", label: "there is no \(path)",
        help: "\"mini\" is the model that comes with Duet")
    }
    let stored = try StoredWeights(reading: path)
    let reader = ClipAttributes(stored.architecture, file: path)
    let weights = try Weights(reader.architecture()) { stored[$0] }
    let tokenizer = try reader.text("vocabulary").map { try Tokenizer(vocabulary: $0) }
    let side = weights.architecture.imageSize
    let preprocessing = try reader.normalization().map {
      Preprocessing(side: side, normalization: $0)
    }
    let digest = stored.digest
    weightsDigest = digest
    return Value(
      ClipValue(
        try CLIP(weights, tokenizer: tokenizer), self, name: source, preprocessing: preprocessing,
        digest: digest, isSynthetic: reader.text("data_kind") == "synthetic"))
  }
}

/// The attributes of `/clip`.
private struct ClipAttributes {
  private let attributes: [Node.Attribute]
  private let file: String

  init(_ attributes: [Node.Attribute], file: String) {
    self.attributes = attributes
    self.file = file
  }

  private subscript(name: String) -> StoredArray? {
    attributes.first { $0.name == name }?.value
  }

  func text(_ name: String) -> String? { self[name]?.text }

  private func size(_ name: String, otherwise standard: Int? = nil) throws -> Int {
    guard let size = self[name]?.integer ?? standard else {
      throw StoreError(
        file: file, path: "/clip", .kind(expected: "an attribute \(name)", found: "none"))
    }
    return size
  }

  private func activation(_ name: String) throws -> Elementwise {
    guard let text = text(name) else { return .quickGELU }
    guard let activation = [Elementwise.gelu, .quickGELU].first(where: { $0.name == text }) else {
      throw StoreError(file: file, path: "/clip", .unsupported("the activation \(text)"))
    }
    return activation
  }

  func architecture() throws -> Architecture {
    var epsilon: Float = 1e-5
    if case .floats(let values)? = self["epsilon"]?.elements, let value = values.first {
      epsilon = Float(value)
    }
    let (vision, text) = (try size("vision_width"), try size("text_width"))
    return Architecture(
      imageSize: try size("image_size"), patchSize: try size("patch_size"),
      vision: .init(
        width: vision, layers: try size("vision_layers"), heads: try size("vision_heads"),
        hidden: try size("vision_hidden", otherwise: 4 * vision),
        activation: try activation("vision_activation")),
      text: .init(
        width: text, layers: try size("text_layers"), heads: try size("text_heads"),
        hidden: try size("text_hidden", otherwise: 4 * text),
        activation: try activation("text_activation")),
      jointWidth: try size("embed_dim"), contextLength: try size("context_length"),
      vocabularySize: try size("vocab_size"), epsilon: epsilon)
  }

  func normalization() throws -> Normalization? {
    guard case .floats(let mean)? = self["image_mean"]?.elements,
      case .floats(let deviation)? = self["image_std"]?.elements
    else { return nil }
    guard mean.count == 3, deviation.count == 3, deviation.allSatisfy({ $0 > 0 }) else {
      throw StoreError(file: file, path: "/clip", .damaged("three means and deviations are needed"))
    }
    return Normalization(mean: mean.map(Float.init), deviation: deviation.map(Float.init))
  }
}

extension Elementwise {
  fileprivate var name: String { self == .quickGELU ? "quick_gelu" : "gelu" }
}
