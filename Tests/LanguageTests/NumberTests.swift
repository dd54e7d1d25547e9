import Foundation
import Language
import Testing

/// Powers, remainders and decimals, which the language computes by itself, against the C library.
struct NumberTests {
  private func evaluate(_ text: String) -> Double? {
    let value = TestHost().session().report(text).value
    return value?.number
  }

  @Test func `powers agree with the C library`() {
    var generator = SplitMix(state: 7)
    let session = TestHost().session()
    var worst = 0.0
    for _ in 0..<4000 {
      let x = exp(Double.random(in: -30...30, using: &generator))
      let y = Double.random(in: -20...20, using: &generator)
      session.define("x", .float(x))
      session.define("y", .float(y))
      guard let ours = session.report("x ** y").value?.number else {
        Issue.record("no number for \(x) ** \(y)")
        continue
      }
      let theirs = pow(x, y)
      if theirs.isInfinite || theirs == 0 {
        #expect(ours == theirs)
      } else {
        worst = max(worst, abs(ours - theirs) / theirs.ulp)
      }
    }
    #expect(worst <= 1)
  }

  struct Power: CustomTestStringConvertible {
    let x: Double
    let y: Double
    var testDescription: String { "\(x) ** \(y)" }
  }

  static let specials: [Power] = {
    let values = [
      0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 1e300, -1e300, 1e-300, .infinity, -.infinity, .nan,
      .leastNonzeroMagnitude, 1.7e308, 9007199254740994, 0.9999999999999999, 1.0000000000000002,
      1024, -1075,
    ]
    return values.flatMap { x in values.map { Power(x: x, y: $0) } }
  }()

  @Test func `special powers agree with the C library`() {
    let session = TestHost().session()
    for power in Self.specials {
      session.define("x", .float(power.x))
      session.define("y", .float(power.y))
      let ours = session.report("x ** y").value?.number ?? -77
      let theirs = pow(power.x, power.y)
      let isSame =
        ours == theirs && ours.sign == theirs.sign || ours.isNaN && theirs.isNaN
        || abs(ours - theirs) <= theirs.ulp
      #expect(isSame, "\(power.x) ** \(power.y): \(ours), not \(theirs)")
    }
  }

  @Test func `floor division and remainder belong together`() {
    let session = TestHost().session()
    let values = [-7.5, -2, -0.3, 0.1, 1, 2.5, 3, 1e10]
    for a in values {
      for b in values {
        session.define("a", .float(a))
        session.define("b", .float(b))
        guard let quotient = session.report("a // b").value?.number,
          let remainder = session.report("a % b").value?.number
        else {
          Issue.record("no number for \(a) and \(b)")
          continue
        }
        #expect(quotient == quotient.rounded())
        #expect(remainder == 0 || (remainder < 0) == (b < 0))
        #expect(abs(remainder) <= abs(b))
        #expect(abs(quotient * b + remainder - a) <= max(abs(quotient * b), abs(b)) * 1e-15)
      }
    }
    #expect(evaluate("1.0 // 0.1") == 9)
  }

  @Test func `decimals agree with the C library`() {
    var generator = SplitMix(state: 3)
    let session = TestHost().session()
    let fixed = [
      0.5, 1.5, 2.5, 0.125, 0.375, 2.675, 1.005, 0.1, 1e-10, 123456789.987654321, 1e22,
      .leastNonzeroMagnitude,
      1.7976931348623157e308, 0, -0.0, 99.995, 0.045,
    ]
    let random = (0..<500).map { _ in Double.random(in: -1000...1000, using: &generator) }
    for value in fixed + random {
      for digits in [0, 1, 2, 5, 17] {
        session.define("x", .float(value))
        let ours = session.report("format(x, digits: \(digits))").value?.string
        #expect(ours == String(format: "%.\(digits)f", value))
      }
    }
  }

  @Test func `printed floats read back as the same number`() throws {
    var generator = SplitMix(state: 11)
    let session = TestHost().session()
    for _ in 0..<2000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let text = try session.interpreter.text(of: .float(value))
      session.define("t", Value(text))
      #expect(session.report("float(t)").value?.number == value)
    }
  }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
