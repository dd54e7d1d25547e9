/// A shape as it is drawn: the distance of its border, tabulated by direction.
///
/// The table has 720 directions, (j + ½) · 2π / 720, and is read by linear interpolation; next to it
/// stands the factor that turns a distance along the ray into one across the border,
/// 1 / √(1 + min((R′ / max(R, 0.05))², 8)), read without interpolation.
struct Profile {
  static let angles = 720

  /// R and the slope factor of each direction.
  let cells: [(radius: Float, slope: Float)]
  let hole: Hole?
  /// The largest distance.
  let reach: Float

  /// The thirty shapes, then the twenty-four fine ones.
  static let all: [Profile] =
    Shape.allCases.map { Profile($0.outline, hole: $0.hole) }
    + FineShape.outlines.map { Profile($0, hole: nil) }

  private init(_ outline: Outline, hole: Hole?) {
    let count = Self.angles
    let radii = (0..<count).map { Float(outline.radius((Double($0) + 0.5) * 2 * .pi / 720)) }
    cells = radii.indices.map { index in
      let after = radii[(index + 1) % count]
      let before = radii[(index + count - 1) % count]
      let change = (after - before) / Float(4 * Double.pi / Double(count))
      let relative = change / max(radii[index], 0.05)
      return (radii[index], 1 / (1 + min(relative * relative, 8)).squareRoot())
    }
    self.hole = hole
    reach = radii.max() ?? 0
  }
}
