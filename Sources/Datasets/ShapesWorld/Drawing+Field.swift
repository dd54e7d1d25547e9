/// Landscapes seen from above: the classes of the set `fields`, and a kind of pretraining drawing.
enum Field: Int, CaseIterable {
  case cropRows, forest, river, road, lake, village, orchard, desert, meadow, town, sea, snow

  static let names = [
    "crop rows", "forest", "river", "road", "lake", "village", "orchard", "desert", "meadow",
    "town", "sea", "snow",
  ]

  /// The background's texture and its two colours.
  var ground: (texture: Texture, first: Colour, second: Colour) {
    switch self {
    case .cropRows: (.striped, Palette.green.colour, Palette.brown.colour)
    case .forest: (.speckled, Palette.green.colour, Palette.black.colour)
    case .river, .village: (.cloudy, Palette.green.colour, Palette.yellow.colour)
    case .road, .lake: (.cloudy, Palette.green.colour, Palette.brown.colour)
    case .orchard: (.dotted, Palette.brown.colour, Palette.green.colour)
    case .desert: (.cloudy, Palette.yellow.colour, Palette.brown.colour)
    case .meadow: (.cloudy, Palette.green.colour, Palette.green.colour)
    case .town: (.grid, Palette.gray.colour, Palette.brown.colour)
    case .sea: (.wavy, Palette.blue.colour, Palette.cyan.colour)
    case .snow: (.cloudy, [0.96, 0.96, 0.96], Palette.gray.colour)
    }
  }

  /// How much of the second colour there is.
  var mix: Float {
    switch self {
    case .river, .road, .lake, .village, .meadow: 0.55
    default: 1
    }
  }
}

extension Drawing {
  /// Lays out a landscape, with the details in the slots from 400 on.
  mutating func addField(_ field: Field, _ gap: Gap = Gap(amount: 0)) {
    let slot = 400
    let ground = field.ground
    let amplitude = 0.1 + 0.08 * gap.amount
    let first = u.jitter(slot, ground.first, amplitude)
    let second = u.jitter(slot + 3, ground.second, amplitude)
    background = Paint(
      first: first,
      second: (first + (second - first) * field.mix)
        .clamped(lowerBound: .zero, upperBound: .one),
      texture: ground.texture, frequency: u[slot + 6, 1.5...2.6 + 1.2 * gap.amount],
      phase: u[slot + 8])
    backgroundRotation = u[slot + 7, 0...2 * Double.pi]
    switch field {
    case .village: for k in 0..<5 { addHouse(k, slot: slot + 20 + 12 * k) }
    case .river, .road, .lake: addWater(field, slot: slot)
    default: break
    }
    if u[slot + 104] < Float(0.6 * gap.amount) { addPlot(slot: slot + 90) }
    light = u[slot + 14, 0...0.12 + 0.2 * gap.amount]
  }

  private mutating func addHouse(_ k: Int, slot: Int) {
    let roofs: [Palette] = [.red, .brown, .gray, .black]
    let roof = roofs[u.index(slot + 11, of: 4)]
    add(
      k, slot: slot,
      Plan(
        profile: Shape.square.profile, colour: roof.rawValue, x: u[slot + 7, plusMinus: 0.7],
        y: u[slot + 8, plusMinus: 0.7], size: u[slot + 9, 0.13...0.22],
        rotation: u[slot + 10, 0...2 * Double.pi], amplitude: 0.08))
  }

  /// The one object of a river, a road or a lake; its place is that of a first house, halved.
  private mutating func addWater(_ field: Field, slot: Int) {
    let house = slot + 20
    let width = u[slot + 9, 0.12...0.22]
    let shape: Shape = field == .lake ? .oval : .rectangle
    add(
      0, slot: house,
      Plan(
        profile: shape.profile, colour: Palette.gray.rawValue,
        x: u[house + 7, plusMinus: 0.7] * 0.5, y: u[house + 8, plusMinus: 0.7] * 0.5,
        size: field == .lake ? u[slot + 10, 0.5...0.8] : field == .river ? width * 2 : width,
        rotation: u[house + 10, 0...2 * Double.pi]))
    let colour: Palette = field == .road ? .gray : .blue
    objects[0].aspect = field == .lake ? 1 : field == .river ? 12 : 26
    objects[0].paint.first = u.jitter(slot + 11, colour.colour, 0.1)
  }

  /// A foreign plot in a corner.
  private mutating func addPlot(slot: Int) {
    func side(_ value: Float) -> Float { value > 0 ? 0.75 : value < 0 ? -0.75 : 0 }
    add(
      5, slot: slot,
      Plan(
        profile: Shape.square.profile, colour: u.index(slot + 11, of: 12),
        texture: Texture.patterns[u.index(slot + 12, of: 9)],
        x: side(u[slot + 7, -1...1]), y: side(u[slot + 8, -1...1]),
        size: u[slot + 9, 0.3...0.55], rotation: u[slot + 10, plusMinus: 0.3]))
  }
}
