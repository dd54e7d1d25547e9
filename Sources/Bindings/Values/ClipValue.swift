internal import Autograd
package import CLIP
internal import Datasets
internal import Foundation
package import Language
internal import Store
internal import Tensor

/// A CLIP as scripts hold it.
///
/// Two things that change only with the weights are remembered, both exactly equal in result: features
/// of pictures under the frozen tower (``FeatureCache``), and class embeddings that need no gradient
/// (``TextMemo``). A model with trainable weights remembers nothing.
package final class ClipValue: HostObject {
  let engine: Engine
  package let clip: CLIP
  /// What `load_clip` was given.
  package let name: String
  /// How pictures become its input.
  let preprocessing: Preprocessing
  /// SHA-256 of the weights that were loaded, where there is one.
  let loadedDigest: WeightsDigest?
  /// Whether what it knows comes from drawings only.
  package let isSynthetic: Bool
  private var features: FeatureCache?
  private var texts: TextMemo?
  /// Features in the store of the plan whose cell asked last.
  private var kept: KeptFeatures?
  /// The versions of the weights that were loaded, and of those that anything remembered is of.
  private let loadedVersion: Int
  private var rememberedVersion: Int
  /// The weights as a script's optimizer sees them.
  let parameters: [(path: String, tensor: TensorValue)]

  init(
    _ clip: CLIP, _ engine: Engine, name: String, preprocessing: Preprocessing? = nil,
    digest: WeightsDigest? = nil, isSynthetic: Bool = false, remembersFeatures: Bool = true
  ) {
    self.clip = clip
    self.engine = engine
    self.name = name
    loadedDigest = digest
    self.preprocessing = preprocessing ?? .clip(side: clip.architecture.imageSize)
    self.isSynthetic = isSynthetic
    let isTrainable = clip.weights.entries.contains { $0.variable.requiresGradient }
    features = remembersFeatures && !isTrainable ? FeatureCache() : nil
    texts = remembersFeatures && !isTrainable ? TextMemo() : nil
    loadedVersion = clip.version
    rememberedVersion = loadedVersion
    parameters = clip.weights.entries.map {
      ($0.name, TensorValue($0.variable, engine, role: isTrainable ? .param : .frozen))
    }
  }

  private var isTrainable: Bool { parameters.contains { $0.tensor.isTrained } }

  /// SHA-256 of the weights, where it is known.
  package var digest: String? { clip.version == loadedVersion ? loadedDigest?.text : nil }

  package var typeName: String { "CLIP" }

  package var summary: String {
    let sizes = clip.architecture
    return "CLIP \"\(name)\": images \(sizes.imageSize), \(sizes.vision.summary), text "
      + "\(sizes.text.layers) × \(sizes.text.width), joint \(sizes.jointWidth), "
      + "\(parameterCount) parameters"
  }

  /// How many numbers training would change: the statistics of normalisations are none of them.
  var parameterCount: Int {
    parameters.reduce(0) {
      Architecture.isStatistic($1.path) ? $0 : $0 + $1.tensor.tensor.count
    }
  }

  // MARK: - Encoding

  /// Starts anew when a script has assigned a weight.
  private func forgetOtherWeights() {
    guard clip.version != rememberedVersion else { return }
    rememberedVersion = clip.version
    if features != nil { features = FeatureCache() }
    if texts != nil { texts = TextMemo() }
  }

  /// [B, 3, R, R] → pooled [B, d] and, on request, patches [B, N, d]
  func encode(_ images: Variable, prompts: Prompts?, wantsPatches: Bool) throws
    -> ImageEncoder.Features
  {
    forgetOtherWeights()
    guard prompts == nil, features != nil, !isTrainable else {
      return try clip.image.encode(images, prompts: prompts, wantsPatches: wantsPatches)
    }
    let keys = images.value.fingerprints()
    try recallKept()
    let missing = keys.indices.filter { features?[keys[$0], patches: wantsPatches] == nil }
    if keys.isEmpty || missing.count == keys.count {
      return try encodeAnew(images, keys, wantsPatches: wantsPatches)
    }
    if !missing.isEmpty {
      let part = Variable(try images.value.gathered(rows: missing))
      _ = try encodeAnew(part, missing.map { keys[$0] }, wantsPatches: wantsPatches)
    }
    return try recalled(keys, wantsPatches: wantsPatches, images)
  }

  /// Features of pictures that nothing is known of, which are remembered.
  private func encodeAnew(_ images: Variable, _ keys: [Fingerprint], wantsPatches: Bool) throws
    -> ImageEncoder.Features
  {
    let start = Date()
    let fresh = try clip.image.encode(images, prompts: nil, wantsPatches: wantsPatches)
    try remember(fresh, keys)
    if !engine.isRecording {
      try kept?.add(
        fresh.pooled.value, of: keys, seconds: Date().timeIntervalSince(start))
    }
    return fresh
  }

  /// Takes over what the store of the running plan has got to know.
  private func recallKept() throws {
    guard let store = engine.surroundings.store, let digest else {
      kept = nil
      return
    }
    if kept?.store.folder != store.folder {
      kept = KeptFeatures(store, of: self, weightsDigest: digest)
    }
    for row in try kept?.news() ?? [] where features?[row.prepared, patches: false] == nil {
      features?.insert(
        .init(pooled: try row.pooled.reshaped(to: [1, row.pooled.count]), patches: nil),
        for: row.prepared)
    }
  }

  /// Takes features from a file, and says of how many pictures. A file of other weights is refused.
  func remember(_ path: String) throws -> Int {
    forgetOtherWeights()
    let stored = try StoredFeatures(reading: path)
    guard features != nil, !isTrainable else {
      throw Fault(.value, "a model whose weights are trained remembers no features")
    }
    guard let digest, digest == stored.weightsDigest else {
      throw Fault("file", "'\(path)' holds features of other weights")
    }
    guard "\(preprocessing)" == stored.preprocessing,
      stored.width == clip.architecture.jointWidth
    else { throw Fault("file", "'\(path)' holds features of pictures prepared in another way") }
    for row in stored.rows {
      features?.insert(
        .init(pooled: try row.pooled.reshaped(to: [1, stored.width]), patches: nil),
        for: row.prepared)
    }
    return stored.rows.count
  }

  private func remember(_ fresh: ImageEncoder.Features, _ keys: [Fingerprint]) throws {
    for (row, key) in keys.enumerated() {
      features?.insert(
        .init(
          pooled: try fresh.pooled.value.gathered(rows: [row]),
          patches: try fresh.patches?.value.gathered(rows: [row])), for: key)
    }
  }

  /// The features of known pictures; those that were dropped meanwhile are encoded once more.
  private func recalled(_ keys: [Fingerprint], wantsPatches: Bool, _ images: Variable) throws
    -> ImageEncoder.Features
  {
    let entries = keys.compactMap { features?[$0, patches: wantsPatches] }
    guard entries.count == keys.count else {
      return try clip.image.encode(images, prompts: nil, wantsPatches: wantsPatches)
    }
    return .init(
      pooled: Variable(try .concatenate(entries.map(\.pooled), axis: 0)),
      patches: wantsPatches
        ? Variable(try .concatenate(entries.compactMap(\.patches), axis: 0)) : nil)
  }

  /// Class embeddings [C, d]; `rows` are what the prompts give where that can be known beforehand.
  func encode(
    _ classes: Classes, as form: PromptForm, learned: Variable?, prompts: Prompts?,
    rows: [Variable?]?
  ) throws -> Variable {
    forgetOtherWeights()
    let known = rows ?? (prompts == nil ? [learned] : nil)
    guard texts != nil, let known, !isTrainable,
      !known.contains(where: { $0?.requiresGradient == true })
    else {
      return try encodeAnew(classes, form, learned, prompts)
    }
    let key = TextMemo.Key(
      classes: classes, form: form, rows: known.map { $0?.value.fingerprint() })
    if let found = texts?[key] { return Variable(found) }
    let features = try encodeAnew(classes, form, learned, prompts)
    texts?.insert(features.value, for: key)
    return features
  }

  private func encodeAnew(
    _ classes: Classes, _ form: PromptForm, _ learned: Variable?, _ prompts: Prompts?
  ) throws -> Variable {
    try clip.text.encode(
      classes, as: form, learned: learned, prompts: prompts, tokenizer: clip.tokenizer)
  }
}

extension Architecture.Vision {
  /// The tower in a few words.
  var summary: String {
    switch self {
    case .transformer(let tower, let patchSize):
      "patches \(patchSize), vision \(tower.layers) × \(tower.width)"
    case .resNet(let resNet):
      "ResNet \(resNet.stages.map(String.init).joined(separator: "-")) × \(resNet.width)"
    }
  }
}

extension ClipValue: HostMembers {
  package var memberNames: [String] {
    [
      "name", "image_tower", "image_size", "patch_size", "embed_dim", "joint_width", "text_width",
      "vision_width",
      "text_layers", "vision_layers", "logit_scale", "parameters", "synthetic", "vocabulary",
      "digest",
    ]
  }

  package func member(_ name: String) throws -> Value? {
    let sizes = clip.architecture
    switch name {
    case "name": return Value(self.name)
    case "image_tower": return Value(sizes.vision.tower == nil ? "resnet" : "transformer")
    case "image_size": return .int(sizes.imageSize)
    case "patch_size":
      guard case .transformer(_, let patchSize) = sizes.vision else {
        throw CLIPError.resNet(.patches)
      }
      return .int(patchSize)
    case "embed_dim", "joint_width": return .int(sizes.jointWidth)
    case "text_width": return .int(sizes.text.width)
    case "vision_width": return .int(try visionTower().width)
    case "text_layers": return .int(sizes.text.layers)
    case "vision_layers": return .int(try visionTower().layers)
    case "logit_scale": return try logitScale()
    case "parameters": return Value(Record(parameters.map { ($0.path, Value($0.tensor)) }))
    case "digest": return digest.map { Value($0) } ?? .nil
    case "synthetic": return .bool(isSynthetic)
    case "vocabulary": return clip.tokenizer.map { Value(VocabularyValue($0)) } ?? .nil
    default: return nil
    }
  }

  /// The image tower as prompts see it.
  func visionTower() throws(CLIPError) -> Architecture.Tower {
    guard let tower = clip.architecture.vision.tower else { throw .resNet(.prompts) }
    return tower
  }

  /// A number for a frozen model, a tensor for one that is being trained.
  private func logitScale() throws -> Value {
    let scale = try clip.logitScale()
    return isTrainable ? engine.value(scale) : .float(Double(scale.value.scalar))
  }
}
