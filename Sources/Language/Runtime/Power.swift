/// Powers and floor division of numbers, which the Swift standard library does not have.
///
/// `power(x, y)` is exp(y·ln x) with both in double-double arithmetic: a pair of doubles whose sum
/// carries about 100 bits, so that the error of the product y·ln x, which the exponential magnifies
/// by up to 700, stays below half a unit of the result. The special cases are those of IEEE 754.
enum Power {
  /// `a ** b` of integers: an `Int` unless the exponent is negative.
  static func integer(_ base: Int, _ exponent: Int) throws(Fault) -> Value {
    if exponent < 0 { return .float(power(Double(base), Double(exponent))) }
    var result = 1
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: square)
        if overflow { throw Fault(.overflow(.power, base, exponent)) }
        result = product
      }
      rest >>= 1
      if rest > 0 {
        let (product, overflow) = square.multipliedReportingOverflow(by: square)
        if overflow { throw Fault(.overflow(.power, base, exponent)) }
        square = product
      }
    }
    return .int(result)
  }

  /// Quotient and remainder that floor: the remainder has the sign of the divisor.
  static func floorDivision(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double) {
    if b == 0 || a.isInfinite { return ((a / b).rounded(.down), .nan) }
    var remainder = a.truncatingRemainder(dividingBy: b)
    var quotient = (a - remainder) / b
    if remainder != 0, (remainder < 0) != (b < 0) {
      remainder += b
      quotient -= 1
    }
    return (quotient.rounded(), remainder == 0 ? Double(signOf: b, magnitudeOf: 0) : remainder)
  }

  /// `x ** y` of floats.
  static func power(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if x.isNaN || y.isNaN { return .nan }
    let isWhole = y.rounded() == y
    // Beyond 2^53 every float is even.
    let isOdd = isWhole && abs(y) < 0x1p53 && Int(y) & 1 != 0
    if y.isInfinite {
      if abs(x) == 1 { return 1 }
      return (abs(x) > 1) == (y > 0) ? .infinity : 0
    }
    if x == 0 || x.isInfinite {
      let magnitude: Double = (x == 0) == (y > 0) ? 0 : .infinity
      return x.sign == .minus && isOdd ? -magnitude : magnitude
    }
    if x < 0 && !isWhole { return .nan }
    if let exact = small(x, y) { return exact }
    let magnitude = positivePower(abs(x), y)
    return x < 0 && isOdd ? -magnitude : magnitude
  }

  private static func small(_ x: Double, _ y: Double) -> Double? {
    switch y {
    case 1: x
    case 2: x * x
    case -1: 1 / x
    case 0.5: x.squareRoot()
    default: nil
    }
  }

  // Double-double arithmetic

  /// A number as the unevaluated sum of two doubles.
  private struct Pair {
    var high: Double
    var low: Double

    init(_ high: Double, _ low: Double = 0) {
      // The sum of two numbers and its exact error.
      let sum = high + low
      let part = sum - high
      self.high = sum
      self.low = (high - (sum - part)) + (low - part)
    }

    static func + (a: Pair, b: Pair) -> Pair {
      let sum = Pair(a.high, b.high)
      return Pair(sum.high, sum.low + a.low + b.low)
    }

    static func * (a: Pair, b: Pair) -> Pair {
      let product = a.high * b.high
      let error = (-product).addingProduct(a.high, b.high)
      return Pair(product, error + a.high * b.low + a.low * b.high)
    }

    static func / (a: Pair, b: Pair) -> Pair {
      let first = a.high / b.high
      let rest = a + b * Pair(-first)
      let second = rest.high / b.high
      let last = (rest + b * Pair(-second)).high / b.high
      return Pair(first, second) + Pair(last)
    }
  }

  private static let ln2 = Pair(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56)

  private static func positivePower(_ x: Double, _ y: Double) -> Double {
    let logarithm = logarithm(x)
    // Far beyond the floats, where the product itself could overflow.
    let rough = y * logarithm.high
    if rough > 720 { return .infinity }
    if rough < -760 { return 0 }
    return exponential(Pair(y) * logarithm)
  }

  /// ln x = e·ln 2 + 2 artanh((m − 1) / (m + 1)) with x = m·2^e and m near 1.
  private static func logarithm(_ x: Double) -> Pair {
    var exponent = Int(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m /= 2
      exponent += 1
    }
    let t = Pair(m, -1) / Pair(m, 1)
    let square = t * t
    // |t| < 0.172: thirty terms leave an error below 2^-150.
    var sum = Pair(0)
    for k in stride(from: 61, through: 1, by: -2) {
      sum = sum * square + Pair(1) / Pair(Double(k))
    }
    return ln2 * Pair(Double(exponent)) + t * sum * Pair(2)
  }

  /// exp p = 2^k · (exp(r / 64))^64 with p = k·ln 2 + r.
  private static func exponential(_ p: Pair) -> Double {
    let k = (p.high / ln2.high).rounded()
    var r = p + ln2 * Pair(-k)
    r = Pair(r.high / 64, r.low / 64)
    // |r| < 0.0055: twelve terms of exp r − 1 leave an error below 2^-120.
    var sum = Pair(0)
    for n in stride(from: 12, through: 1, by: -1) {
      sum = (sum + Pair(1)) * r / Pair(Double(n))
    }
    // (1 + s)² − 1 = 2s + s², six times.
    for _ in 0..<6 { sum = sum * Pair(2) + sum * sum }
    let result = Pair(1) + sum
    // Scaled in two steps, so that results below the normal numbers are rounded once.
    let half = Int(k) / 2
    return (result.high + result.low) * scale(half) * scale(Int(k) - half)
  }

  private static func scale(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
