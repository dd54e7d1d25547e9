import Autograd
import CLIP
import Foundation
import Tensor
import TestSupport
import Testing

/// Both towers against PyTorch in float64: Golden/towers.json, made by Golden/make.py.
struct GoldenTowerTests {
  @Test(arguments: GoldenTower.all) func `the image tower`(_ golden: GoldenTower) throws {
    let encoder = try golden.clip().image
    let size = golden.architecture.imageSize
    let images = Variable(try GoldenTower.draw("images", [2, 3, size, size], scale: 4))
    let features = try encoder.encode(images, prompts: nil, wantsPatches: true)
    let patches = try #require(features.patches)
    #expect(patches.shape == [2, golden.sizes.patches, golden.sizes.jointWidth])
    try expectNear(features.pooled.value, golden.pooled, "pooled")
    try expectNear(patches.value, golden.patches, "patches")
    let rows = try golden.rows("vision rows", golden.sizes.imageTower)
    let prompted = try encoder.encode(
      images, prompts: Prompts(depth: rows.count) { layer, _ in rows[layer] }, wantsPatches: false)
    try expectNear(prompted.pooled, golden.promptedImages, of: rows)
  }

  @Test(arguments: GoldenTower.all) func `the text tower`(_ golden: GoldenTower) throws {
    let encoder = try golden.clip().text
    let sentences = try encoder.encode(
      golden.classes(golden.words), as: .plain, learned: nil, prompts: nil, tokenizer: nil)
    try expectNear(sentences.value, golden.sentences, "sentences")
    let count = golden.prompts
    let context = Variable(
      try GoldenTower.draw("context 0", [count, golden.sizes.text.width], scale: 2),
      requiresGradient: true)
    let contextual = try encoder.encode(
      golden.classes([Int](repeating: 0, count: count)),
      as: .context(count: count, perClass: false, position: .middle), learned: context,
      prompts: nil, tokenizer: nil)
    try expectNear(contextual, golden.context, of: [context])
    let rows = try golden.rows("text rows", golden.sizes.text)
    let deep = try encoder.encode(
      golden.classes(golden.words), as: .words(nil, learned: count, rows: count), learned: nil,
      prompts: Prompts(depth: rows.count) { layer, _ in rows[layer] }, tokenizer: nil)
    try expectNear(deep, golden.promptedTexts, of: rows)
  }

  private func expectNear(_ value: Tensor, _ expected: [Float], _ what: String) throws {
    try #require(!expected.isEmpty)
    expectClose(value.elements, expected, relative: 1e-5, what)
  }

  private func expectNear(_ features: Variable, _ result: GoldenTower.Result, of rows: [Variable])
    throws
  {
    try expectNear(features.value, result.features, "features")
    let direction = Variable(try GoldenTower.draw("direction", features.shape))
    let gradients = try features.times(direction).sum().backward()
    #expect(rows.count == result.gradients.count)
    for (index, row) in rows.enumerated() {
      try expectNear(#require(gradients[row]), result.gradients[index], "gradient \(index)")
    }
  }
}

/// One small CLIP and what PyTorch made of it.
struct GoldenTower: Decodable, Sendable, CustomTestStringConvertible {
  let architecture: Sizes
  let names: [[Int]]
  let words: [Int]
  let prompts: Int
  let pooled: [Float]
  let patches: [Float]
  let promptedImages: Result
  let sentences: [Float]
  let context: Result
  let promptedTexts: Result

  struct Result: Decodable, Sendable {
    let features: [Float]
    let gradients: [[Float]]
  }

  struct Sizes: Decodable, Sendable {
    let imageSize, patchSize, jointWidth, contextLength, vocabularySize: Int
    let epsilon: Float
    let vision, text: Tower
  }

  struct Tower: Decodable, Sendable {
    let width, layers, heads, hidden: Int
    let activation: String

    func tower(_ epsilon: Float) -> Architecture.Tower {
      Architecture.Tower(
        width: width, layers: layers, heads: heads, hidden: hidden,
        activation: activation == "gelu" ? .gelu : .quickGELU, epsilon: epsilon)
    }
  }

  static let all: [GoldenTower] = {
    guard let data = try? ReferenceFiles.golden("towers.json") else { return [] }
    return (try? JSONDecoder().decode([GoldenTower].self, from: data)) ?? []
  }()

  var testDescription: String { "\(sizes.imageSize) pixels, \(names.count) names" }

  var sizes: Architecture {
    let a = architecture
    return Architecture(
      imageSize: a.imageSize,
      vision: .transformer(a.vision.tower(a.epsilon), patchSize: a.patchSize),
      text: a.text.tower(a.epsilon),
      jointWidth: a.jointWidth, contextLength: a.contextLength, vocabularySize: a.vocabularySize)
  }

  func clip() throws -> CLIP {
    let shapes = Dictionary(uniqueKeysWithValues: sizes.tensors.map { ($0.name, $0.shape) })
    return try CLIP(
      Weights(sizes) { name in
        let shape = try #require(shapes[name])
        let isNorm = name.contains("ln_")
        let isEmbedding = name.hasSuffix("embedding") || name.hasPrefix("token")
        let scale: Float = isNorm || name.hasSuffix("bias") ? 0.25 : isEmbedding ? 2 : 1
        return try Self.draw(
          name, shape, scale: scale, shift: isNorm && !name.hasSuffix("bias") ? 1 : 0)
      }, tokenizer: nil)
  }

  func rows(_ name: String, _ tower: Architecture.Tower) throws -> [Variable] {
    try (0..<tower.layers).map { layer in
      Variable(
        try Self.draw("\(name) \(layer)", [prompts, tower.width], scale: 2), requiresGradient: true)
    }
  }

  /// start, prefix, name, period, end.
  func classes(_ prefix: [Int]) throws -> Classes {
    let count = architecture.vocabularySize
    return .tokens(
      try TokenTable(
        ids: names.map { [count - 2] + prefix + $0 + [1, count - 1] },
        nameLengths: names.map(\.count)))
  }

  /// `draw` of make.py.
  static func draw(_ name: String, _ shape: [Int], scale: Float = 1, shift: Float = 0) throws
    -> Tensor
  {
    var state = name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    let elements = (0..<shape.reduce(1, *)).map { _ in
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      z ^= z >> 31
      return shift + scale * (Float(z >> 40) * 0x1p-24 - 0.5)
    }
    return try Tensor(shape: shape, elements: elements)
  }
}
