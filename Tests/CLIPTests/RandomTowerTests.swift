import Autograd
import CLIP
import Tensor
import Testing

/// Both towers of randomly drawn small CLIPs against the plain evaluation, in values and gradients.
struct RandomTowerTests {
  @Test(arguments: 0..<16) func `images with prompts at any depth`(_ seed: Int) throws {
    var draw = TowerDraw(seed: seed)
    let weights = try TinyCLIP.weights(draw.architecture, isTrainable: draw.isTrainable)
    let (vision, size) = (draw.architecture.imageTower, draw.architecture.imageSize)
    let images = try TinyCLIP.random([1 + draw.below(3), 3, size, size], "images").value
    let depth = 1 + draw.below(vision.layers)
    let count = 1 + draw.below(4)
    let rows = try (0..<depth).map { try TinyCLIP.random([count, vision.width], "rows \($0)") }
    // Some layers keep what the block before has made of the rows.
    let kept = draw.below(3) == 0 ? depth - 1 : depth
    let given = { (layer: Int) in layer == 0 || (layer < depth && layer != kept) ? rows[layer] : nil
    }
    let wantsPatches = draw.below(2) == 0
    let features = try CLIP(weights, tokenizer: nil).image.encode(
      Variable(images),
      prompts: Prompts(depth: depth, looksAtBlocks: seed % 4 < 2) { layer, _ in given(layer) },
      wantsPatches: wantsPatches)
    let plain = PlainEvaluation(weights)
    let expected = try plain.image(
      images, deep: { layer, _ in given(layer) }, patches: wantsPatches)
    let own = draw.isTrainable ? weights.visionEntries : []
    let used = rows.indices.compactMap(given)
    try expectEqual(
      wantsPatches ? #require(features.patches) : features.pooled, expected,
      gradientsOf: used + own)
  }

  @Test(arguments: 0..<24) func `contexts in any place`(_ seed: Int) throws {
    var draw = TowerDraw(seed: 100 + seed)
    let weights = try TinyCLIP.weights(draw.architecture, isTrainable: draw.isTrainable)
    let count = 1 + draw.below(5)
    let names = draw.names(beside: count)
    let isPerClass = draw.below(3) == 0
    let position = PromptForm.Position.allCases[draw.below(3)]
    let width = draw.architecture.text.width
    let context = try TinyCLIP.random([isPerClass ? names.count * count : count, width], "context")
    let packed = try CLIP(weights, tokenizer: nil).text.encode(
      draw.classes(names, prefix: [Int](repeating: 0, count: count)),
      as: .context(count: count, perClass: isPerClass, position: position), learned: context,
      prompts: nil, tokenizer: nil)
    let before = [.end: count, .middle: count / 2, .front: 0][position] ?? 0
    let rows = names.map { name in
      [draw.start] + [Int](repeating: 0, count: before) + name
        + [Int](repeating: 0, count: count - before) + [1, draw.end]
    }
    let slots = names.indices.flatMap { c in
      (0..<count).map { i in
        PlainEvaluation.Slot(
          class: c, slot: 1 + i + (i < before ? 0 : names[c].count),
          row: isPerClass ? c * count + i : i)
      }
    }
    let expected = try PlainEvaluation(weights).text(rows, learned: context, slots: slots)
    let own = draw.isTrainable ? weights.textEntries : []
    try expectEqual(packed, expected, gradientsOf: [context] + own)
  }

  @Test(arguments: 0..<24) func `words with prompts at any depth`(_ seed: Int) throws {
    var draw = TowerDraw(seed: 200 + seed)
    let weights = try TinyCLIP.weights(draw.architecture, isTrainable: draw.isTrainable)
    let text = draw.architecture.text
    let words = (0..<1 + draw.below(5)).map { _ in draw.word() }
    let names = draw.names(beside: words.count)
    let learned = 1 + draw.below(words.count)
    let depth = 1 + draw.below(text.layers)
    let rows = try (0..<depth).map { try TinyCLIP.random([learned, text.width], "rows \($0)") }
    let packed = try CLIP(weights, tokenizer: nil).text.encode(
      draw.classes(names, prefix: words), as: .words(nil, learned: learned, rows: learned),
      learned: nil,
      prompts: Prompts(depth: depth, looksAtBlocks: seed % 4 < 2) { layer, _ in rows[layer] },
      tokenizer: nil)
    let ids = names.map { [draw.start] + words + $0 + [1, draw.end] }
    let slots = names.indices.flatMap { c in
      (0..<learned).map { PlainEvaluation.Slot(class: c, slot: 1 + $0, row: $0) }
    }
    let expected = try PlainEvaluation(weights).text(ids, learned: rows[0], slots: slots) {
      layer, _ in layer < depth ? rows[layer] : nil
    }
    let own = draw.isTrainable ? weights.textEntries : []
    try expectEqual(packed, expected, gradientsOf: rows + own)
  }

  @Test(arguments: 0..<8) func `contexts that differ by image`(_ seed: Int) throws {
    var draw = TowerDraw(seed: 300 + seed)
    let weights = try TinyCLIP.weights(draw.architecture, isTrainable: draw.isTrainable)
    let count = 1 + draw.below(4)
    let names = draw.names(beside: count)
    let images = 1 + draw.below(3)
    let contexts = try TinyCLIP.random([images, count, draw.architecture.text.width], "contexts")
    let together = try CLIP(weights, tokenizer: nil).text.encode(
      draw.classes(names, prefix: [Int](repeating: 0, count: count)),
      as: .context(count: count, perClass: false, position: .end), learnedPerImage: contexts,
      tokenizer: nil)
    let rows = names.map { [draw.start] + [Int](repeating: 0, count: count) + $0 + [1, draw.end] }
    let slots = names.indices.flatMap { c in
      (0..<count).map { PlainEvaluation.Slot(class: c, slot: 1 + $0, row: $0) }
    }
    let plain = PlainEvaluation(weights)
    let expected = try Variable.stack(
      (0..<images).map {
        try plain.text(rows, learned: contexts.indexed([.position($0)]), slots: slots)
      }, axis: 0)
    try expectEqual(together, expected, gradientsOf: [contexts])
  }
}

/// A small architecture of odd sizes and names of very different lengths, the same for each seed.
struct TowerDraw {
  let architecture: Architecture
  /// Whether the weights get gradients, too.
  let isTrainable: Bool
  private var stream: RandomStream

  init(seed: Int) {
    var stream = RandomStream(seed: seed, name: "towers")
    let epsilon: Float = seed % 3 == 0 ? 1e-3 : 1e-5
    func tower() -> Architecture.Tower {
      let heads = 1 + stream.below(4)
      let width = heads * (2 + stream.below(7) + (heads < 3 ? 5 : 0))
      return Architecture.Tower(
        width: width, layers: 1 + stream.below(4), heads: heads, hidden: width + stream.below(70),
        activation: stream.below(2) == 0 ? .quickGELU : .gelu, epsilon: epsilon)
    }
    let patch = 1 + stream.below(5)
    architecture = Architecture(
      imageSize: patch * (1 + stream.below(4)),
      vision: .transformer(tower(), patchSize: patch), text: tower(),
      jointWidth: 2 + stream.below(20), contextLength: 12 + stream.below(30),
      vocabularySize: 20 + stream.below(30))
    isTrainable = seed % 2 == 1
    self.stream = stream
  }

  var start: Int { architecture.vocabularySize - 2 }
  var end: Int { architecture.vocabularySize - 1 }

  mutating func below(_ count: Int) -> Int { stream.below(count) }

  mutating func word() -> Int { 2 + stream.below(start - 2) }

  /// One to six names of no token to as many as there is room for.
  mutating func names(beside words: Int) -> [[Int]] {
    let room = architecture.contextLength - words - 3
    return (0..<1 + below(6)).map { _ in
      let length = below(3) == 0 ? room - below(2) : below(min(5, room))
      return (0..<length).map { _ in word() }
    }
  }

  /// start, prefix, name, period, end.
  func classes(_ names: [[Int]], prefix: [Int]) throws -> Classes {
    .tokens(
      try TokenTable(
        ids: names.map { [start] + prefix + $0 + [1, end] }, nameLengths: names.map(\.count)))
  }
}
