internal import Glibc

/// A point of an outline; x points right, y down, the shape's own centre is the origin.
struct Point {
  let x: Double
  let y: Double

  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  init(_ pair: [Double]) { self.init(pair[0], pair[1]) }
}

/// A disc cut out of a shape, in the shape's own coordinates.
struct Hole {
  let x: Float
  let y: Float
  let radius: Float
}

/// The border of a shape, as it is described.
enum Outline {
  /// Straight edges between corners, the last joined to the first.
  case polygon([Point])
  /// The distance of the border in a direction, in radians.
  case radial((Double) -> Double)

  /// The polygon of 360 points of a closed curve, t = 2π j / 360.
  static func curve(_ point: (Double) -> Point) -> Outline {
    .polygon((0..<360).map { point(2 * .pi * Double($0) / 360) })
  }

  /// Corners at `phase` + 360 j / n degrees.
  static func ngon(_ count: Int, phase: Double = -90, radius: Double = 1) -> [Point] {
    (0..<count).map { corner($0, of: count, phase: phase, radius: radius) }
  }

  /// 2n corners from −90 degrees, radii alternately 1 and `inner`.
  static func star(_ count: Int, inner: Double) -> [Point] {
    (0..<2 * count).map {
      corner($0, of: 2 * count, phase: -90, radius: $0.isMultiple(of: 2) ? 1 : inner)
    }
  }

  static func flower(_ count: Int) -> Outline {
    .radial { 0.45 + 0.55 * pow(abs(cos(Double(count) * ($0 + .pi / 2) / 2)), 0.8) }
  }

  static func gear(_ count: Int) -> Outline {
    .radial { angle in
      let turn = angle * Double(count) / (2 * .pi) + 0.25
      return turn - turn.rounded(.down) < 0.5 ? 1 : 0.72
    }
  }

  /// The distance of the border in a direction.
  func radius(_ angle: Double) -> Double {
    switch self {
    case .radial(let radius): radius(angle)
    case .polygon(let corners): Self.farthest(corners, cos(angle), sin(angle))
    }
  }

  /// The largest t > 0 at which the ray t · (cosine, sine) meets an edge; 0 when it meets none.
  private static func farthest(_ corners: [Point], _ cosine: Double, _ sine: Double) -> Double {
    var result = 0.0
    for index in corners.indices {
      let a = corners[index]
      let b = corners[index + 1 < corners.count ? index + 1 : 0]
      let (ex, ey) = (b.x - a.x, b.y - a.y)
      let divisor = cosine * ey - sine * ex
      guard abs(divisor) > 1e-9 else { continue }
      let t = (a.x * ey - a.y * ex) / divisor
      let along = (a.x * sine - a.y * cosine) / divisor
      if t > result, along >= -1e-6, along <= 1 + 1e-6 { result = t }
    }
    return result
  }

  private static func corner(_ index: Int, of count: Int, phase: Double, radius: Double) -> Point {
    let angle = (phase + 360 * Double(index) / Double(count)) * (.pi / 180)
    return Point(radius * cos(angle), radius * sin(angle))
  }
}
