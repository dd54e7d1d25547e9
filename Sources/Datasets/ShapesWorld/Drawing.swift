/// A drawing before it is painted: a background, up to six objects, and effects.
///
/// It keeps the draws it is made from, so that the rules of a set read like their description: a
/// number, a slot, a range.
struct Drawing {
  let u: HashDraws
  var background = Paint()
  /// How far the background's texture is turned, in radians.
  var backgroundRotation: Float = 0
  var objects: [Figure] = []
  /// Whether objects are outlines without a texture.
  var isSketch = false
  var warp: Float = 0
  var light: Float = 0
  var hue: Float = 0
  var contrast: Float = 1
  var gray: Float = 0
  var blur: Float = 0
  var noise: Float = 0

  init(_ u: HashDraws) { self.u = u }
}

/// Two colours and the texture that mixes them.
struct Paint {
  var first = Colour.zero
  var second = Colour.zero
  var texture = Texture.solid
  var frequency: Float = 2
  var phase: Float = 0
}

/// An object of a drawing. x points right, y down, and the picture spans −1 … 1.
struct Figure {
  /// Its place among the objects, which its hashes depend on.
  let index: Int
  /// Which of ``Profile/all`` it is.
  var profile: Int
  var x: Float
  var y: Float
  var size: Float
  var rotation: Float
  var aspect: Float
  var paint: Paint
}

/// What is chosen about an object before the details are drawn.
struct Plan {
  var profile: Int
  var colour: Int
  var texture = Texture.solid
  var x: Float
  var y: Float
  var size: Float
  var rotation: Float
  /// How far the colour strays.
  var amplitude = 0.06
  var frequency = 1.1...1.9
}

/// How far a set is from the pretraining drawings: 0 as in pretraining, 1 far.
struct Gap {
  let amount: Double

  /// [p|q] = p + (q − p) g.
  func callAsFunction(_ near: Double, _ far: Double) -> Double { near + (far - near) * amount }
}

extension Drawing {
  /// Puts object `index` in, with the details in the slots from `slot` on.
  mutating func add(_ index: Int, slot: Int, _ plan: Plan) {
    let first = u.jitter(slot + 1, Palette.colours[plan.colour], plan.amplitude)
    objects.append(
      Figure(
        index: index, profile: plan.profile, x: plan.x, y: plan.y, size: plan.size,
        rotation: plan.rotation, aspect: u[slot, 0.9...1.1],
        paint: Paint(
          first: first, second: Palette.second(to: first, u[slot + 4]), texture: plan.texture,
          frequency: u[slot + 5, plan.frequency], phase: u[slot + 6])))
  }

  /// Light paper, plain, shaded or cloudy; with `clutter` as its share, any pattern.
  mutating func addPaper(clutter: Double = 0, tint: Double = 0.06, low: Double = 0.8) {
    let slot = 100
    let first = u.jitter(slot + 1, Colour(repeating: u[slot, low...1]), tint)
    let kind = u[slot + 5]
    var texture = kind < 0.6 ? Texture.solid : kind < 0.85 ? .shaded : .cloudy
    if u[slot + 6] < Float(clutter) { texture = Texture.patterns[u.index(slot + 7, of: 18)] }
    background = Paint(
      first: first,
      second: (first - u[slot + 4, 0...0.2]).clamped(lowerBound: .zero, upperBound: .one),
      texture: texture, frequency: u[slot + 8, 1.2...3], phase: u[slot + 10])
    backgroundRotation = u[slot + 9, 0...2 * Double.pi]
  }

  /// Light paper as the downstream sets have it.
  mutating func addPaper(_ gap: Gap) {
    addPaper(clutter: gap(0, 0.25), tint: gap(0.06, 0.15), low: gap(0.8, 0.65))
  }

  /// Six places of a 3 x 2 grid, jittered, in a hashed order.
  func cells() -> [(x: Float, y: Float)] {
    let slot = 300
    let order = (0..<6).map { (rank: u[slot + $0], place: $0) }
      .sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }
    return order.enumerated().map { k, cell in
      (
        x: Float(cell.place % 3 - 1) * 0.62 + u[slot + 10 + k, plusMinus: 0.09],
        y: (Float(cell.place / 3) - 0.5) * 0.95 + u[slot + 20 + k, plusMinus: 0.15]
      )
    }
  }

  /// The effects that every set has: noise, light, contrast and sometimes blur.
  mutating func addEffects(
    noise: ClosedRange<Double>, light: Double, contrast: ClosedRange<Double>, blurShare: Double
  ) {
    self.noise = u[7, noise]
    self.light = max(self.light, u[8, 0...light])
    self.contrast = u[9, contrast]
    blur = u[10] < Float(blurShare) ? u[11, 0.3...1] : 0
  }
}

/// A direction from one object to another.
enum Relation: Int, CaseIterable {
  case left, right, above, below

  static let words = ["left of", "right of", "above", "below"]

  var words: String { Self.words[rawValue] }

  var opposite: Relation {
    switch self {
    case .left: .right
    case .right: .left
    case .above: .below
    case .below: .above
    }
  }

  /// The first object's place, `offset` along the relation and `lateral` across it.
  func place(_ offset: Float, _ lateral: Float) -> (x: Float, y: Float) {
    switch self {
    case .left: (-offset, lateral)
    case .right: (offset, lateral)
    case .above: (lateral, -offset)
    case .below: (lateral, offset)
    }
  }
}
