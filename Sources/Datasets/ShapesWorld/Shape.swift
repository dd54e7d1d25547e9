internal import Glibc

/// The thirty shapes, in the order of their indices; they are the classes of the set `shapes`.
enum Shape: Int, CaseIterable {
  case circle, square, triangle, star, cross, heart, diamond, ring, rectangle, hexagon
  case arrow, crescent, oval, pentagon, flower, semicircle, trapezoid, drop, house, gear
  case parallelogram, octagon, pill, hourglass, wedge, kite, tee, corner, leaf, shield

  static let names = allCases.map { "\($0)" }

  /// Where the profile of this shape stands in ``Profile/all``.
  var profile: Int { rawValue }

  var outline: Outline {
    switch self {
    case .circle: .radial { _ in 0.92 }
    case .ring: .radial { _ in 0.95 }
    case .crescent: .radial { _ in 0.98 }
    case .oval: .radial { 0.6 / (squared(0.6 * cos($0)) + squared(sin($0))).squareRoot() }
    case .flower: .flower(5)
    case .gear: .gear(8)
    case .wedge: .radial { (40...320).contains($0 * 180 / .pi) ? 0.95 : 0.02 }
    case .leaf: .radial { 1 / (1 + 2.2 * abs(sin($0))) }
    case .heart, .semicircle, .drop, .pill: curve
    case .square, .triangle, .star, .hexagon, .pentagon, .octagon: regular
    default: .polygon(corners.map { Point($0) })
    }
  }

  /// A disc cut out of the shape.
  var hole: Hole? {
    switch self {
    case .ring: Hole(x: 0, y: 0, radius: 0.55)
    case .crescent: Hole(x: 0.42, y: 0, radius: 0.78)
    default: nil
    }
  }

  private var regular: Outline {
    switch self {
    case .square: .polygon(Outline.ngon(4, phase: -45, radius: 1.1))
    case .triangle: .polygon(Outline.ngon(3))
    case .star: .polygon(Outline.star(5, inner: 0.4))
    case .hexagon: .polygon(Outline.ngon(6))
    case .pentagon: .polygon(Outline.ngon(5))
    default: .polygon(Outline.ngon(8, phase: -112.5))
    }
  }

  private var curve: Outline {
    switch self {
    case .heart:
      .curve { t in
        let y = 0.8125 * cos(t) - 0.3125 * cos(2 * t) - 0.125 * cos(3 * t) - 0.0625 * cos(4 * t)
        return Point(pow(sin(t), 3), -y)
      }
    case .semicircle: .curve { Point(cos($0), 0.42 - max(sin($0), 0)) }
    case .drop: .curve { Point(0.62 * sin($0) * pow(sin($0 / 2), 1.5), -cos($0)) }
    default: .curve { Point((cos($0) < 0 ? -0.55 : 0.55) + 0.45 * cos($0), 0.45 * sin($0)) }
    }
  }

  private var corners: [[Double]] {
    switch self {
    case .cross:
      [
        [-0.33, -1], [0.33, -1], [0.33, -0.33], [1, -0.33], [1, 0.33], [0.33, 0.33],
        [0.33, 1], [-0.33, 1], [-0.33, 0.33], [-1, 0.33], [-1, -0.33], [-0.33, -0.33],
      ]
    case .diamond: [[0, -1], [0.62, 0], [0, 1], [-0.62, 0]]
    case .rectangle: [[-1, -0.5], [1, -0.5], [1, 0.5], [-1, 0.5]]
    case .arrow:
      [[-1, -0.22], [0.1, -0.22], [0.1, -0.7], [1, 0], [0.1, 0.7], [0.1, 0.22], [-1, 0.22]]
    case .trapezoid: [[-0.5, -0.6], [0.5, -0.6], [1, 0.6], [-1, 0.6]]
    case .house:
      [
        [0, -1], [0.85, -0.25], [0.65, -0.25], [0.65, 0.85], [-0.65, 0.85], [-0.65, -0.25],
        [-0.85, -0.25],
      ]
    case .parallelogram: [[-0.45, -0.5], [1.05, -0.5], [0.45, 0.5], [-1.05, 0.5]]
    case .hourglass: [[-0.75, -1], [0.75, -1], [0.1, 0], [0.75, 1], [-0.75, 1], [-0.1, 0]]
    case .kite: [[0, -0.6], [0.65, -0.1], [0, 1.1], [-0.65, -0.1]]
    case .tee:
      [
        [-0.9, -0.7], [0.9, -0.7], [0.9, -0.15], [0.28, -0.15], [0.28, 1], [-0.28, 1],
        [-0.28, -0.15], [-0.9, -0.15],
      ]
    case .corner:
      [[-0.3, -1.2], [0.25, -1.2], [0.25, -0.15], [1.2, -0.15], [1.2, 0.4], [-0.3, 0.4]]
    case .shield:
      [
        [-0.75, -0.8], [0.75, -0.8], [0.75, 0.1], [0.45, 0.6], [0, 1], [-0.45, 0.6], [-0.75, 0.1],
      ]
    default: []
    }
  }
}

/// The twenty-four shapes that differ in a number only; they are the classes of the set `stars`.
enum FineShape {
  /// Pointed stars, petal flowers, sided polygons, tooth gears, each with three to eight.
  static let names: [String] = ["pointed star", "petal flower", "sided polygon", "tooth gear"]
    .flatMap { family in Number.words[3...8].map { "\($0) \(family)" } }

  static let count = 24

  /// Where the profile of a fine shape stands in ``Profile/all``.
  static func profile(_ index: Int) -> Int { Shape.allCases.count + index }

  static var outlines: [Outline] {
    let numbers = 3...8
    let inner = [0.3, 0.38, 0.45, 0.45, 0.45, 0.45]
    return zip(numbers, inner).map { .polygon(Outline.star($0, inner: $1)) }
      + numbers.map { .flower($0) } + numbers.map { .polygon(Outline.ngon($0)) }
      + numbers.map { .gear($0) }
  }
}

/// English numerals.
enum Number {
  static let words = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
  ]
}

private func squared(_ value: Double) -> Double { value * value }
