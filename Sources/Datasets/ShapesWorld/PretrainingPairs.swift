internal import Pictures
package import Tensor

/// The endless list of drawings with captions that the embedded model learns from.
///
/// An item's kind decides what is drawn; the draws that all kinds share have fixed slots, and r(0) …
/// r(6) decide how the caption is worded (`PretrainingPairs+Captions`).
package enum PretrainingPairs {
  /// The pixels and the caption of an item: [32, 32, 3] bytes and a sentence.
  package static func pair(_ item: Int, seed: Int = 1) -> (pixels: [UInt8], caption: String) {
    let pair = PretrainingDraws(item, seed: seed).composed()
    return (Painter.pixels(of: pair.drawing), pair.caption)
  }

  /// Images of items, drawn on all threads, and their captions: [B, 3, 32, 32].
  package static func batch(_ items: some Collection<Int>, seed: Int = 1)
    throws(DatasetError) -> (images: Tensor, captions: [String])
  {
    let items = Array(items)
    let side = ShapesWorld.side
    let images = try Tensor.rows(items.count, of: [3, side, side]) { (index) throws(DatasetError) in
      let pixels = pair(items[index], seed: seed).pixels
      do throws(PictureError) {
        let picture = try Picture(width: side, height: side, pixels: pixels)
        return Normalization.mini.numbers(of: picture)
      } catch {
        throw .picture(name: "pretraining/\(items[index])", error)
      }
    }
    return (images, items.map { caption($0, seed: seed) })
  }

  /// The name of the shape that an item shows plainly and alone; nil for items of other kinds.
  package static func shape(_ item: Int, seed: Int = 1) -> String? {
    let draws = PretrainingDraws(item, seed: seed)
    return draws.kind == .single ? Shape.names[draws.shape] : nil
  }

  /// The caption of an item, without painting it.
  package static func caption(_ item: Int, seed: Int = 1) -> String {
    PretrainingDraws(item, seed: seed).composed().caption
  }
}

/// What is drawn, in the order of the shares.
enum PretrainingKind: Int {
  case single, fine, texture, scene, emblem, count, field

  static let shares = Shares([50, 10, 12, 10, 6, 6, 6])
}

/// The choices of one pretraining item.
struct PretrainingDraws {
  let u: HashDraws
  /// The first colour and the first shape; the common ones come more often.
  let colour: Int
  let shape: Int

  static let colours = Shares.tailHeavy(12)
  static let shapes = Shares.tailHeavy(30)

  init(_ item: Int, seed: Int) {
    u = HashDraws(seed: seed, set: 0, split: 0, item: item)
    colour = u.pick(22, Self.colours)
    shape = u.pick(23, Self.shapes)
  }

  var kind: PretrainingKind? { PretrainingKind(rawValue: u.pick(1, PretrainingKind.shares)) }

  /// Another colour, never the first one.
  var secondColour: Int { (colour + 1 + u.index(25, of: 11)) % 12 }

  /// The drawing with its effects, and its caption.
  func composed() -> (drawing: Drawing, caption: String) {
    var (drawing, words) = parts()
    drawing.addEffects(noise: 0...0.04, light: 0.2, contrast: 0.8...1.05, blurShare: 0.15)
    if u[21] < 0.6 { words += "." }
    return (drawing, words)
  }

  private func parts() -> (Drawing, String) {
    switch kind {
    case .fine:
      let fine = u.index(26, of: FineShape.count)
      return single(FineShape.profile(fine), FineShape.names[fine], turn: 0.35)
    case .texture: return texture()
    case .scene: return scene()
    case .emblem: return emblem()
    case .count: return count()
    case .field: return field()
    case .single, nil: return single(shape, Shape.names[shape], turn: 0.2)
    }
  }

  private func single(_ profile: Int, _ name: String, turn: Double) -> (Drawing, String) {
    let texture = u[24] < 0.6 ? Texture.solid : Texture.fills[u.index(25, of: 12)]
    let size = u[27, 0.55...0.95]
    let room = max((1 - size) * 0.5, 0.05)
    let plan = Plan(
      profile: profile, colour: colour, texture: texture, x: u[28, -1...1] * room,
      y: u[29, -1...1] * room, size: size, rotation: u[40, plusMinus: turn])
    var drawing = Drawing(u)
    drawing.addPaper()
    drawing.add(0, slot: 120, plan)
    return (drawing, caption(single: plan, name))
  }

  private func texture() -> (Drawing, String) {
    let texture = Texture.patterns[u.index(24, of: 18)]
    var drawing = Drawing(u)
    drawing.background = Paint(
      first: u.jitter(120, Palette.colours[colour], 0.08),
      second: u.jitter(124, Palette.colours[secondColour], 0.08), texture: texture,
      frequency: u[26, 1.2...3], phase: u[28])
    drawing.backgroundRotation = u[27, plusMinus: 0.4]
    return (drawing, caption(texture: texture))
  }

  private func scene() -> (Drawing, String) {
    let second = u.pick(24, Self.shapes)
    let relation = Relation.allCases[u.index(26, of: 4)]
    let (offset, lateral) = (u[29, 0.42...0.55], u[40, plusMinus: 0.25])
    let places = (relation.place(offset, lateral), relation.opposite.place(offset, lateral))
    var drawing = Drawing(u)
    drawing.addPaper()
    drawing.add(
      0, slot: 120,
      Plan(
        profile: shape, colour: colour, x: places.0.x, y: places.0.y, size: u[27, 0.32...0.45],
        rotation: u[41, plusMinus: 0.25]))
    drawing.add(
      1, slot: 140,
      Plan(
        profile: second, colour: secondColour, x: places.1.x, y: places.1.y,
        size: u[28, 0.32...0.45], rotation: u[42, plusMinus: 0.25]))
    return (drawing, caption(scene: second, relation))
  }

  private func emblem() -> (Drawing, String) {
    let outer = u.pick(24, Self.shapes)
    let size = u[27, 0.65...0.9]
    let (x, y) = (u[28, plusMinus: 0.1], u[29, plusMinus: 0.1])
    var drawing = Drawing(u)
    drawing.addPaper()
    drawing.add(
      0, slot: 120,
      Plan(
        profile: outer, colour: secondColour, x: x, y: y, size: size,
        rotation: u[41, plusMinus: 0.15]))
    drawing.add(
      1, slot: 140,
      Plan(
        profile: shape, colour: colour, x: x, y: y, size: size * u[43, 0.36...0.5],
        rotation: u[42, plusMinus: 0.15]))
    return (drawing, caption(emblem: outer))
  }

  private func count() -> (Drawing, String) {
    let number = 1 + u.index(24, of: 6)
    var drawing = Drawing(u)
    let places = drawing.cells()
    drawing.addPaper()
    for k in 0..<number {
      drawing.add(
        k, slot: 120 + 20 * k,
        Plan(
          profile: shape, colour: colour, x: places[k].x, y: places[k].y,
          size: u[127 + 20 * k, 0.22...0.3], rotation: u[128 + 20 * k, plusMinus: 0.3]))
    }
    return (drawing, caption(count: number))
  }

  private func field() -> (Drawing, String) {
    let field = Field.allCases[u.index(24, of: 12)]
    var drawing = Drawing(u)
    drawing.addField(field)
    return (drawing, caption(field: field))
  }
}
