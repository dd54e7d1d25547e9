internal import Autograd
internal import CLIP
internal import Datasets
internal import Foundation
internal import Language
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
    attributes += preprocessing.attributes
    if let tokenizer = clip.tokenizer { attributes += tokenizer.vocabulary.attributes }
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
    let tokenizer = try reader.vocabulary().map { try Tokenizer($0) }
    if let tokenizer, tokenizer.count > weights.architecture.vocabularySize {
      throw StoreError(
        file: path, path: "/clip",
        .damaged(
          "its vocabulary has \(tokenizer.count) ids and its embedding "
            + "\(weights.architecture.vocabularySize)"))
    }
    let preprocessing = try reader.preprocessing(side: weights.architecture.imageSize)
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

  private func size(_ name: String) throws -> Int {
    guard let size = self[name]?.integer else {
      throw StoreError(
        file: file, path: "/clip", .kind(expected: "an Int as attribute \(name)", found: "none"))
    }
    return size
  }

  /// The width inside a block's feed-forward part; four times the block's if the file says nothing.
  private func hidden(_ name: String, of width: Int) throws -> Int {
    if self[name] != nil { return try size(name) }
    let (product, overflow) = width.multipliedReportingOverflow(by: 4)
    return overflow ? width : product
  }

  private func damaged(_ what: String) -> StoreError {
    StoreError(file: file, path: "/clip", .damaged(what))
  }

  private func activation(_ name: String) throws -> Elementwise {
    guard self[name] != nil else { return .quickGELU }
    guard let text = text(name) else { throw damaged("\(name) must be a text") }
    guard let activation = [Elementwise.gelu, .quickGELU].first(where: { $0.name == text }) else {
      throw StoreError(file: file, path: "/clip", .unsupported("the activation \(text)"))
    }
    return activation
  }

  func architecture() throws -> Architecture {
    var epsilon: Float = 1e-5
    if let stored = self["epsilon"] {
      guard case .floats(let values) = stored.elements, let value = values.first, value > 0,
        Float(value).isFinite
      else { throw damaged("epsilon must be a number above 0") }
      epsilon = Float(value)
    }
    let (vision, text) = (try size("vision_width"), try size("text_width"))
    return Architecture(
      imageSize: try size("image_size"), patchSize: try size("patch_size"),
      vision: .init(
        width: vision, layers: try size("vision_layers"), heads: try size("vision_heads"),
        hidden: try hidden("vision_hidden", of: vision),
        activation: try activation("vision_activation")),
      text: .init(
        width: text, layers: try size("text_layers"), heads: try size("text_heads"),
        hidden: try hidden("text_hidden", of: text),
        activation: try activation("text_activation")),
      jointWidth: try size("embed_dim"), contextLength: try size("context_length"),
      vocabularySize: try size("vocab_size"), epsilon: epsilon)
  }

  func preprocessing(side: Int) throws -> Preprocessing? {
    try stored { () throws(StoreError.Fault) in
      try Preprocessing(side: side) { self[$0] }
    }
  }

  func vocabulary() throws -> Vocabulary? {
    try stored { () throws(StoreError.Fault) in try Vocabulary(attributes: text) }
  }

  /// Says where what is wrong was found.
  private func stored<Result>(_ body: () throws(StoreError.Fault) -> Result) throws -> Result {
    do throws(StoreError.Fault) {
      return try body()
    } catch {
      throw StoreError(file: file, path: "/clip", error)
    }
  }
}

extension Elementwise {
  fileprivate var name: String { self == .quickGELU ? "quick_gelu" : "gelu" }
}
