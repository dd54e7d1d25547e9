/// The rules of the eight sets: what an item of a label looks like, before its colour cast.
extension Drawing {
  /// The drawing of an item of a data set, or of one of its variants.
  static func item(of set: ShapesSet, label: Int, _ gap: Gap, _ u: HashDraws) -> Drawing {
    var drawing = Drawing(u)
    switch set {
    case .compositions:
      let (colour, shape) = ShapesClasses.compositions[label]
      drawing.addSingle(shape.profile, colour: colour.rawValue, turn: gap(0.2, 0.4), gap)
    case .stars:
      drawing.addSingle(
        FineShape.profile(label), colour: drawing.colour, turn: gap(0.35, 0.8), gap)
    case .textures: drawing.addTexture(Texture.patterns[label], gap)
    case .fields:
      drawing.addField(Field.allCases[label], gap)
      drawing.hue = u[42, plusMinus: 0.05]
    case .scenes: drawing.addScene(label, gap)
    case .emblems: drawing.addEmblem(label, gap)
    case .counts: drawing.addCount(label, gap)
    case .shapes, .shapesV2, .shapesSketch, .shapesAdversarial, .shapesRendition:
      drawing.addSingle(label, colour: drawing.colour, turn: gap(0.2, 0.4), gap)
    }
    drawing.addEffects(
      noise: 0.02 * gap.amount...gap(0.04, 0.07), light: gap(0.2, 0.3),
      contrast: gap(0.8, 0.65)...1, blurShare: gap(0.15, 0.35))
    drawing.vary(as: set)
    return drawing
  }

  private var colour: Int { u.index(22, of: 12) }

  private var secondColour: Int { (colour + 1 + u.index(26, of: 11)) % 12 }

  private func texture(_ gap: Gap) -> Texture {
    u[24] < Float(gap(0.7, 0.3)) ? .solid : Texture.fills[u.index(25, of: 12)]
  }

  /// One object near the middle.
  private mutating func addSingle(_ profile: Int, colour: Int, turn: Double, _ gap: Gap) {
    let size = u[27, gap(0.55, 0.45)...gap(0.95, 0.85)]
    let room = max((1 - size) * Float(gap(0.5, 0.7)), 0.05)
    addPaper(gap)
    add(
      0, slot: 120,
      Plan(
        profile: profile, colour: colour, texture: texture(gap), x: u[28, -1...1] * room,
        y: u[29, -1...1] * room, size: size, rotation: u[40, plusMinus: turn],
        amplitude: gap(0.06, 0.12), frequency: 1...gap(1.9, 2.4)))
    objects[0].aspect = u[41, gap(0.9, 0.8)...gap(1.1, 1.25)]
    hue = u[42, plusMinus: 0.04 * gap.amount]
  }

  private mutating func addTexture(_ texture: Texture, _ gap: Gap) {
    let first = u.jitter(120, Palette.colours[colour], 0.15)
    let second = u.jitter(124, Palette.colours[secondColour], 0.15)
    background = Paint(
      first: first, second: first + (second - first) * u[43, gap(0.8, 0.35)...1],
      texture: texture, frequency: u[27, 1.3...gap(3, 3.6)], phase: u[29])
    backgroundRotation = u[28, plusMinus: gap(0.4, 1.2)]
    warp = u[42, 0...0.09 * gap.amount]
  }

  private mutating func addScene(_ label: Int, _ gap: Gap) {
    let (first, second) = ShapesClasses.scenes[label / 4]
    let relation = Relation.allCases[label % 4]
    let offset = u[29, gap(0.42, 0.36)...0.55]
    let lateral = u[40, plusMinus: gap(0.25, 0.35)]
    let sizes = gap(0.32, 0.28)...gap(0.45, 0.42)
    let places = (relation.place(offset, lateral), relation.opposite.place(offset, lateral))
    addPaper(gap)
    add(
      0, slot: 120,
      Plan(
        profile: first.profile, colour: colour, texture: texture(gap), x: places.0.x,
        y: places.0.y, size: u[27, sizes], rotation: u[41, plusMinus: 0.3],
        amplitude: gap(0.06, 0.1)))
    add(
      1, slot: 140,
      Plan(
        profile: second.profile, colour: secondColour, x: places.1.x, y: places.1.y,
        size: u[28, sizes], rotation: u[42, plusMinus: 0.3], amplitude: gap(0.06, 0.1)))
  }

  private mutating func addEmblem(_ label: Int, _ gap: Gap) {
    let (inner, outer) = ShapesClasses.emblems[label]
    let size = u[27, 0.6...0.9]
    let (x, y) = (u[28, plusMinus: 0.15], u[29, plusMinus: 0.15])
    addPaper(gap)
    add(
      0, slot: 120,
      Plan(
        profile: outer.profile, colour: secondColour,
        texture: u[43] < 0.4 ? texture(gap) : .solid, x: x, y: y, size: size,
        rotation: u[41, plusMinus: 0.3], amplitude: gap(0.06, 0.1)))
    add(
      1, slot: 140,
      Plan(
        profile: inner.profile, colour: colour, x: x, y: y, size: size * u[44, 0.36...0.5],
        rotation: u[42, plusMinus: 0.3], amplitude: gap(0.06, 0.1)))
  }

  private mutating func addCount(_ label: Int, _ gap: Gap) {
    let (number, shape) = ShapesClasses.counts[label]
    let places = cells()
    let isMixed = u[50] >= 0.5
    addPaper(gap)
    for k in 0..<number {
      add(
        k, slot: 120 + 20 * k,
        Plan(
          profile: shape.profile, colour: isMixed ? u.index(60 + k, of: 12) : colour,
          x: places[k].x, y: places[k].y, size: u[127 + 20 * k, gap(0.22, 0.2)...0.3],
          rotation: u[128 + 20 * k, plusMinus: 0.5]))
    }
  }
}

extension Drawing {
  /// What a variant of `shapes` changes.
  private mutating func vary(as set: ShapesSet) {
    switch set {
    case .shapesV2:
      objects[0].size *= 0.92
      noise = u[7, 0.04...0.1]
      light = u[8, 0.1...0.45]
    case .shapesSketch:
      isSketch = true
      background.first = Colour(repeating: 0.96)
      background.second = Colour(repeating: 0.88)
      objects[0].paint.first = Colour(repeating: u[51, 0.05...0.35])
      gray = 1
      noise = u[7, 0...0.05]
    case .shapesAdversarial:
      contrast = u[9, 0.4...0.8]
      for k in 1...3 { addOccluder(k, slot: 140 + 20 * k) }
    case .shapesRendition:
      warp = u[52, 0.04...0.14]
      hue = u[53]
      objects[0].paint.second = u.jitter(54, Palette.colours[u.index(58, of: 12)], 0.1)
      objects[0].paint.texture =
        u[59] < 0.7 ? Texture.fills[1 + u.index(25, of: 11)] : .solid
    default: break
    }
  }

  /// A bar or a disc in the way.
  private mutating func addOccluder(_ k: Int, slot: Int) {
    let isBar = u[slot + 7] < 0.5
    let shape: Shape = isBar ? .rectangle : .circle
    add(
      k, slot: slot,
      Plan(
        profile: shape.profile, colour: u.index(slot + 8, of: 12),
        x: u[slot + 9, plusMinus: 0.8], y: u[slot + 10, plusMinus: 0.8],
        size: isBar ? 0.1 : u[slot + 11, 0.1...0.2], rotation: u[slot + 12, 0...2 * Double.pi]))
    objects[k].aspect = isBar ? 8 : 1
  }
}
