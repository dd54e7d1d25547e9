import Autograd
import CLIP
import Tensor

/// A small CLIP with random weights of order one, so that a missing term shows.
enum TinyCLIP {
  static let architecture = Architecture(
    imageSize: 16, vision: .transformer(.init(width: 32, layers: 3, heads: 4), patchSize: 8),
    text: .init(width: 24, layers: 3, heads: 4), jointWidth: 16, vocabularySize: 60)

  static func weights(_ architecture: Architecture = architecture, isTrainable: Bool = false)
    throws -> Weights
  {
    var stream = RandomStream(seed: 5, name: "tiny")
    let shapes = Dictionary(uniqueKeysWithValues: architecture.tensors.map { ($0.name, $0.shape) })
    return try Weights(architecture, isTrainable: isTrainable) { name in
      guard let shape = shapes[name] else { return nil }
      let draw = try Tensor.normal(shape, deviation: deviation(name, shape), from: &stream)
      if name.contains("ln_"), name.hasSuffix("weight") {
        return try draw.combined(.sum, with: Tensor(1))
      }
      return draw
    }
  }

  private static func deviation(_ name: String, _ shape: [Int]) -> Float {
    if name.contains("ln_") || name.hasSuffix("bias") { return 0.1 }
    if name.hasSuffix("embedding") || name.hasPrefix("token") { return 0.5 }
    if name.hasSuffix("proj") || name.hasSuffix("projection") {
      return 1 / Float(shape[0]).squareRoot()
    }
    return 1 / Float(shape.dropFirst().reduce(1, *)).squareRoot()
  }

  /// Prompts as token tables: SOT 58, n placeholders or words, a name, a period 57, EOT 59.
  static func classes(names: [[Int]], prefix: [Int]) throws -> Classes {
    let rows = names.map { [58] + prefix + $0 + [57, 59] }
    return .tokens(try TokenTable(ids: rows, nameLengths: names.map(\.count)))
  }

  static let names = [[7], [3, 9, 21], [11, 3], [7, 8, 9, 10], [30, 2]]

  static func random(_ shape: [Int], _ name: String) throws -> Variable {
    var stream = RandomStream(seed: 11, name: name)
    return Variable(try Tensor.normal(shape, deviation: 0.7, from: &stream), requiresGradient: true)
  }
}

/// Prompts for the plain evaluation: SOT, n places and a name in one of three orders, a period, EOT.
struct SlottedPrompts {
  let rows: [[Int]]
  /// Where the rows of the context stand.
  let slots: [PlainEvaluation.Slot]
  /// Where the names stand; their row is that of the class.
  let nameSlots: [PlainEvaluation.Slot]

  init(_ names: [[Int]], context n: Int, _ position: PromptForm.Position, perClass: Bool) {
    let before =
      switch position {
      case .end: n
      case .middle: n / 2
      case .front: 0
      }
    let hole = 0
    rows = names.map { name in
      [58] + [Int](repeating: hole, count: before) + name
        + [Int](repeating: hole, count: n - before) + [57, 59]
    }
    slots = names.indices.flatMap { c in
      (0..<n).map { j in
        PlainEvaluation.Slot(
          class: c, slot: 1 + j + (j >= before ? names[c].count : 0),
          row: perClass ? c * n + j : j)
      }
    }
    nameSlots = names.indices.flatMap { c in
      names[c].indices.map { PlainEvaluation.Slot(class: c, slot: 1 + before + $0, row: c) }
    }
  }
}

extension Architecture {
  /// The transformer of a CLIP that has one.
  var imageTower: Tower {
    guard let tower = vision.tower else { preconditionFailure("a ResNet") }
    return tower
  }

  var patchSize: Int {
    guard case .transformer(_, let patchSize) = vision else { preconditionFailure("a ResNet") }
    return patchSize
  }

  var patches: Int { imageSize / patchSize * (imageSize / patchSize) }
}
