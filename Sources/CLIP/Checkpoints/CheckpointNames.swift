/// The names and shapes of a state dict, without what surrounds a CLIP in it.
///
/// A prefix that every name has is left out (`module.` of a parallel wrapper, and the like), as are
/// counters, constants and masks that are no weights. What remains is told apart by a few names, and
/// parts of other models are refused by name.
struct CheckpointNames {
  /// What all names of the file begin with.
  let prefix: String
  let layout: CheckpointLayout
  /// Without the prefix, in the order of the file.
  let names: [String]
  private let shapes: [String: [Int]]

  init(_ tensors: [(name: String, shape: [Int])]) throws(CheckpointError) {
    let prefix = Self.commonPrefix(tensors.map(\.name))
    self.prefix = prefix
    let own = tensors.map { (name: String($0.name.dropFirst(prefix.count)), shape: $0.shape) }
      .filter { !Self.isIgnored($0.name) }
    names = own.map(\.name)
    shapes = Dictionary(own.map { ($0.name, $0.shape) }) { first, _ in first }
    for name in names {
      if let part = Self.foreignPart(name) { throw .part(part, name: prefix + name) }
    }
    guard let layout = CheckpointLayout(names: Set(names)) else {
      throw .layout(first: tensors.prefix(5).map(\.name))
    }
    self.layout = layout
  }

  subscript(name: String) -> [Int]? { shapes[name] }

  private static let wrappers = ["module.", "clip.", "model.", "clip_model."]
  /// Wrappers in wrappers. A name of megabytes could be made of nothing else.
  private static let deepest = 8

  private static func commonPrefix(_ names: [String]) -> String {
    var prefix = ""
    for _ in 0..<deepest {
      let next = wrappers.first { wrapper in names.allSatisfy { $0.hasPrefix(prefix + wrapper) } }
      guard let next, !names.isEmpty else { break }
      prefix += next
    }
    return prefix
  }

  private static func isIgnored(_ name: String) -> Bool {
    switch name {
    case "input_resolution", "context_length", "vocab_size",
      "text_model.embeddings.position_ids", "vision_model.embeddings.position_ids":
      return true
    default:
      return name.hasSuffix(".num_batches_tracked") || name.hasSuffix(".attn_mask")
        || name == "attn_mask"
    }
  }

  private static func foreignPart(_ name: String) -> CheckpointError.Part? {
    if name.hasPrefix("visual.trunk.") { return .timmTower }
    if name.hasPrefix("visual.attn_pool.") { return .cocaPool }
    if name.hasPrefix("text_decoder.") { return .cocaDecoder }
    if name.hasPrefix("text.transformer."), !name.hasPrefix("text.transformer.resblocks.") {
      return .textTransformer
    }
    if name.hasSuffix(".ls_1.gamma") || name.hasSuffix(".ls_2.gamma") { return .layerScale }
    return name == "logit_bias" ? .logitBias : nil
  }
}
