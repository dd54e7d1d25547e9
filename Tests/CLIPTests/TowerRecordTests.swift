import Autograd
import CLIP
import Foundation
import Tensor
import Testing

/// What the record of a tower holds, told from memory alone. Each test runs in a process of its own.
struct TowerRecordTests {
  static let architecture = Architecture(
    imageSize: 64, vision: .transformer(.init(width: 64, layers: 4, heads: 4), patchSize: 4),
    text: .init(width: 64, layers: 4, heads: 4), jointWidth: 32, vocabularySize: 60)

  /// Floats that are alive after `body` beyond those before, in rows of width 64.
  static func rows(_ body: () throws -> Variable) throws -> (Double, Variable) {
    let before = MemoryPool.shared.liveBytes
    let result = try body()
    return (Double(MemoryPool.shared.liveBytes - before) / 4 / 64, result)
  }

  static func context(_ rows: Int, isTrained: Bool) throws -> Variable {
    let drawn = try TinyCLIP.random([rows, 64], "context")
    return isTrained ? drawn : drawn.detached
  }

  static func deep(_ rows: [Variable]) -> Prompts {
    Prompts(depth: rows.count) { layer, _ in rows[layer] }
  }

  static func images(_ count: Int) throws -> Variable {
    try TinyCLIP.random([count, 3, 64, 64], "images").detached
  }

  @Test func `constants leave no record`() async {
    await #expect(processExitsWith: .success) {
      let clip = try CLIP(TinyCLIP.weights(Self.architecture), tokenizer: nil)
      let classes = try TinyCLIP.classes(names: TinyCLIP.names, prefix: [5, 6])
      let form = PromptForm.context(count: 2, perClass: false, position: .end)
      let context = try Self.context(2, isTrained: false)
      // The first call makes the plan of these classes.
      _ = try clip.text.encode(
        classes, as: form, learned: context, prompts: nil, tokenizer: nil)
      let (text, features) = try Self.rows {
        try clip.text.encode(classes, as: form, learned: context, prompts: nil, tokenizer: nil)
      }
      #expect(text < 5 && !features.requiresGradient)
      let images = try Self.images(2)
      let prompts = Self.deep([context, context, context])
      let (image, pooled) = try Self.rows {
        try clip.image.encode(images, prompts: prompts, wantsPatches: false).pooled
      }
      #expect(image < 5 && !pooled.requiresGradient)
    }
  }

  /// Features of three classes whose names have 60 tokens.
  private static func longNames(
    _ clip: CLIP, _ context: Variable, _ position: PromptForm.Position
  ) throws -> Variable {
    let names = (0..<3).map { [Int](repeating: 7 + $0, count: 60) }
    return try clip.text.encode(
      TinyCLIP.classes(names: names, prefix: [5, 6, 7, 8]),
      as: .context(count: 4, perClass: false, position: position), learned: context,
      prompts: nil, tokenizer: nil)
  }

  /// A block keeps its input, q, k, v, the middle and the hidden layer: 9 widths a row. The first one
  /// has an input that is no result, and the last one keeps its input, k and v of all rows, and little
  /// more than 7 widths of the ends.
  @Test func `a frozen text tower keeps what its essay says`() async {
    await #expect(processExitsWith: .success) {
      let clip = try CLIP(TinyCLIP.weights(Self.architecture), tokenizer: nil)
      let context = try Self.context(4, isTrained: true)
      let pass = { try Self.longNames(clip, context, .end) }
      // The first call makes what is kept of these classes.
      _ = try pass()
      let (kept, features) = try Self.rows(pass)
      let packed = Double(5 + 3 * 62)
      #expect(kept > packed * 28 && kept < packed * 29 * 1.15, "\(kept / packed)")
      let gradients = try features.sum().backward()
      #expect(gradients[context] != nil)
      for (name, weight) in clip.weights.entries {
        #expect(gradients[weight] == nil, "\(name)")
      }
    }
  }

  @Test func `a frozen image tower keeps what its essay says`() async {
    await #expect(processExitsWith: .success) {
      let clip = try CLIP(TinyCLIP.weights(Self.architecture), tokenizer: nil)
      let rows = try (0..<4).map { _ in try Self.context(3, isTrained: true) }
      let images = try Self.images(2)
      let (kept, pooled) = try Self.rows {
        try clip.image.encode(images, prompts: Self.deep(rows), wantsPatches: false).pooled
      }
      // The inputs of the first normalisation and the first block are kept for the prompts only.
      let all = Double(2 * (257 + 3))
      #expect(kept > all * 28 && kept < all * 29 * 1.15, "\(kept / all)")
      let gradients = try pooled.sum().backward()
      for row in rows { #expect(gradients[row] != nil) }
      for (name, weight) in clip.weights.entries { #expect(gradients[weight] == nil, "\(name)") }
    }
  }

  /// Rows that are learned for a deep block only: the blocks before it are constants.
  @Test func `blocks below the learned rows leave no record`() async {
    await #expect(processExitsWith: .success) {
      let clip = try CLIP(TinyCLIP.weights(Self.architecture), tokenizer: nil)
      let fixed = try Self.context(3, isTrained: false)
      let learned = try Self.context(3, isTrained: true)
      let images = try Self.images(2)
      let prompts = Prompts(depth: 4) { layer, _ in layer == 3 ? learned : fixed }
      let (kept, pooled) = try Self.rows {
        try clip.image.encode(images, prompts: prompts, wantsPatches: false).pooled
      }
      #expect(kept < Double(2 * (257 + 3)) * 4)
      #expect(try pooled.sum().backward()[learned] != nil)
    }
  }

  /// Names of 60 tokens, of which a pass behind them leaves no trace.
  @Test func `names in front of the learned rows leave no record`() async {
    await #expect(processExitsWith: .success) {
      let clip = try CLIP(TinyCLIP.weights(Self.architecture), tokenizer: nil)
      let context = try Self.context(4, isTrained: true)
      let pass = { try Self.longNames(clip, context, .front) }
      // The first call makes what is kept of these classes: 4 widths a row and 2 in further blocks.
      let (first, _) = try Self.rows(pass)
      #expect(first > 199 * 9)
      let (kept, features) = try Self.rows(pass)
      // Beside the six active rows of a class, each block keeps k and v of all rows it sees.
      let (active, all) = (3.0 * 6, 1.0 + 3 * 66)
      #expect(kept < 4 * (9 * active + 2 * all) * 1.1, "\(kept)")
      #expect(try features.sum().backward()[context] != nil)
    }
  }

  @Test func `what a call keeps for its gradient stays below the limit`() async {
    await #expect(processExitsWith: .success) {
      let clip = try CLIP(TinyCLIP.weights(Self.architecture), tokenizer: nil)
      let names = (0..<30).map { [Int](repeating: 7 + $0, count: 20) }
      let classes = try TinyCLIP.classes(names: names, prefix: [5, 6])
      let contexts = try TinyCLIP.random([4, 2, 64], "contexts")
      let form = PromptForm.context(count: 2, perClass: false, position: .end)
      let before = MemoryPool.shared.liveBytes
      let step = {
        let features = try clip.text.encode(
          classes, as: form, learnedPerImage: contexts, tokenizer: nil)
        #expect(try features.sum().backward()[contexts] != nil)
        return MemoryPool.shared.peakBytes - before
      }
      clip.text.recordLimit = 1 << 20
      let bound = try step()
      clip.text.recordLimit = 1 << 30
      let free = try step()
      #expect(bound < 4 << 20 && free > 16 << 20, "\(bound) and \(free)")
    }
  }

  /// Chunks of blocks and heads go to whichever thread is free: values and gradients may not tell.
  @Test func `results do not depend on the number of threads`() async {
    await #expect(processExitsWith: .success) {
      unsafe setenv("DUET_THREADS", "2", 1)
      #expect(Parallel.threads == 2)
      let architecture = Architecture(
        imageSize: 64, vision: .transformer(.init(width: 160, layers: 3, heads: 5), patchSize: 8),
        text: .init(width: 128, layers: 3, heads: 4), jointWidth: 64, vocabularySize: 60)
      for isTrainable in [false, true] {
        let weights = try TinyCLIP.weights(architecture, isTrainable: isTrainable)
        let pass = { try Self.everything(CLIP(weights, tokenizer: nil)) }
        let first = try serially(pass)
        #expect(first.count > 500)
        for _ in 0..<3 { #expect(try pass() == first) }
      }
    }
  }

  /// The bits of the features of both towers and of all gradients.
  static func everything(_ clip: CLIP) throws -> [UInt32] {
    let (v, t) = (clip.architecture.imageTower, clip.architecture.text)
    let visual = try (0..<3).map { try TinyCLIP.random([2, v.width], "visual \($0)") }
    let textual = try (0..<3).map { try TinyCLIP.random([2, t.width], "textual \($0)") }
    let images = try TinyCLIP.random([9, 3, 64, 64], "images").detached
    let names = (0..<40).map { c in (0..<1 + c % 7).map { 2 + (c * 5 + $0) % 50 } }
    let classes = try TinyCLIP.classes(names: names, prefix: [5, 6, 7])
    let image = try clip.image.encode(images, prompts: deep(visual), wantsPatches: true)
    let text = try clip.text.encode(
      classes, as: .words(nil, learned: 2, rows: 2), learned: nil, prompts: deep(textual),
      tokenizer: nil)
    let logits = try image.pooled.matmulTransposed(text).sum()
      .plus(try #require(image.patches).mapped(.tanh).sum())
    let gradients = try logits.backward()
    let parameters = visual + textual + clip.weights.entries.map(\.variable)
    let tensors = [image.pooled.value, text.value] + parameters.compactMap { gradients[$0] }
    return tensors.flatMap { $0.elements.map(\.bitPattern) }
  }
}

/// Runs `body` on one thread: a loop inside a loop is not given to others.
func serially<Result>(_ body: () throws -> Result) throws -> Result {
  var result: Swift.Result<Result, any Error>?
  Parallel.forEach(2) { chunk in
    if chunk == 0 { result = Swift.Result(catching: body) }
  }
  return try #require(result).get()
}
