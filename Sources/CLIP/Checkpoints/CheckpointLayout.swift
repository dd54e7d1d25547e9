/// How a kind of checkpoint names the tensors that OpenAI's names stand for, and how it stores them.
///
/// OpenAI and open_clip share their names; open_clip may put `text.` before those of the text tower and
/// may store its projection as a dense layer. Hugging Face has names of its own, keeps queries, keys and
/// values apart, and stores both projections as dense layers.
enum CheckpointLayout: Equatable {
  case openAI(textPrefix: String, projectionIsDense: Bool)
  case huggingFace

  /// Recognises a layout by its names; nil if they are those of no CLIP.
  init?(names: Set<String>) {
    if names.contains("text_model.embeddings.token_embedding.weight") {
      self = .huggingFace
    } else if names.contains("visual.proj") || names.contains("visual.layer1.0.conv1.weight") {
      let textPrefix = names.contains { $0.hasPrefix("text.") } ? "text." : ""
      self = .openAI(
        textPrefix: textPrefix,
        projectionIsDense: names.contains("\(textPrefix)text_projection.weight"))
    } else {
      return nil
    }
  }

  /// Where a tensor comes from.
  struct Source {
    /// The file's tensors, in order.
    let names: [String]
    let change: Change

    /// What makes one tensor of OpenAI's out of those of the file.
    enum Change {
      case none
      /// A matrix the other way round.
      case transposed
      /// One below the other.
      case joined
      /// A number, with or without an axis.
      case scalar
    }

    init(_ name: String, _ change: Change = .none) {
      names = [name]
      self.change = change
    }

    init(joining names: [String]) {
      self.names = names
      change = .joined
    }
  }

  /// The source of a tensor by its OpenAI name.
  func source(of name: String) -> Source {
    if name == "logit_scale" { return Source(name, .scalar) }
    switch self {
    case .openAI(let textPrefix, let isDense):
      if name.hasPrefix("visual.") { return Source(name) }
      return name == "text_projection" && isDense
        ? Source("\(textPrefix)text_projection.weight", .transposed) : Source(textPrefix + name)
    case .huggingFace: return Self.huggingFace(name)
    }
  }

  /// What stands before the number of a tower's layer.
  func layerPrefix(_ tower: CheckpointError.Tower) -> String {
    switch (self, tower) {
    case (.openAI, .vision): "visual.transformer.resblocks."
    case (.openAI(let textPrefix, _), .text): "\(textPrefix)transformer.resblocks."
    case (.huggingFace, .vision): "vision_model.encoder.layers."
    case (.huggingFace, .text): "text_model.encoder.layers."
    }
  }

  // MARK: - Hugging Face

  private static func huggingFace(_ name: String) -> Source {
    switch name {
    case "visual.proj": return Source("visual_projection.weight", .transposed)
    case "text_projection": return Source("text_projection.weight", .transposed)
    default: break
    }
    let isVision = name.hasPrefix("visual.")
    let model = isVision ? "vision_model" : "text_model"
    let own = isVision ? String(name.dropFirst("visual.".count)) : name
    if own.hasPrefix("transformer.resblocks.") {
      return layer(own.dropFirst("transformer.resblocks.".count), model)
    }
    let (part, kind) = Self.lastPart(own)
    return switch part {
    case "ln_pre": Source("\(model).pre_layrnorm.\(kind)")
    case "ln_post": Source("\(model).post_layernorm.\(kind)")
    case "ln_final": Source("\(model).final_layer_norm.\(kind)")
    case "conv1": Source("\(model).embeddings.patch_embedding.\(kind)")
    case "token_embedding": Source("\(model).embeddings.token_embedding.\(kind)")
    case "" where kind == "positional_embedding":
      Source("\(model).embeddings.position_embedding.weight")
    default: Source("\(model).embeddings.\(own)")
    }
  }

  /// rest: the layer's number and what follows.
  private static func layer(_ rest: Substring, _ model: String) -> Source {
    let number = rest.prefix { $0 != "." }
    let (part, kind) = lastPart(String(rest.dropFirst(number.count + 1)))
    let layer = "\(model).encoder.layers.\(number)"
    switch part {
    case "ln_1": return Source("\(layer).layer_norm1.\(kind)")
    case "ln_2": return Source("\(layer).layer_norm2.\(kind)")
    case "mlp.c_fc": return Source("\(layer).mlp.fc1.\(kind)")
    case "mlp.c_proj": return Source("\(layer).mlp.fc2.\(kind)")
    case "attn.out_proj": return Source("\(layer).self_attn.out_proj.\(kind)")
    default:
      // `attn.in_proj_weight` and `attn.in_proj_bias`.
      let own = kind == "in_proj_weight" ? "weight" : "bias"
      return Source(joining: ["q", "k", "v"].map { "\(layer).self_attn.\($0)_proj.\(own)" })
    }
  }

  /// "a.b.c" as "a.b" and "c"; "c" as "" and "c".
  private static func lastPart(_ name: String) -> (String, String) {
    guard let dot = name.lastIndex(of: ".") else { return ("", name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }
}
