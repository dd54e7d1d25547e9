import Autograd
import CLIP
import Tensor
import Testing

/// The image pass must equal the plain one, in values and in every gradient.
@Suite struct ImageEncoderTests {
  let weights: Weights
  let encoder: ImageEncoder
  let plain: PlainEvaluation
  let images: Tensor

  init() throws {
    weights = try TinyCLIP.weights()
    encoder = try CLIP(weights, tokenizer: nil).image
    plain = PlainEvaluation(weights)
    images = try TinyCLIP.random([11, 3, 16, 16], "images").value
  }

  @Test func `features equal the plain evaluation, chunk by chunk`() throws {
    let features = try encoder.encode(Variable(images), prompts: nil, wantsPatches: false)
    #expect(features.patches == nil)
    expectClose(features.pooled.value, try plain.image(images).value, relative: 1e-5, "pooled")
  }

  @Test func `patch features go through the same map`() throws {
    let features = try encoder.encode(Variable(images), prompts: nil, wantsPatches: true)
    let patches = try #require(features.patches)
    expectClose(features.pooled.value, try plain.image(images).value, relative: 1e-5, "pooled")
    expectClose(
      patches.value, try plain.image(images, patches: true).value, relative: 1e-5, "patches")
  }

  @Test func `no images give no features`() throws {
    let none = Variable(try Tensor(shape: [0, 3, 16, 16], elements: []))
    let features = try encoder.encode(none, prompts: nil, wantsPatches: true)
    #expect(features.pooled.shape == [0, 16])
    #expect(features.patches?.shape == [0, 4, 16])
  }

  @Test(arguments: [1, 2, 3], [false, true])
  func `deep prompts, known ahead or not, equal the plain evaluation`(
    _ depth: Int, _ looksAtBlocks: Bool
  ) throws {
    let rows = try (0..<depth).map { try TinyCLIP.random([2, 32], "rows \($0)") }
    let features = try encoder.encode(
      Variable(images),
      prompts: Prompts(depth: depth, looksAtBlocks: looksAtBlocks) { layer, _ in rows[layer] },
      wantsPatches: true)
    let deep = { (layer: Int) in layer < depth ? rows[layer] : nil }
    try expectEqual(
      features.pooled, plain.image(images) { layer, _ in deep(layer) }, gradientsOf: rows)
    let patches = try #require(features.patches)
    let expected = try plain.image(images, deep: { layer, _ in deep(layer) }, patches: true)
    expectClose(patches.value, expected.value, relative: 1e-5, "patches")
  }

  /// BMIP's gate asks for the attention before it blends; asking must not change the result.
  @Test func `the attention that prompts ask about is that of the plain evaluation`() throws {
    let rows = try (0..<3).map { try TinyCLIP.random([2, 32], "rows \($0)") }
    let features = try encoder.encode(
      Variable(images),
      prompts: Prompts(depth: 3) { layer, site in
        layer == 0
          ? rows[0] : try rows[layer].times(Variable(column(site.attentionFromOthers())))
      }, wantsPatches: false)
    let expected = try plain.image(images) { layer, p in
      guard let p else { return rows[0] }
      let whole = TensorIndex.slice(start: nil, stop: nil, step: 1)
      let paid = try p.value.indexed(
        IndexPlan(
          [whole, whole, .slice(start: 0, stop: 5, step: 1), .slice(start: 5, stop: 7, step: 1)],
          shape: p.shape)
      ).mean(axes: [0, 1, 2])
      return try rows[layer].times(Variable(column(paid)))
    }
    try expectEqual(features.pooled, expected, gradientsOf: rows)
  }

  @Test func `the class token's attention is one row of it`() throws {
    let rows = try (0..<2).map { try TinyCLIP.random([2, 32], "rows \($0)").value }
    var measured: Tensor?
    _ = try encoder.encode(
      Variable(images),
      prompts: Prompts(depth: 2) { layer, site in
        if layer == 1 { measured = try site.attentionFromStart() }
        return Variable(rows[layer])
      }, wantsPatches: false)
    _ = try plain.image(images) { layer, p in
      if layer == 1, let p {
        let whole = TensorIndex.slice(start: nil, stop: nil, step: 1)
        let paid = try p.value.indexed(
          IndexPlan(
            [whole, whole, .position(0), .slice(start: 5, stop: 7, step: 1)], shape: p.shape)
        ).mean(axes: [0, 1])
        expectClose(try #require(measured), paid, relative: 1e-5, "class token")
      }
      return layer < 2 ? Variable(rows[layer]) : nil
    }
  }

  @Test func `trainable weights get the gradients of the plain evaluation`() throws {
    let weights = try TinyCLIP.weights(isTrainable: true)
    let features = try CLIP(weights, tokenizer: nil).image.encode(
      Variable(images), prompts: nil, wantsPatches: false)
    let expected = try PlainEvaluation(weights).image(images)
    let own = weights.entries.filter { $0.name.hasPrefix("visual") }
    try expectEqual(features.pooled, expected, gradientsOf: own.map(\.variable))
  }

  @Test func `images of another size are refused with both sizes`() throws {
    let wrong = Variable(try Tensor(repeating: 0, shape: [2, 3, 8, 8]))
    #expect(throws: CLIPError.images(found: [2, 3, 8, 8], size: 16)) {
      try encoder.encode(wrong, prompts: nil, wantsPatches: false)
    }
  }

  private func column(_ values: Tensor) throws -> Tensor {
    try values.reshaped(to: [values.count, 1])
  }
}
