internal import Glibc

/// The twenty textures, in the order of their indices.
enum Texture: Int, CaseIterable {
  case solid, striped, dotted, checkered, hatched, ringed, shaded, speckled, halved, wavy
  case grid, zigzag, bricked, rayed, spiral, scaly, cloudy, woven, lozenged, hollow

  static let names = allCases.map { "\($0)" }

  /// The textures 1 … 18: those that are a pattern.
  static let patterns = Array(allCases[1...18])

  /// Those that an object is filled with.
  static let fills: [Texture] = [
    .solid, .striped, .dotted, .checkered, .hollow, .hatched, .shaded, .halved, .grid, .wavy,
    .ringed, .speckled,
  ]

  var name: String { Self.names[rawValue] }
}

/// A texture with its frequency f, phase p and hash key: the weight t(u, v) of the second colour.
struct TextureField {
  let texture: Texture
  let frequency: Float
  /// 2π f.
  private let wave: Float
  /// 2π p.
  private let shift: Float
  private let hash: HashDraws

  init(_ paint: Paint, key: UInt64) {
    texture = paint.texture
    frequency = paint.frequency
    wave = tau * paint.frequency
    shift = tau * paint.phase
    hash = HashDraws(key: key)
  }

  /// Whether the weight is 0 everywhere.
  var isPlain: Bool { texture == .solid || texture == .hollow }

  @inline(__always)
  func weight(_ u: Float, _ v: Float) -> Float {
    switch texture {
    case .solid, .hollow: 0
    case .striped: soft(sinf(wave * v + shift))
    case .dotted: soft(cosf(wave * u + shift) + cosf(wave * v) - 0.7, 2)
    case .checkered: soft(sinf(wave / 1.5 * u + shift) * sinf(wave / 1.5 * v), 5)
    case .hatched:
      soft(max(abs(sinf(wave / 2 * (u + v) / 1.2)), abs(sinf(wave / 2 * (u - v) / 1.2))) - 0.86, 6)
    case .ringed: soft(sinf(wave * distance(u, v) + shift))
    case .shaded: clip(0.5 + 0.6 * v)
    case .speckled: cell(floorf(u * frequency * 3), floorf(v * frequency * 3)) > 0.6 ? 1 : 0
    case .halved: soft(u, 12)
    case .wavy: soft(sinf(wave * (v + 0.18 * sinf(Float(2.2 * Double.pi) * u + shift))))
    case .grid: soft(max(abs(sinf(wave / 2 * u)), abs(sinf(wave / 2 * v))) - 0.88, 6)
    case .zigzag:
      soft(sinf(wave * v + 6 * abs(fraction(u * frequency * 0.7) - 0.5) + shift))
    case .bricked: bricked(u, v)
    case .rayed:
      soft(sinf((rintf(frequency * 2.5) + 3) * atan2f(v, u) + shift), 4)
    case .spiral: soft(sinf(wave * distance(u, v) + atan2f(v, u) * 2 + shift))
    case .scaly: scaly(u, v)
    case .cloudy: cloudy(u, v)
    case .woven: woven(u, v)
    case .lozenged:
      soft(sinf(wave / 2.2 * (u * 1.6 + v)) * sinf(wave / 2.2 * (u * 1.6 - v)), 5)
    }
  }

  private func bricked(_ u: Float, _ v: Float) -> Float {
    let row = floorf(v * frequency * 1.2)
    let a = fraction(u * frequency * 0.7 + 0.5 * odd(row))
    let b = fraction(v * frequency * 1.2)
    return max(soft(0.07 - min(a, 1 - a), 12), soft(0.14 - min(b, 1 - b), 8))
  }

  private func scaly(_ u: Float, _ v: Float) -> Float {
    let y = v * frequency * 1.3
    let row = floorf(y)
    let a = (fraction(u * frequency * 0.9 + 0.5 * odd(row)) - 0.5) * 2
    return soft(0.18 - abs(distance(a, y - row) - 0.9), 6)
  }

  private func cloudy(_ u: Float, _ v: Float) -> Float {
    let (x, y) = (u * frequency, v * frequency)
    return clip(0.5 + 1.4 * (0.65 * noise(x, y) + 0.35 * noise(x * 2 + 17, y * 2 + 9) - 0.5))
  }

  private func woven(_ u: Float, _ v: Float) -> Float {
    let (x, y) = (u * frequency * 1.3, v * frequency * 1.3)
    let (i, j) = (floorf(x), floorf(y))
    return soft(sinf(Float(3 * Double.pi) * (odd(i + j) == 0 ? x - i : y - j)))
  }

  /// Bilinear interpolation of the hashes at four lattice points, with weights 3a² − 2a³.
  private func noise(_ u: Float, _ v: Float) -> Float {
    let (x, y) = (floorf(u), floorf(v))
    let (a, b) = (eased(u - x), eased(v - y))
    let above = cell(x, y) * (1 - a) + cell(x + 1, y) * a
    let below = cell(x, y + 1) * (1 - a) + cell(x + 1, y + 1) * a
    return above * (1 - b) + below * b
  }

  /// H(ix, iy), a hash in [0, 1) of a lattice point.
  private func cell(_ x: Float, _ y: Float) -> Float {
    hash[(Int(x) + 512) * 1024 + (Int(y) + 512) + 4096]
  }

  private func eased(_ a: Float) -> Float { a * a * (3 - 2 * a) }
  private func distance(_ u: Float, _ v: Float) -> Float { (u * u + v * v).squareRoot() }
  private func fraction(_ value: Float) -> Float { value - floorf(value) }
  private func odd(_ whole: Float) -> Float { whole - 2 * floorf(whole / 2) }

  /// A soft square wave of a sine, clip(½ + k z, 0, 1).
  private func soft(_ z: Float, _ k: Float = 3) -> Float { clip(0.5 + k * z) }
  private func clip(_ value: Float) -> Float { max(0, min(1, value)) }
}

/// 2π in Float, the accuracy of all geometry here.
let tau = Float(2 * Double.pi)
