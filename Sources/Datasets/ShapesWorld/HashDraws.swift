/// The random numbers of one drawing: a pure function of a key and a slot number, without state.
///
/// A quantity has a slot, and its value is `u[slot]`, so that items can be drawn in any order and on
/// any thread. Integers are unsigned, of 64 bits, and wrap around; with G the golden ratio,
///
///     key(seed, set, split, item) = mix(mix(mix(mix(seed + G) + (set+1) G) + (split+1) G) + (item+1) G)
///     u[s]                        = (mix(key + (s+1) G) >> 40) / 2²⁴                 in [0, 1), exact
///
/// where `mix` is the finaliser of SplitMix64.
package struct HashDraws: Sendable {
  /// What tells this drawing's numbers from another's.
  package let key: UInt64

  init(key: UInt64) { self.key = key }

  /// The draws of an item; sets and splits have fixed numbers.
  package init(seed: Int, set: Int, split: Int, item: Int) {
    var key = Self.mixed(UInt64(bitPattern: Int64(seed)) &+ Self.golden)
    for part in [set, split, item] {
      key = Self.mixed(key &+ UInt64(bitPattern: Int64(part &+ 1)) &* Self.golden)
    }
    self.key = key
  }

  private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15

  @inline(__always)
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// u[s], uniform in [0, 1).
  @inline(__always)
  package subscript(slot: Int) -> Float {
    let mixed = Self.mixed(key &+ UInt64(bitPattern: Int64(slot &+ 1)) &* Self.golden)
    return Float(Int32(truncatingIfNeeded: mixed >> 40)) * 0x1p-24
  }

  /// u[s: a..b] = a + (b − a) u[s].
  subscript(slot: Int, range: ClosedRange<Double>) -> Float {
    Float(range.lowerBound) + Float(range.upperBound - range.lowerBound) * self[slot]
  }

  /// u[s: ±a], uniform between −a and a.
  subscript(slot: Int, plusMinus amplitude: Double) -> Float { self[slot, -amplitude...amplitude] }

  /// i[s: n] = min(⌊n u[s]⌋, n − 1).
  func index(_ slot: Int, of count: Int) -> Int { min(Int(Float(count) * self[slot]), count - 1) }

  /// pick[s: w], the first index whose cumulative share of the weights exceeds u[s].
  func pick(_ slot: Int, _ shares: Shares) -> Int { shares.first(above: Double(self[slot])) }

  /// A colour with u[s + k: ±a] added to channel k, within 0 … 1.
  func jitter(_ slot: Int, _ colour: Colour, _ amplitude: Double) -> Colour {
    let noise = Colour(
      self[slot, plusMinus: amplitude], self[slot + 1, plusMinus: amplitude],
      self[slot + 2, plusMinus: amplitude])
    return (colour + noise).clamped(lowerBound: .zero, upperBound: .one)
  }
}

/// Cumulative shares of a list of weights.
struct Shares {
  private let cumulative: [Double]

  init(_ weights: [Double]) {
    var sums: [Double] = []
    for weight in weights { sums.append((sums.last ?? 0) + weight) }
    let total = sums.last ?? 1
    cumulative = sums.map { $0 / total }
  }

  /// Weights (j + 6)^−½, j = 0 ..< count: the first entries are the common ones.
  static func tailHeavy(_ count: Int) -> Shares {
    Shares((0..<count).map { 1 / (Double($0) + 6).squareRoot() })
  }

  func first(above value: Double) -> Int {
    cumulative.firstIndex { $0 > value } ?? cumulative.count - 1
  }
}
