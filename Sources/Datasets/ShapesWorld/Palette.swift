/// Red, green and blue, each in 0 … 1.
typealias Colour = SIMD3<Float>

/// The twelve colours of Shapes world, in the order of their indices.
enum Palette: Int, CaseIterable {
  case red, blue, green, yellow, purple, orange, olive, black, pink, brown, cyan, gray

  static let names = allCases.map { "\($0)" }

  /// The colours by index.
  static let colours: [Colour] = allCases.map(\.colour)

  var colour: Colour {
    switch self {
    case .red: [0.86, 0.13, 0.13]
    case .blue: [0.15, 0.28, 0.85]
    case .green: [0.13, 0.62, 0.22]
    case .yellow: [0.95, 0.87, 0.15]
    case .purple: [0.52, 0.18, 0.72]
    case .orange: [0.96, 0.52, 0.08]
    case .olive: [0.45, 0.48, 0.10]
    case .black: [0.06, 0.06, 0.06]
    case .pink: [0.95, 0.42, 0.66]
    case .brown: [0.48, 0.29, 0.14]
    case .cyan: [0.20, 0.80, 0.84]
    case .gray: [0.52, 0.52, 0.52]
    }
  }

  /// The colour of a pattern upon `colour`: a lighter or darker version of it, white or black.
  static func second(to colour: Colour, _ choice: Float) -> Colour {
    let isDark = (colour.x + colour.y + colour.z) / 3 < 0.5
    if choice < 0.5 { return isDark ? colour * 0.3 + 0.7 : colour * 0.3 }
    return Colour(repeating: isDark ? 0.95 : 0.07)
  }
}
