internal import Glibc

/// Paints drawings: 32 x 32 pixels, 8-bit RGB.
///
/// A pixel's centre has coordinates (x, y) in −1 … 1. In order: the coordinates are warped, the
/// background is laid, each object is blended over it with its coverage of the pixel, and the effects
/// follow (`Painter+Effects`). All in Float, one pixel after another in plain loops; an object is
/// looked up in its profile only where it can reach.
struct Painter {
  static let side = 32
  /// The width of a pixel.
  static let pixel: Float = 2 / 32

  private(set) var xs: [Float]
  private(set) var ys: [Float]
  var colours: [Colour]

  /// The pixels of a drawing, row by row.
  static func pixels(of drawing: Drawing) -> [UInt8] {
    var painter = Painter(drawing)
    painter.layBackground(drawing)
    for object in drawing.objects { painter.blend(object, of: drawing) }
    painter.applyEffects(drawing)
    return painter.rounded(adding: drawing.noise, drawing.u)
  }

  private static let grid: (xs: [Float], ys: [Float]) = {
    let line = (0..<side).map { (Float($0) + 0.5) * pixel - 1 }
    return (line.flatMap { _ in line }, line.flatMap { [Float](repeating: $0, count: side) })
  }()

  private init(_ drawing: Drawing) {
    (xs, ys) = Self.grid
    colours = [Colour](repeating: .zero, count: xs.count)
    guard drawing.warp != 0 else { return }
    let (warp, phase) = (drawing.warp, tau * drawing.u[3])
    for index in xs.indices {
      let (x, y) = (xs[index], ys[index])
      xs[index] = x + warp * sinf(4.2 * y + phase)
      ys[index] = y + warp * sinf(3.7 * x + 1.3 * phase)
    }
  }

  private mutating func layBackground(_ drawing: Drawing) {
    let paint = drawing.background
    let field = TextureField(paint, key: drawing.u.key)
    let (cosine, sine) = (cosf(drawing.backgroundRotation), sinf(drawing.backgroundRotation))
    for index in colours.indices {
      let (x, y) = (xs[index], ys[index])
      let t = field.weight(cosine * x + sine * y, cosine * y - sine * x)
      colours[index] = paint.first * (1 - t) + paint.second * t
    }
  }

  /// Blends an object over the picture.
  ///
  ///     (U, V) = the pixel in the object's own coordinates, r = |(U, V)|, θ = atan2(V, U)
  ///     d      = s (R(θ) − r) · slope(θ), at most the distance to a hole's border
  ///     cover  = clip(½ + d / pixel, 0, 1)
  private mutating func blend(_ object: Figure, of drawing: Drawing) {
    let paint = object.paint
    let field = TextureField(paint, key: drawing.u.key &+ UInt64(object.index + 1))
    let isPlain = drawing.isSketch || field.isPlain
    let cover = Coverage(object, isHollow: drawing.isSketch || paint.texture == .hollow)
    let (cosine, sine) = (cosf(object.rotation), sinf(object.rotation))
    let length = object.size * object.aspect
    for index in colours.indices {
      let (dx, dy) = (xs[index] - object.x, ys[index] - object.y)
      let u = (cosine * dx + sine * dy) / length
      let v = (cosine * dy - sine * dx) / object.size
      let alpha = cover.share(u, v)
      if alpha == 0 { continue }
      let t = isPlain ? 0 : field.weight(u, v)
      let colour = paint.first * (1 - t) + paint.second * t
      colours[index] = colours[index] * (1 - alpha) + colour * alpha
    }
  }
}

/// Which share of a pixel an object covers.
private struct Coverage {
  private let profile: Profile
  private let size: Float
  private let isHollow: Bool
  private let stroke: Float
  /// Beyond this distance, squared, nothing is covered: a slope factor is at least ⅓.
  private let reachSquared: Float

  init(_ object: Figure, isHollow: Bool) {
    profile = Profile.all[object.profile]
    size = object.size
    self.isHollow = isHollow
    stroke = max(0.16 * size, 1.3 * Painter.pixel)
    let reach = profile.reach + 1.5 * Painter.pixel / size + 0.001
    reachSquared = reach * reach
  }

  @inline(__always)
  func share(_ u: Float, _ v: Float) -> Float {
    let squared = u * u + v * v
    guard squared < reachSquared else { return 0 }
    let place = atan2f(v, u) * Float(Double(Profile.angles) / (2 * Double.pi)) - 0.5
    let whole = floorf(place)
    let between = place - whole
    let first = whole < 0 ? Profile.angles + Int(whole) : Int(whole)
    let here = profile.cells[first]
    let next = profile.cells[first + 1 < Profile.angles ? first + 1 : 0]
    let radius = here.radius * (1 - between) + next.radius * between
    var distance = (radius - squared.squareRoot()) * here.slope * size
    if let hole = profile.hole {
      let (x, y) = (u - hole.x, v - hole.y)
      distance = min(distance, ((x * x + y * y).squareRoot() - hole.radius) * size)
    }
    let cover = max(0, min(1, 0.5 + distance / Painter.pixel))
    guard isHollow else { return cover }
    return cover * max(0, min(1, 0.5 + (stroke - distance) / Painter.pixel))
  }
}
