import Foundation
import TestSupport
import Testing

/// Checkpoints and configurations that are refused, and in which words.
struct CheckpointRefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    /// One of the golden checkpoints.
    let source: String
    /// What is put in place of what in its configuration.
    let change: (String, String)
    let message: String

    init(_ source: String, _ old: String, _ new: String, _ message: String) {
      self.source = source
      change = (old, new)
      self.message = message
    }

    var testDescription: String { change.1 }
    var file: String { source == "hugging_face" ? "config.json" : "open_clip_config.json" }
  }

  @Test(arguments: [
    Case("hugging_face", "\"clip\"", "\"siglip\"", "model_type is siglip"),
    Case(
      "hugging_face", "\"projection_dim\": 16", "\"projection_dim\": 12",
      "the configuration says embed_dim 12, and the weights have 16"),
    Case(
      "hugging_face", "\"num_attention_heads\": 2", "\"num_attention_heads\": 3",
      "is not a multiple of"),
    Case(
      "hugging_face", "\"num_attention_heads\": 2", "\"num_attention_heads\": -1",
      "_heads is -1"),
    Case(
      "hugging_face", "\"num_attention_heads\": 2", "\"num_attention_heads\": \"two\"",
      "vision_config.num_attention_heads is not a whole number"),
    Case(
      "hugging_face", "\"image_size\": 8", "\"image_size\": 8, \"hidden_act\": \"gelu_new\"",
      "vision_config.hidden_act is gelu_new"),
    Case(
      "hugging_face", "\"image_size\": 8", "\"image_size\": 8, \"layer_norm_eps\": 0",
      "vision_epsilon is 0"),
    Case(
      "hugging_face", "\"image_size\": 8", "\"image_size\": 8, \"num_channels\": 4",
      "vision_config.num_channels is 4"),
    Case(
      "custom_text", "\"width\": 8, \"head_width\"",
      "\"no_ln_pre\": true, \"width\": 8, \"head_width\"",
      "model_cfg.vision_cfg.no_ln_pre changes the network"),
    Case(
      "custom_text", "\"width\": 8, \"head_width\"",
      "\"pos_embed_type\": \"sin_cos_2d\", \"width\": 8, \"head_width\"",
      "model_cfg.vision_cfg.pos_embed_type is sin_cos_2d"),
    Case(
      "hugging_face", "\"clip\"", "\"a\\n\\u001b[31mb\"", "model_type is a \\u{1b}[31mb"),
    Case(
      "custom_text", "\"proj_bias\"", "\"hf_model_name\": \"roberta\", \"proj_bias\"",
      "model_cfg.text_cfg.hf_model_name changes the network"),
    Case(
      "custom_text", "\"pool_type\": \"eos\"", "\"pool_type\": \"last\"",
      "model_cfg.text_cfg.pool_type is last"),
    Case(
      "custom_text", "\"custom_text\": true", "\"multimodal_cfg\": {\"width\": 4}",
      "model_cfg.multimodal_cfg changes the network"),
    Case(
      "custom_text", "\"head_width\": 2", "\"head_width\": 0", "model_cfg.vision_cfg.width is 8"),
    Case(
      "custom_text", "{\"eps\": 0.001}", "{\"eps\": 0.001, \"bias\": true}",
      "norm_kwargs.bias changes the network"),
    Case(
      "custom_text", "\"proj_bias\": true", "\"proj_bias\": false",
      "surplus `text.text_projection.bias`"),
    Case(
      "resnet", "\"mlp_ratio\": 2.0", "\"mlp_ratio\": 2.0, \"proj_bias\": true",
      "missing `text_projection.bias`"),
    Case("resnet", "[1, 2, 1, 1]", "[1, 2, 1]", "layers is not a number or four of them"),
    Case(
      "resnet", "[1, 2, 1, 1]", "[1, 3, 1, 1]",
      "the configuration says vision_stage2 3, and the weights have 2"),
    Case(
      "resnet", "[1, 2, 1, 1]", "12",
      "the configuration says vision_layers 12, and the weights have none"),
    Case("resnet", "\"embed_dim\"", "\"embedding\"", "model_cfg.embedding changes the network"),
  ]) func `a configuration is refused by its key`(_ test: Case) throws {
    let folder = try TemporaryFolder()
    let original = GoldenCheckpointTests.Case.path(test.source)
    for name in try FileManager.default.contentsOfDirectory(atPath: original) {
      try FileManager.default.copyItem(
        atPath: "\(original)/\(name)", toPath: "\(folder.path)/\(name)")
    }
    let path = "\(folder.path)/\(test.file)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(test.change.0))
    try text.replacing(test.change.0, with: test.change.1)
      .write(toFile: path, atomically: true, encoding: .utf8)
    let message = try Self.message("load_clip(\"\(folder.path)\")")
    #expect(message.contains(test.message), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test func `a configuration that lists every key of the library is the same`() throws {
    let folder = try TemporaryFolder()
    let original = GoldenCheckpointTests.Case.path("resnet")
    for name in try FileManager.default.contentsOfDirectory(atPath: original) {
      try FileManager.default.copyItem(
        atPath: "\(original)/\(name)", toPath: "\(folder.path)/\(name)")
    }
    let path = "\(folder.path)/open_clip_config.json"
    // What `asdict` gives for the parts of a configuration of open_clip 3.3.
    let vision = """
      "vision_cfg": {"ls_init_value": null, "patch_dropout": 0.0, "attentional_pool": false,
      "attn_pooler_queries": 256, "attn_pooler_heads": 8, "no_ln_pre": false,
      "pos_embed_type": "learnable", "final_ln_after_pool": false, "pool_type": "tok",
      "output_tokens": false, "act_kwargs": null, "norm_kwargs": null, "block_type": null,
      "qk_norm": false, "scaled_cosine_attn": false, "scale_heads": false, "scale_fc": false,
      "timm_model_name": null, "timm_model_pretrained": false, "timm_pool": "avg",
      "timm_proj": "linear", "timm_proj_bias": false, "timm_drop": 0.0, "timm_drop_path": null,\u{20}
      """
    let text = """
      "text_cfg": {"hf_tokenizer_name": null, "tokenizer_mode": null, "tokenizer_kwargs": null,
      "ls_init_value": null, "embed_cls": false, "pad_id": 0, "no_causal_mask": false,
      "output_tokens": false, "proj_bias": false, "proj_type": "linear", "hf_model_name": null,
      "hf_model_pretrained": true, "hf_proj_type": "mlp", "hf_pooler_type": "mean_pooler",\u{20}
      """
    try String(contentsOfFile: path, encoding: .utf8)
      .replacing("\"vision_cfg\": {", with: vision).replacing("\"text_cfg\": {", with: text)
      .write(toFile: path, atomically: true, encoding: .utf8)
    let lines = try TestEngine().printed(
      """
      print(load_clip("\(folder.path)").digest == load_clip("\(original)").digest)
      """)
    #expect(lines == ["true"])
  }

  private static func message(_ code: String) throws -> String {
    try TestEngine().printed("try { \(code); print(\"loaded\") } catch e { print(e.message) }")
      .joined(separator: "\n")
  }

  @Test func `a folder without weights, or with several, is refused`() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.message("load_clip(\"\(folder.path)\")").contains("holds no weights"))
    let plain = GoldenCheckpointTests.Case.path("plain.pt")
    for name in ["a.pt", "b.pt"] {
      try FileManager.default.copyItem(atPath: plain, toPath: "\(folder.path)/\(name)")
    }
    #expect(
      try Self.message("load_clip(\"\(folder.path)\")").contains("holds 2 checkpoints: a.pt, b.pt"))
  }

  @Test func `weights without a configuration are found in the usual order`() throws {
    let folder = try TemporaryFolder()
    let golden = GoldenCheckpointTests.Case.path("hugging_face") + "/model.safetensors"
    try FileManager.default.copyItem(atPath: golden, toPath: folder.file("model.safetensors"))
    try folder.write("not looked at", to: "pytorch_model.bin")
    let message = try Self.message("load_clip(\"\(folder.path)\")")
    #expect(message.contains("model.safetensors': a tower of width"), "\(message)")
    let engine = try TestEngine()
    try engine.printed("load_clip(\"\(folder.path)\", vision_heads: 2, text_heads: 2)")
    #expect(engine.notices.contains { $0.contains("has no config.json") }, "\(engine.notices)")
  }

  @Test func `names in a file reach the terminal in one line and without commands`() throws {
    let folder = try TemporaryFolder()
    let name = #"a\n\u001b[31m"# + String(repeating: "x", count: 10_000)
    let header = #"{"\#(name)": {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}}"#
    var bytes = Data((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) })
    bytes += Data(header.utf8) + Data(count: 4)
    try bytes.write(to: URL(filePath: folder.file("a.safetensors")))
    let message = try Self.message("load_clip(\"\(folder.file("a.safetensors"))\")")
    #expect(message.contains(#"`a\u{a}\u{1b}[31mxxx"#) && message.count < 500, "\(message)")
    #expect(!message.contains("\n") && !message.contains("\u{1B}"))
  }

  @Test func `a plain state dict asks for what it does not tell, and says what it assumes`() throws
  {
    let plain = GoldenCheckpointTests.Case.path("plain.pt")
    #expect(
      try Self.message("load_clip(\"\(plain)\")").contains(
        "a tower of width 8 does not tell how many heads it has"))
    let engine = try TestEngine()
    try engine.printed("load_clip(\"\(plain)\", vision_heads: 2, text_heads: 2)")
    #expect(engine.notices.count == 1 && engine.notices[0].contains("QuickGELU is assumed"))
  }

  @Test func `weights of any name are described by their folder, and a file named alone is not`()
    throws
  {
    let folder = try TemporaryFolder()
    let given = GoldenCheckpointTests.Case.path("hugging_face")
    for name in try FileManager.default.contentsOfDirectory(atPath: given) {
      let other = name == "model.safetensors" ? "model.fp16.safetensors" : name
      try FileManager.default.copyItem(atPath: "\(given)/\(name)", toPath: folder.file(other))
    }
    let engine = try TestEngine()
    let digests = try engine.printed(
      "print(load_clip(\"\(folder.path)\").digest == load_clip(\"\(given)\").digest)")
    #expect(digests == ["true"] && engine.notices.isEmpty, "\(engine.notices)")
    let file = folder.file("model.fp16.safetensors")
    try engine.printed("load_clip(\"\(file)\", vision_heads: 2, text_heads: 2)")
    #expect(
      engine.notices.contains { $0.hasSuffix("is not used: give the folder instead") },
      "\(engine.notices)")
  }

  @Test(arguments: [
    ("activation: \"relu\"", "must be"), ("vision_heads: 0", "must be at least 1"),
    ("cleaning: \"none\"", "must be"),
  ]) func `options take what is known`(_ option: String, _ message: String) throws {
    #expect(try Self.message("load_clip(\"mini\", \(option))").contains(message))
  }

  @Test func `options overrule a file of Duet's, too`() throws {
    let lines = try TestEngine().printed(
      """
      let own = load_clip("mini")
      let other = load_clip("mini", activation: "gelu")
      let x = zeros([1, 3, 32, 32])
      print(max(abs(own.encode_image(x) - other.encode_image(x))).item > 0.0001)
      print(own.digest == other.digest, own.digest == load_clip("mini").digest)
      """)
    #expect(lines == ["true", "false true"])
  }
}
