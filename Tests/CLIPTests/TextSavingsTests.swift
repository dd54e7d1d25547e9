import Autograd
import CLIP
import Tensor
import Testing

/// What the text tower keeps, leaves out and computes twice must not show in any number.
@Suite struct TextSavingsTests {
  let weights: Weights
  let encoder: TextEncoder
  let names = [[7, 8, 9, 10, 11, 12], [3, 9, 21], [11, 3, 4, 5, 6, 7, 8], [7]]

  init() throws {
    weights = try TinyCLIP.weights()
    encoder = try CLIP(weights, tokenizer: nil).text
  }

  private func classes(prefix: [Int]) throws -> Classes {
    try TinyCLIP.classes(names: names, prefix: prefix)
  }

  /// A context of two rows, behind names that are longer.
  private func expectEqual(
    _ encoder: TextEncoder, toPlain weights: Weights, _ position: PromptForm.Position,
    perClass: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let context = try TinyCLIP.random([perClass ? names.count * 2 : 2, 24], "context")
    let packed = try encoder.encode(
      classes(prefix: [56, 56]),
      as: .context(count: 2, perClass: perClass, position: position), learned: context,
      prompts: nil, tokenizer: nil)
    let prompts = SlottedPrompts(names, context: 2, position, perClass: perClass)
    let expected = try PlainEvaluation(weights).text(
      prompts.rows, learned: context, slots: prompts.slots)
    try CLIPTests.expectEqual(
      packed, expected, gradientsOf: [context], sourceLocation: sourceLocation)
  }

  @Test(arguments: PromptForm.Position.allCases, [false, true])
  func `a second pass, on what the first one kept, equals the plain evaluation`(
    _ position: PromptForm.Position, _ perClass: Bool
  ) throws {
    for _ in 0..<2 {
      try expectEqual(encoder, toPlain: weights, position, perClass: perClass)
    }
  }

  @Test(arguments: PromptForm.Position.allCases)
  func `what was kept is forgotten when a weight changes`(_ position: PromptForm.Position) throws {
    try expectEqual(encoder, toPlain: weights, position)
    for name in [
      "token_embedding.weight", "transformer.resblocks.0.ln_1.bias",
      "transformer.resblocks.1.mlp.c_fc.bias", "transformer.resblocks.2.attn.in_proj_weight",
    ] {
      let weight = try #require(weights.entries.first { $0.name == name }?.variable)
      try weight.assign(weight.value.scaled(by: 1.5))
      try expectEqual(encoder, toPlain: weights, position)
    }
  }

  @Test func `a tower that is trained for a while and frozen again is evaluated anew`() throws {
    try expectEqual(encoder, toPlain: weights, .front)
    weights.textEntries.forEach { $0.setRequiresGradient(true) }
    try expectEqual(encoder, toPlain: weights, .front)
    for weight in weights.textEntries { try weight.assign(weight.value.scaled(by: 1.2)) }
    weights.textEntries.forEach { $0.setRequiresGradient(false) }
    try expectEqual(encoder, toPlain: weights, .front)
  }

  @Test func `a plan whose answers are beyond the limit is evaluated without keeping them`() throws
  {
    encoder.constantsLimit = 1000
    for position in PromptForm.Position.allCases {
      try expectEqual(encoder, toPlain: weights, position)
    }
  }

  @Test(arguments: [1, 2, 3]) func `prompts that are known ahead equal the plain evaluation`(
    _ depth: Int
  ) throws {
    let rows = try (0..<depth).map { try TinyCLIP.random([2, 24], "rows \($0)") }
    let packed = try encoder.encode(
      classes(prefix: [5, 6, 7, 8]), as: .words(nil, learned: 2, rows: 2), learned: nil,
      prompts: Prompts(depth: depth, looksAtBlocks: false) { layer, _ in rows[layer] },
      tokenizer: nil)
    let ids = names.map { [58, 0, 0, 7, 8] + $0 + [57, 59] }
    let slots = names.indices.flatMap { c in
      (0..<2).map { PlainEvaluation.Slot(class: c, slot: 1 + $0, row: $0) }
    }
    let expected = try PlainEvaluation(weights).text(ids, learned: rows[0], slots: slots) {
      layer, _ in layer < depth ? rows[layer] : nil
    }
    try CLIPTests.expectEqual(packed, expected, gradientsOf: rows)
  }

  @Test func `rows that come in later than the input need not be learned there`() throws {
    let rows = try TinyCLIP.random([2, 24], "rows")
    let packed = try encoder.encode(
      classes(prefix: [5, 6, 7]), as: .words(nil, learned: 0, rows: 2), learned: nil,
      prompts: Prompts(depth: 3, looksAtBlocks: false) { layer, _ in layer == 2 ? rows : nil },
      tokenizer: nil)
    let ids = names.map { [58, 5, 6, 7] + $0 + [57, 59] }
    let expected = try PlainEvaluation(weights).text(ids, learned: nil, slots: []) { layer, _ in
      layer == 2 ? rows : nil
    }
    try CLIPTests.expectEqual(packed, expected, gradientsOf: [rows])
  }

  /// From everything kept, over one image or a few classes at a time, down to one class at a time.
  @Test(arguments: [1 << 30, 200_000, 60_000, 1])
  func `a limit of memory changes no number`(_ limit: Int) throws {
    encoder.recordLimit = limit
    for position in PromptForm.Position.allCases {
      try expectEqual(encoder, toPlain: weights, position)
      try expectEqual(encoder, toPlain: weights, position, perClass: true)
    }
    let unlimited = try CLIP(weights, tokenizer: nil).text
    let contexts = try TinyCLIP.random([3, names.count * 2, 24], "contexts")
    let shifts = try TinyCLIP.random([3, names.count, 24], "shifts")
    let form = PromptForm.context(count: 2, perClass: true, position: .middle, shiftsNames: true)
    let images = try [encoder, unlimited].map {
      try $0.encode(
        classes(prefix: [56, 56]), as: form, learnedPerImage: contexts, nameShift: shifts,
        tokenizer: nil)
    }
    try CLIPTests.expectEqual(images[0], images[1], gradientsOf: [contexts, shifts])
    let rows = try (0..<3).map { try TinyCLIP.random([2, 24], "rows \($0)") }
    let deep = try [encoder, unlimited].map {
      try $0.encode(
        classes(prefix: [5, 6, 7]), as: .words(nil, learned: 2, rows: 2), learned: nil,
        prompts: Prompts(depth: 3, looksAtBlocks: false) { layer, _ in rows[layer] },
        tokenizer: nil)
    }
    try CLIPTests.expectEqual(deep[0], deep[1], gradientsOf: rows)
    let plain = try encoder.encode(
      classes(prefix: [5]), as: .plain, learned: nil, prompts: nil, tokenizer: nil)
    let expected = try PlainEvaluation(weights).text(
      names.map { [58, 5] + $0 + [57, 59] }, learned: nil, slots: [])
    expectClose(plain.value, expected.value, relative: 1e-5, "sentences")
  }

  @Test func `what is computed twice is of the same weights, or refused`() throws {
    encoder.recordLimit = 1
    let context = try TinyCLIP.random([2, 24], "context")
    let features = try encoder.encode(
      classes(prefix: [56, 56]), as: .context(count: 2, perClass: false, position: .end),
      learned: context, prompts: nil, tokenizer: nil)
    let weight = try #require(
      weights.entries.first { $0.name == "text_projection" }?.variable)
    try weight.assign(weight.value.scaled(by: 2))
    #expect(throws: TensorError.self) { try features.sum().backward() }
  }
}
