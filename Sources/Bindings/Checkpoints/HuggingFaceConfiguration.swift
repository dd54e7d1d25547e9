internal import CLIP
internal import Store
internal import Tensor

extension Configuration {
  /// `config.json` of a Hugging Face folder; what it leaves out has that library's defaults.
  ///
  /// In old files the keys of `text_config_dict` and `vision_config_dict` override those of
  /// `text_config` and `vision_config`.
  init(huggingFace root: ConfigurationReader) throws(ConfigurationError) {
    guard let type = try root.text("model_type"), type == "clip" else {
      let type = try root.text("model_type")
      throw root.error({ .value(key: $0, type ?? "null") }, "model_type")
    }
    let text = try root.object("text_config").overridden(by: root.object("text_config_dict"))
    let vision = try root.object("vision_config").overridden(by: root.object("vision_config_dict"))
    if let channels = try vision.int("num_channels"), channels != 3 {
      throw vision.error({ .value(key: $0, "\(channels)") }, "num_channels")
    }
    // 2 stands in many published files by mistake, and the library reads the largest id then.
    let end = try text.int("eos_token_id") ?? 49407
    self.init(
      vision: try Tower(huggingFace: vision, heads: 12),
      text: try Tower(huggingFace: text, heads: 8), pooling: end == 2 ? .largest : .first(end),
      sizes: [
        ("image_size", try vision.int("image_size") ?? 224),
        ("patch_size", try vision.int("patch_size") ?? 32),
        ("vision_width", try vision.int("hidden_size") ?? 768),
        ("vision_layers", try vision.int("num_hidden_layers") ?? 12),
        ("vision_hidden", try vision.int("intermediate_size") ?? 3072),
        ("text_width", try text.int("hidden_size") ?? 512),
        ("text_layers", try text.int("num_hidden_layers") ?? 12),
        ("text_hidden", try text.int("intermediate_size") ?? 2048),
        ("embed_dim", try root.int("projection_dim") ?? 512),
        ("context_length", try text.int("max_position_embeddings") ?? 77),
        ("vocab_size", try text.int("vocab_size") ?? 49408),
      ])
  }
}

extension Configuration.Tower {
  fileprivate init(huggingFace tower: ConfigurationReader, heads: Int) throws(ConfigurationError) {
    let name = try tower.text("hidden_act") ?? "quick_gelu"
    guard let activation = Elementwise(activation: name) else {
      throw tower.error({ .value(key: $0, name) }, "hidden_act")
    }
    self.init(
      heads: try tower.int("num_attention_heads") ?? heads, activation: activation,
      epsilon: Float(try tower.double("layer_norm_eps") ?? 1e-5))
  }
}
