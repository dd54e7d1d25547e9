import CLIP
import Tensor
import Testing

/// What the names and shapes of a state dict tell, without any tensor.
struct ForeignCheckpointTests {
  private typealias Tensors = [(name: String, shape: [Int])]

  static let small = Architecture(
    imageSize: 16, vision: .transformer(.init(width: 64, layers: 2, heads: 1), patchSize: 4),
    text: .init(width: 128, layers: 3, heads: 2), jointWidth: 24, contextLength: 12,
    vocabularySize: 40)

  private static func error(_ tensors: Tensors, _ configuration: Configuration = .init())
    -> CheckpointError?
  {
    do throws(CheckpointError) {
      _ = try ForeignCheckpoint(tensors, configuration)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: Architecture.released.map(\.name))
  func `a released model is known by its tensors alone`(_ name: String) throws {
    let model = try #require(Architecture.released.first { $0.name == name })
    let tensors = model.architecture.tensors
    let found = try ForeignCheckpoint(tensors)
    #expect(found.architecture == model.architecture)
    #expect(found.assumptions == [.quickGELU])
    // Wrapped, with what OpenAI's archives hold besides.
    let besides: Tensors = [
      ("input_resolution", []), ("context_length", []), ("vocab_size", []),
      ("visual.bn1.num_batches_tracked", []), ("transformer.attn_mask", [77, 77]),
    ]
    let wrapped = (tensors + besides).map {
      (name: "module.clip_model.\($0.name)", shape: $0.shape)
    }
    #expect(try ForeignCheckpoint(wrapped).architecture == model.architecture)
  }

  @Test func `a name of nothing but wrappers is told apart at once`() {
    let name = String(repeating: "module.", count: 1_000_000)
    let clock = ContinuousClock.now
    #expect(Self.error([(name, [1])]) == .layout(first: [name]))
    #expect(ContinuousClock.now - clock < .seconds(5))
  }

  @Test func `a tower's heads and activation are those of the configuration`() throws {
    let known = Configuration(
      vision: .init(heads: 4, activation: .gelu, epsilon: 1e-6),
      text: .init(heads: 8, activation: .quickGELU), pooling: .first(3))
    let found = try ForeignCheckpoint(Self.small.tensors, known)
    var expected = Self.small
    expected.vision = .transformer(
      .init(width: 64, layers: 2, heads: 4, activation: .gelu, epsilon: 1e-6), patchSize: 4)
    expected.text.heads = 8
    expected.pooling = .first(3)
    #expect(found.architecture == expected && found.assumptions.isEmpty)
  }

  @Test(arguments: [(1280, 80), (1408, 88), (1664, 104)])
  func `wide image towers have wider heads`(_ width: Int, _ headWidth: Int) throws {
    var architecture = Self.small
    architecture.vision = .transformer(
      .init(width: width, layers: 1, heads: width / headWidth), patchSize: 4)
    let found = try ForeignCheckpoint(architecture.tensors)
    #expect(found.architecture == architecture)
    #expect(
      found.assumptions == [.quickGELU, .visionHeads(width: width, headWidth: headWidth)])
  }

  @Test func `a width that does not tell its heads is refused`() {
    var architecture = Self.small
    architecture.text = .init(width: 40, layers: 1, heads: 5)
    #expect(Self.error(architecture.tensors) == .heads(.text, width: 40))
    #expect(Self.error(architecture.tensors, .init(text: .init(heads: 5))) == nil)
    let flaw = Self.error(architecture.tensors, .init(text: .init(heads: 3)))
    #expect(flaw == .flaw("text_width 40 is not a multiple of text_heads 3"))
  }

  @Test func `missing, surplus and misshapen names are all told`() throws {
    var tensors = Self.small.tensors
    tensors.removeAll { $0.name == "ln_final.bias" || $0.name.hasSuffix("1.ln_2.weight") }
    tensors.append(("visual.extra", [3]))
    tensors = tensors.map { ($0.name, $0.name == "visual.ln_post.bias" ? [65] : $0.shape) }
    var expected = CheckpointError.Mismatch()
    expected.missing = [
      "visual.transformer.resblocks.1.ln_2.weight", "transformer.resblocks.1.ln_2.weight",
      "ln_final.bias",
    ]
    expected.surplus = ["visual.extra"]
    expected.misshapen = [.init(name: "visual.ln_post.bias", found: [65], expected: [64])]
    #expect(Self.error(tensors) == .names(expected))
    let surplus = Self.small.tensors + [(name: "visual.extra", shape: [3])]
    #expect(try ForeignCheckpoint(surplus, allowsSurplus: true).surplus == ["visual.extra"])
    #expect(Self.error(surplus) == .names(.init(surplus: ["visual.extra"])))
  }

  @Test func `sizes that the configuration states must be those of the weights`() {
    let stated = Configuration(sizes: [("embed_dim", 24), ("text_layers", 12)])
    let expected = CheckpointError.size("text_layers", configuration: 12, weights: 3)
    #expect(Self.error(Self.small.tensors, stated) == expected)
    let other = Configuration(sizes: [("vision_stage1", 3)])
    #expect(
      Self.error(Self.small.tensors, other)
        == .size("vision_stage1", configuration: 3, weights: nil))
  }

  @Test(arguments: [
    ("visual.trunk.norm.weight", CheckpointError.Part.timmTower),
    ("visual.attn_pool.probe", .cocaPool), ("text_decoder.ln.weight", .cocaDecoder),
    ("text.transformer.embeddings.weight", .textTransformer),
    ("visual.transformer.resblocks.0.ls_1.gamma", .layerScale), ("logit_bias", .logitBias),
  ]) func `parts of other models are refused by name`(_ name: String, _ part: CheckpointError.Part)
  {
    let tensors = Self.small.tensors + [(name: name, shape: [1])]
    #expect(Self.error(tensors) == .part(part, name: name))
  }

  @Test func `what is no CLIP is said with the names that are there`() {
    let tensors: Tensors = [("a", [1]), ("b", [2])]
    #expect(Self.error(tensors) == .layout(first: ["a", "b"]))
    #expect(Self.error([]) == .layout(first: []))
  }

  @Test(arguments: [
    ("visual.positional_embedding", [8, 64]), ("visual.positional_embedding", [1, 64]),
    ("visual.positional_embedding", []), ("visual.conv1.weight", [64, 3]),
    ("token_embedding.weight", [0, 128]), ("token_embedding.weight", [1 << 40, 128]),
    ("text_projection", [.max, .max]), ("visual.conv1.weight", [.max, .max, .max, .max]),
  ]) func `shapes that tell no size are refused`(_ name: String, _ shape: [Int]) {
    let tensors = Self.small.tensors.map { ($0.name, $0.name == name ? shape : $0.shape) }
    #expect(Self.error(tensors) == .shape(name, found: shape))
  }

  @Test func `names that are no layers count as surplus, and none is read twice`() {
    let strange = ["visual.transformer.resblocks.", "transformer.resblocks.x.y", "é", "e\u{301}"]
    let tensors = Self.small.tensors + strange.map { (name: $0, shape: [1]) }
    guard case .names = Self.error(tensors) else {
      Issue.record("accepted")
      return
    }
  }
}
