internal import CLIP
internal import Store
internal import Tensor

extension Configuration {
  /// `open_clip_config.json`; what it leaves out has that library's defaults.
  ///
  /// Keys that this does not know are refused by name unless they are off: each may change the network,
  /// and nothing in the tensors would show it. Some are never off in a file that lists all keys, and
  /// belong to parts that others switch on.
  init(openCLIP root: ConfigurationReader) throws(ConfigurationError) {
    let model = try root.object("model_cfg")
    try model.refuseUnknown(besides: [
      "embed_dim", "quick_gelu", "custom_text", "vision_cfg", "text_cfg", "init_logit_scale",
      "nonscalar_logit_scale", "output_dict", "cast_dtype",
    ])
    guard model["vision_cfg"] != nil, model["text_cfg"] != nil,
      let jointWidth = try model.int("embed_dim")
    else { throw root.error({ .kind(key: $0, expected: "a model's configuration") }, "model_cfg") }
    let (vision, text) = (try model.object("vision_cfg"), try model.object("text_cfg"))
    let activation: Elementwise = try model.bool("quick_gelu") ?? false ? .quickGELU : .gelu
    let visionPart = try Self.vision(vision)
    let textPart = try Self.text(text)
    self.init(
      vision: Tower(
        heads: visionPart.heads, activation: activation, epsilon: try Self.epsilon(vision)),
      text: Tower(heads: textPart.heads, activation: activation, epsilon: try Self.epsilon(text)),
      pooling: textPart.pooling, projectionHasBias: try text.bool("proj_bias") ?? false,
      sizes: visionPart.sizes + textPart.sizes + [("embed_dim", jointWidth)])
  }

  private typealias Sizes = [(name: String, value: Int)]

  private static func vision(_ vision: ConfigurationReader) throws(ConfigurationError) -> (
    heads: Int?, sizes: Sizes
  ) {
    try vision.refuseUnknown(besides: [
      "layers", "width", "head_width", "patch_size", "image_size", "mlp_ratio", "norm_kwargs",
      "pool_type", "patch_dropout", "pos_embed_type", "attn_pooler_queries", "attn_pooler_heads",
      "timm_pool", "timm_proj", "timm_proj_bias", "timm_drop", "timm_drop_path",
      "timm_model_pretrained",
    ])
    if let kind = try vision.text("pos_embed_type"), kind != "learnable" {
      throw vision.error({ .value(key: $0, kind) }, "pos_embed_type")
    }
    if let pool = try vision.text("pool_type"), pool != "tok" {
      throw vision.error({ .value(key: $0, pool) }, "pool_type")
    }
    let width = try vision.int("width") ?? 768
    let headWidth = try vision.int("head_width") ?? 64
    guard (1...1 << 24).contains(width), headWidth > 0 else {
      throw vision.error({ .value(key: $0, "\(width)") }, "width")
    }
    var sizes: Sizes = [("image_size", try imageSize(vision)), ("vision_width", width)]
    if let stages = vision["layers"]?.array {
      let counts = stages.compactMap(\.int)
      guard stages.count == 4, counts.count == 4 else {
        throw vision.error({ .kind(key: $0, expected: "a number or four of them") }, "layers")
      }
      sizes += counts.enumerated().map { ("vision_stage\($0 + 1)", $1) }
      return (width * 32 / headWidth, sizes)
    }
    sizes += [
      ("vision_layers", try vision.int("layers") ?? 12),
      ("patch_size", try vision.int("patch_size") ?? 16),
      ("vision_hidden", try hidden(vision, width)),
    ]
    return (width / headWidth, sizes)
  }

  private static func text(_ text: ConfigurationReader) throws(ConfigurationError) -> (
    heads: Int, pooling: Pooling, sizes: Sizes
  ) {
    try text.refuseUnknown(besides: [
      "context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio", "pool_type",
      "eos_id", "pad_id", "proj_bias", "proj_type", "norm_kwargs", "hf_tokenizer_name",
      "hf_model_pretrained", "hf_proj_type", "hf_pooler_type",
    ])
    if let kind = try text.text("proj_type"), kind != "linear" {
      throw text.error({ .value(key: $0, kind) }, "proj_type")
    }
    let pooling: Pooling
    switch try text.text("pool_type") ?? "argmax" {
    case "argmax": pooling = .largest
    case "eos": pooling = .first(try text.int("eos_id") ?? 2)
    case let pool: throw text.error({ .value(key: $0, pool) }, "pool_type")
    }
    let width = try text.int("width") ?? 512
    let sizes: Sizes = [
      ("context_length", try text.int("context_length") ?? 77),
      ("vocab_size", try text.int("vocab_size") ?? 49408), ("text_width", width),
      ("text_layers", try text.int("layers") ?? 12), ("text_hidden", try hidden(text, width)),
    ]
    return (try text.int("heads") ?? 8, pooling, sizes)
  }

  /// One number, or twice the same.
  private static func imageSize(_ vision: ConfigurationReader) throws(ConfigurationError) -> Int {
    guard let sides = vision["image_size"]?.array else {
      return try vision.int("image_size") ?? 224
    }
    guard sides.count == 2, let side = sides[0].int, side == sides[1].int else {
      throw vision.error({ .kind(key: $0, expected: "the side of a square") }, "image_size")
    }
    return side
  }

  private static func hidden(_ tower: ConfigurationReader, _ width: Int) throws(ConfigurationError)
    -> Int
  {
    let hidden = Double(width) * (try tower.double("mlp_ratio") ?? 4)
    guard hidden >= 1, hidden <= Double(1 << 24) else {
      throw tower.error({ .value(key: $0, "\(hidden / Double(width))") }, "mlp_ratio")
    }
    return Int(hidden)
  }

  private static func epsilon(_ tower: ConfigurationReader) throws(ConfigurationError) -> Float {
    let norm = try tower.object("norm_kwargs")
    try norm.refuseUnknown(besides: ["eps"])
    return Float(try norm.double("eps") ?? 1e-5)
  }
}
