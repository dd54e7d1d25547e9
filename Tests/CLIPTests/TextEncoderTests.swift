import Autograd
import CLIP
import Tensor
import Testing

/// The packed text pass must equal the plain one, in values and in every gradient.
@Suite struct TextEncoderTests {
  let weights: Weights
  let encoder: TextEncoder
  let plain: PlainEvaluation

  init() throws {
    weights = try TinyCLIP.weights()
    encoder = try CLIP(weights, tokenizer: nil).text
    plain = PlainEvaluation(weights)
  }

  @Test func `sentences of different lengths equal the plain evaluation`() throws {
    let rows = [[58, 1, 2, 3, 59], [58, 1, 2, 9, 9, 9, 59], [58, 4, 59]]
    let table = try TokenTable(ids: rows, nameLengths: [0, 0, 0])
    let features = try encoder.encode(
      .tokens(table), as: .plain, learned: nil, prompts: nil, tokenizer: nil)
    let expected = try plain.text(rows, learned: nil, slots: [])
    expectClose(features.value, expected.value, relative: 1e-5, "features")
    #expect(!features.requiresGradient)
  }

  @Test(arguments: [1, 4, 5]) func `a shared context equals the plain evaluation`(_ n: Int) throws {
    let classes = try TinyCLIP.classes(
      names: TinyCLIP.names, prefix: [Int](repeating: 56, count: n))
    let context = try TinyCLIP.random([n, 24], "context")
    let packed = try encoder.encode(
      classes, as: .context(count: n, perClass: false, position: .end), learned: context,
      prompts: nil, tokenizer: nil)
    let rows = TinyCLIP.names.map { [58] + [Int](repeating: 0, count: n) + $0 + [57, 59] }
    let slots = rows.indices.flatMap { c in
      (0..<n).map { PlainEvaluation.Slot(class: c, slot: 1 + $0, row: $0) }
    }
    try expectEqual(
      packed, plain.text(rows, learned: context, slots: slots), gradientsOf: [context])
  }

  @Test(arguments: PromptForm.Position.allCases, [false, true])
  func `the name may stand anywhere and each class may have its own context`(
    _ position: PromptForm.Position, _ perClass: Bool
  ) throws {
    let n = 5
    let names = TinyCLIP.names
    let classes = try TinyCLIP.classes(names: names, prefix: [Int](repeating: 56, count: n))
    let context = try TinyCLIP.random([perClass ? names.count * n : n, 24], "context")
    let packed = try encoder.encode(
      classes, as: .context(count: n, perClass: perClass, position: position), learned: context,
      prompts: nil, tokenizer: nil)
    let prompts = SlottedPrompts(names, context: n, position, perClass: perClass)
    try expectEqual(
      packed, plain.text(prompts.rows, learned: context, slots: prompts.slots),
      gradientsOf: [context])
  }

  @Test func `contexts that differ by image equal one pass for each image`() throws {
    let names = TinyCLIP.names
    let classes = try TinyCLIP.classes(names: names, prefix: [56, 56])
    let contexts = try TinyCLIP.random([3, 2, 24], "contexts")
    let form = PromptForm.context(count: 2, perClass: false, position: .end)
    let together = try encoder.encode(
      classes, as: form, learnedPerImage: contexts, tokenizer: nil)
    #expect(together.shape == [3, 5, 16])
    let apart = try Variable.stack(
      (0..<3).map { image in
        try encoder.encode(
          classes, as: form, learned: contexts.indexed([.position(image)]), prompts: nil,
          tokenizer: nil)
      }, axis: 0)
    try expectEqual(together, apart, gradientsOf: [contexts])
  }

  @Test(arguments: PromptForm.Position.allCases, [false, true])
  func `contexts of each image, with names that it shifts or not, equal the plain evaluation`(
    _ position: PromptForm.Position, _ perClass: Bool
  ) throws {
    let (n, names) = (3, TinyCLIP.names)
    let classes = try TinyCLIP.classes(names: names, prefix: [Int](repeating: 56, count: n))
    let contexts = try TinyCLIP.random([2, perClass ? names.count * n : n, 24], "contexts")
    let given = try TinyCLIP.random([2, names.count, 24], "shifts")
    let prompts = SlottedPrompts(names, context: n, position, perClass: perClass)
    for shifts in [given, nil] {
      let packed = try encoder.encode(
        classes,
        as: .context(
          count: n, perClass: perClass, position: position, shiftsNames: shifts != nil),
        learnedPerImage: contexts, nameShift: shifts, tokenizer: nil)
      let expected = try Variable.stack(
        (0..<2).map { image in
          try plain.text(
            prompts.rows, learned: contexts.indexed([.position(image)]), slots: prompts.slots,
            shift: shifts?.indexed([.position(image)]), shifted: prompts.nameSlots)
        }, axis: 0)
      try expectEqual(
        packed, expected, gradientsOf: [contexts] + (shifts.map { [$0] } ?? []))
    }
  }

  @Test(arguments: [1, 2, 3]) func `deep prompts equal the plain evaluation`(_ depth: Int) throws {
    let names = TinyCLIP.names
    let words = [5, 6, 7, 8]
    let classes = try TinyCLIP.classes(names: names, prefix: words)
    let rows = try (0..<depth).map { try TinyCLIP.random([2, 24], "rows \($0)") }
    let packed = try encoder.encode(
      classes, as: .words(.tokens(words), learned: 2, rows: 2), learned: nil,
      prompts: Prompts(depth: depth) { layer, _ in rows[layer] }, tokenizer: nil)
    let ids = names.map { [58, 0, 0, 7, 8] + $0 + [57, 59] }
    let slots = names.indices.flatMap { c in
      (0..<2).map { PlainEvaluation.Slot(class: c, slot: 1 + $0, row: $0) }
    }
    let expected = try plain.text(ids, learned: rows[0], slots: slots) { layer, _ in
      layer < depth ? rows[layer] : nil
    }
    try expectEqual(packed, expected, gradientsOf: rows)
  }

  @Test func `the attention that prompts ask about is that of the plain evaluation`() throws {
    let names = TinyCLIP.names
    let words = [5, 6, 7, 8]
    let classes = try TinyCLIP.classes(names: names, prefix: words)
    let rows = try (0..<3).map { try TinyCLIP.random([2, 24], "rows \($0)").value }
    var measured: [Tensor] = []
    _ = try encoder.encode(
      classes, as: .words(nil, learned: 2, rows: 2), learned: nil,
      prompts: Prompts(depth: 3) { layer, site in
        if layer > 0 {
          measured.append(try site.attentionFromOthers())
          #expect(try site.attentionFromStart().elements == [0, 0])
        }
        return Variable(rows[layer])
      }, tokenizer: nil)
    let ids = names.map { [58, 0, 0, 7, 8] + $0 + [57, 59] }
    let slots = names.indices.flatMap { c in
      (0..<2).map { PlainEvaluation.Slot(class: c, slot: 1 + $0, row: $0) }
    }
    var layers = 0
    _ = try plain.text(ids, learned: Variable(rows[0]), slots: slots) { layer, p in
      var expected: [Float] = [0, 0]
      for (c, row) in ids.enumerated() {
        for k in 0..<2 {
          let seen = try p.value.indexed(
            IndexPlan(
              [
                .position(c), .slice(start: nil, stop: nil, step: 1),
                .slice(start: 3, stop: row.count, step: 1), .position(1 + k),
              ], shape: p.shape))
          expected[k] += try seen.mean().scalar / Float(ids.count)
        }
      }
      expectClose(
        measured[layers], try Tensor(shape: [2], elements: expected), relative: 1e-5,
        "layer \(layer)")
      layers += 1
      return Variable(rows[layer])
    }
    #expect(layers == 2)
  }

  @Test func `classes without a common beginning share the start of text only`() throws {
    let rows = [[58, 1, 59], [58, 2, 3, 59]]
    let table = try TokenTable(ids: rows, nameLengths: [0, 1])
    let features = try encoder.encode(
      .tokens(table), as: .plain, learned: nil, prompts: nil, tokenizer: nil)
    let expected = try plain.text(rows, learned: nil, slots: [])
    expectClose(features.value, expected.value, relative: 1e-5, "features")
  }

  @Test func `trainable weights get the gradients of the plain evaluation`() throws {
    let weights = try TinyCLIP.weights(isTrainable: true)
    let encoder = try CLIP(weights, tokenizer: nil).text
    let rows = [[58, 1, 2, 3, 59], [58, 1, 2, 9, 59], [58, 1, 59]]
    let table = try TokenTable(ids: rows, nameLengths: [0, 0, 0])
    let packed = try encoder.encode(
      .tokens(table), as: .plain, learned: nil, prompts: nil, tokenizer: nil)
    let expected = try PlainEvaluation(weights).text(rows, learned: nil, slots: [])
    let names = weights.entries.filter {
      !$0.name.hasPrefix("visual") && $0.name != "logit_scale"
    }
    try expectEqual(packed, expected, gradientsOf: names.map(\.variable))
  }

  @Test func `texts beyond the context length are refused with their length`() throws {
    let table = try TokenTable(
      ids: [[58] + [Int](repeating: 3, count: 80) + [59]], nameLengths: [1])
    #expect(throws: CLIPError.textTooLong("row 0", tokens: 82, limit: 77)) {
      try encoder.encode(.tokens(table), as: .plain, learned: nil, prompts: nil, tokenizer: nil)
    }
  }

  @Test func `rows of the wrong width or number are refused with both shapes`() throws {
    let classes = try TinyCLIP.classes(names: TinyCLIP.names, prefix: [5, 6])
    let rows = try TinyCLIP.random([3, 24], "rows")
    #expect(throws: CLIPError.promptRows(layer: 0, found: [3, 24], expected: [2, 24])) {
      try encoder.encode(
        classes, as: .words(nil, learned: 2, rows: 2), learned: nil,
        prompts: Prompts(depth: 1) { _, _ in rows }, tokenizer: nil)
    }
    #expect(throws: CLIPError.depth(4, layers: 3)) {
      try encoder.encode(
        classes, as: .words(nil, learned: 2, rows: 2), learned: nil,
        prompts: Prompts(depth: 4) { _, _ in rows }, tokenizer: nil)
    }
  }
}
