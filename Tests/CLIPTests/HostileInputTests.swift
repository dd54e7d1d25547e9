import Autograd
import CLIP
import Tensor
import Testing

/// What scripts can hand to the towers by mistake: errors, never a trap.
struct HostileInputTests {
  let clip: CLIP

  init() throws { clip = try CLIP(TinyCLIP.weights(), tokenizer: nil) }

  func zeros(_ shape: [Int]) throws -> Variable {
    Variable(try Tensor(repeating: 0, shape: shape))
  }

  @Test(arguments: [
    [], [0], [3], [24], [2, 23], [2, 24, 1], [3, 24], [1, 1, 24], [0, 24], [2, 0], [0, 0, 24],
  ]) func `contexts of other shapes are refused`(_ shape: [Int]) throws {
    let classes = try TinyCLIP.classes(names: TinyCLIP.names, prefix: [0, 0])
    let context = try zeros(shape)
    for isPerClass in [false, true] {
      let form = PromptForm.context(count: 2, perClass: isPerClass, position: .end)
      #expect(throws: (any Error).self) {
        try clip.text.encode(
          classes, as: form, learned: context, prompts: nil, tokenizer: nil)
      }
      #expect(throws: (any Error).self) {
        try clip.text.encode(
          classes, as: form, learned: context, prompts: Prompts(depth: 1) { _, _ in context },
          tokenizer: nil)
      }
      if shape != [0, 0, 24] {
        #expect(throws: (any Error).self) {
          try clip.text.encode(classes, as: form, learnedPerImage: context, tokenizer: nil)
        }
      }
    }
  }

  @Test(arguments: [[], [0], [5], [24]]) func `texts without learned rows take none`(
    _ shape: [Int]
  ) throws {
    let classes = try TinyCLIP.classes(names: TinyCLIP.names, prefix: [])
    #expect(throws: (any Error).self) {
      try clip.text.encode(classes, as: .plain, learnedPerImage: zeros(shape), tokenizer: nil)
    }
    #expect(throws: (any Error).self) {
      try clip.text.encode(
        classes, as: .plain, learned: zeros(shape), prompts: nil, tokenizer: nil)
    }
  }

  @Test func `no images give no features, whatever the prompts`() throws {
    let none = try zeros([0, 3, 16, 16])
    let rows = try zeros([2, 32])
    let prompts = Prompts(depth: 3) { layer, site in
      if layer > 0 { _ = try site.attentionFromOthers() }
      return rows
    }
    let features = try clip.image.encode(none, prompts: prompts, wantsPatches: true)
    #expect(features.pooled.shape == [0, 16] && features.patches?.shape == [0, 4, 16])
    let classes = try TinyCLIP.classes(names: TinyCLIP.names, prefix: [0, 0])
    let text = try clip.text.encode(
      classes, as: .context(count: 2, perClass: false, position: .end),
      learnedPerImage: zeros([0, 2, 24]), tokenizer: nil)
    #expect(text.shape == [0, 5, 16])
  }

  @Test(arguments: [[], [3], [3, 16, 16], [1, 3, 16], [1, 1, 16, 16], [1, 3, 16, 16, 1], [0]])
  func `what is no image is refused with its shape`(_ shape: [Int]) throws {
    #expect(throws: CLIPError.images(found: shape, size: 16)) {
      try clip.image.encode(zeros(shape), prompts: nil, wantsPatches: false)
    }
  }

  @Test(arguments: [[], [32], [2, 31], [1, 2, 32]]) func `prompts of other shapes are refused`(
    _ shape: [Int]
  ) throws {
    let (images, good, wrong) = (try zeros([2, 3, 16, 16]), try zeros([2, 32]), try zeros(shape))
    for layer in 0..<3 {
      #expect(throws: (any Error).self) {
        try clip.image.encode(
          images, prompts: Prompts(depth: 3) { at, _ in at == layer ? wrong : good },
          wantsPatches: false)
      }
    }
  }

  @Test func `prompts without rows change nothing`() throws {
    let images = try TinyCLIP.random([2, 3, 16, 16], "images").detached
    let plain = try clip.image.encode(images, prompts: nil, wantsPatches: false).pooled
    let empty = try zeros([0, 32])
    let prompted = try clip.image.encode(
      images,
      prompts: Prompts(depth: 3) { _, site in
        let paid = try site.attentionFromStart()
        #expect(paid.count == 0)
        return empty
      }, wantsPatches: false
    ).pooled
    expectClose(prompted.value, plain.value, relative: 1e-6, "features")
  }

  @Test(arguments: [0, -1, 4, Int.max, Int.min]) func `absurd depths are refused`(_ depth: Int)
    throws
  {
    let rows = try zeros([2, 32])
    #expect(throws: CLIPError.depth(depth, layers: 3)) {
      try clip.image.encode(
        zeros([1, 3, 16, 16]), prompts: Prompts(depth: depth) { _, _ in rows },
        wantsPatches: false)
    }
  }

  @Test func `numbers that are none pass through`() throws {
    let images = Variable(try Tensor(repeating: .nan, shape: [2, 3, 16, 16]))
    let features = try clip.image.encode(images, prompts: nil, wantsPatches: false)
    #expect(features.pooled.value.elements.allSatisfy { $0.isNaN })
    let huge = Variable(try Tensor(repeating: .infinity, shape: [2, 32]), requiresGradient: true)
    let prompted = try clip.image.encode(
      zeros([1, 3, 16, 16]), prompts: Prompts(depth: 1) { _, _ in huge }, wantsPatches: false)
    let gradients = try prompted.pooled.sum().backward()
    #expect(gradients[huge]?.shape == [2, 32])
  }

  struct Sizes: Sendable {
    let change: @Sendable (inout Architecture) -> Void
    init(_ change: @escaping @Sendable (inout Architecture) -> Void) { self.change = change }
  }

  private static func tower(width: Int = 32, heads: Int = 4, patch: Int = 8) -> Architecture.Vision
  {
    .transformer(.init(width: width, layers: 1, heads: heads), patchSize: patch)
  }

  @Test(arguments: [
    Sizes { $0.imageSize = 0 }, Sizes { $0.imageSize = -8 }, Sizes { $0.vision = tower(patch: 0) },
    Sizes { $0.vision = tower(patch: 5) }, Sizes { $0.vision = tower(patch: 32) },
    Sizes { $0.vision = tower(heads: 0) }, Sizes { $0.vision = tower(heads: 5) },
    Sizes { $0.text.layers = 0 }, Sizes { $0.text.layers = 1 << 20 },
    Sizes { $0.text = .init(width: .max, layers: 1, heads: 1) }, Sizes { $0.contextLength = 0 },
    Sizes { $0.text.epsilon = 0 }, Sizes { $0.text.epsilon = .nan },
    Sizes { $0.jointWidth = .max }, Sizes { $0.vocabularySize = .min },
    Sizes { ($0.imageSize, $0.vision) = (1 << 24, tower(patch: 1)) },
    Sizes { ($0.imageSize, $0.vision) = (1 << 20, tower(patch: 1)) },
    Sizes { $0.vision = tower(width: 1 << 24, heads: 1) },
  ]) func `absurd sizes are refused before anything is computed`(_ sizes: Sizes) {
    var architecture = TinyCLIP.architecture
    sizes.change(&architecture)
    #expect(throws: (any Error).self) { try Weights.start(architecture, seed: 1) }
  }

  @Test func `wrong weights are refused by name`() throws {
    let good = try TinyCLIP.weights()
    func weights(_ name: String, _ tensor: Tensor?) throws -> Weights {
      let all = Dictionary(uniqueKeysWithValues: good.entries.map { ($0.name, $0.variable.value) })
      return try Weights(TinyCLIP.architecture) { $0 == name ? tensor : all[$0] }
    }
    #expect(throws: CLIPError.missingWeight("visual.proj")) { try weights("visual.proj", nil) }
    #expect(throws: CLIPError.weight("ln_final.bias", found: [25], expected: [24])) {
      try weights("ln_final.bias", Tensor(repeating: 0, shape: [25]))
    }
  }
}
