/// The data sets of Shapes world: eight with three splits, and four variants of `shapes`, test only.
package enum ShapesSet: String, CaseIterable, Sendable {
  case shapes, compositions, textures, stars, fields, scenes, emblems, counts
  case shapesV2 = "shapes_v2"
  case shapesSketch = "shapes_sketch"
  case shapesAdversarial = "shapes_adversarial"
  case shapesRendition = "shapes_rendition"

  /// Whether this is `shapes` under a shift, for tests of domain generalization.
  package var isVariant: Bool { id > 10 }

  /// The names of the classes, by label.
  package var classes: [String] {
    switch self {
    case .compositions: ShapesClasses.compositions.map { "\($0.colour) \($0.shape)" }
    case .textures: Texture.patterns.map(\.name)
    case .stars: FineShape.names
    case .fields: Field.names
    case .scenes:
      ShapesClasses.scenes.flatMap { pair in
        Relation.words.map { "\(pair.first) \($0) \(pair.second)" }
      }
    case .emblems: ShapesClasses.emblems.map { "\($0.inner) inside \($0.outer)" }
    case .counts: ShapesClasses.counts.map { "\(Number.words[$0.number]) \($0.shape)s" }
    case .shapes, .shapesV2, .shapesSketch, .shapesAdversarial, .shapesRendition: Shape.names
    }
  }

  /// How many classes there are, without making their names.
  package var classCount: Int {
    switch self {
    case .compositions: ShapesClasses.compositions.count
    case .textures: Texture.patterns.count
    case .stars: FineShape.count
    case .fields: Field.allCases.count
    case .scenes: ShapesClasses.scenes.count * Relation.allCases.count
    case .emblems: ShapesClasses.emblems.count
    case .counts: ShapesClasses.counts.count
    case .shapes, .shapesV2, .shapesSketch, .shapesAdversarial, .shapesRendition:
      Shape.allCases.count
    }
  }

  /// The sentence that a class name is put into.
  package var template: String {
    switch self {
    case .textures: "{} texture."
    case .stars: "a photo of a {}, a kind of shape."
    case .fields: "a satellite image of {}."
    case .counts: "a photo of {}."
    default: "a photo of a {}."
    }
  }

  /// How far the set is from the pretraining drawings unless a user says otherwise.
  package var defaultGap: Double {
    switch self {
    case .fields: 1
    case .textures, .stars, .scenes, .emblems, .counts: 0
    default: 0.3
    }
  }

  /// The number that the draws of the set depend on.
  var id: Int {
    switch self {
    case .shapes: 1
    case .compositions: 2
    case .textures: 3
    case .stars: 4
    case .fields: 5
    case .scenes: 6
    case .emblems: 7
    case .counts: 8
    case .shapesV2: 11
    case .shapesSketch: 12
    case .shapesAdversarial: 13
    case .shapesRendition: 14
    }
  }

  /// A colour cast, the same for all pictures of the set.
  var tone: Tone {
    switch self {
    case .shapes, .fields, .shapesV2, .shapesAdversarial: .dim
    case .compositions: .compositions
    case .textures: .textures
    case .stars, .scenes, .emblems, .counts, .shapesSketch, .shapesRendition: .mild
    }
  }
}

/// The part of the gap that prompts can learn: clip(round(gain · value + 255 · offset), 0, 255).
struct Tone {
  static let dim = Tone(gains: [0.5, 0.5, 0.5], offsets: [0.05, 0.05, 0.05])
  static let mild = Tone(gains: [0.7, 0.7, 0.7], offsets: [0.03, 0.03, 0.03])
  static let compositions = Tone(gains: [0.5, 0.65, 0.4], offsets: [0.2, 0, 0.1])
  static let textures = Tone(gains: [0.75, 0.55, 0.4], offsets: [0.1, 0.05, 0])

  /// What becomes of each byte: 256 for red, 256 for green, 256 for blue.
  private let table: [UInt8]

  private init(gains: [Float], offsets: [Double]) {
    table = zip(gains, offsets).flatMap { gain, offset in
      (0..<256).map { Painter.byte(Float($0) * gain + Float(offset * 255)) }
    }
  }

  func applied(to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for index in stride(from: 0, to: bytes.count, by: 3) {
      result.append(table[Int(bytes[index])])
      result.append(table[256 + Int(bytes[index + 1])])
      result.append(table[512 + Int(bytes[index + 2])])
    }
    return result
  }
}

/// The lists that classes are combined from, in the order of the labels.
enum ShapesClasses {
  static let compositions: [(colour: Palette, shape: Shape)] = {
    let colours: [Palette] = [.purple, .orange, .green, .pink, .cyan, .brown]
    let shapes: [Shape] = [.heart, .cross, .hexagon, .arrow, .crescent, .drop]
    return colours.flatMap { colour in shapes.map { (colour, $0) } }
  }()

  static let scenes: [(first: Shape, second: Shape)] = [
    (.circle, .square), (.star, .cross), (.heart, .triangle), (.ring, .diamond),
    (.hexagon, .arrow), (.crescent, .rectangle),
  ]

  static let emblems: [(inner: Shape, outer: Shape)] = {
    let outer: [Shape] = [.circle, .square, .shield, .hexagon]
    let inner: [Shape] = [.star, .heart, .cross, .triangle, .crescent, .arrow]
    return outer.flatMap { outer in inner.map { ($0, outer) } }
  }()

  static let counts: [(number: Int, shape: Shape)] = {
    let shapes: [Shape] = [.circle, .star, .square, .heart, .triangle]
    return shapes.flatMap { shape in (2...5).map { ($0, shape) } }
  }()
}
