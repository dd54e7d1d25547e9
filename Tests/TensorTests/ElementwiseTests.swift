import Foundation
import Tensor
import TestSupport
import Testing

/// `Tensor+Elementwise`, `Broadcast`: functions of one and of two numbers.
struct ElementwiseTests {
  /// A function with what the mathematical library says in double, over a range.
  struct Accuracy: CustomTestStringConvertible, Sendable {
    let function: Elementwise
    let range: ClosedRange<Double>
    /// Allowed error: relative to the value, and absolute.
    var relative = 0.0
    var absolute = 0.0
    let exact: @Sendable (Double) -> Double

    var testDescription: String { "\(function) over \(range)" }

    static let all = [
      Accuracy(function: .negated, range: -9...9) { -$0 },
      Accuracy(function: .exponential, range: -87.2...88.72, relative: 2.5e-7) { exp($0) },
      Accuracy(function: .logarithm, range: 1e-30...1e30, relative: 1e-6, absolute: 1e-7) {
        log($0)
      },
      Accuracy(function: .logarithm, range: 0.5...2, relative: 2e-7) { log($0) },
      Accuracy(function: .squareRoot, range: 0...1e9, relative: 1e-7) { $0.squareRoot() },
      Accuracy(function: .magnitude, range: -9...9) { abs($0) },
      Accuracy(function: .relu, range: -9...9) { max($0, 0) },
      Accuracy(function: .sigmoid, range: -80...80, relative: 5e-7) { 1 / (1 + exp(-$0)) },
      Accuracy(function: .tanh, range: -12...12, relative: 5e-7) { tanh($0) },
      Accuracy(function: .gelu, range: -12...12, relative: 3e-7, absolute: 4e-7) {
        $0 * 0.5 * erfc(-$0 / 2.0.squareRoot())
      },
      Accuracy(function: .quickGELU, range: -12...12, relative: 2e-6) {
        $0 / (1 + exp(-1.702 * $0))
      },
    ]
  }

  @Test(arguments: Accuracy.all)
  func `functions are accurate to a few units in the last place`(_ test: Accuracy) throws {
    let count = 100_003
    let step = (test.range.upperBound - test.range.lowerBound) / Double(count - 1)
    let x = (0..<count).map { Float(test.range.lowerBound + Double($0) * step) }
    let y = try Tensor(shape: [count], elements: x).mapped(test.function).elements
    var worst = (excess: 0.0, x: Float(0))
    for (x, y) in zip(x, y) {
      let exact = test.exact(Double(x))
      let excess = abs(Double(y) - exact) - test.relative * abs(exact) - test.absolute
      if excess > worst.excess { worst = (excess, x) }
    }
    #expect(worst.excess <= 0, "worst at \(worst.x)")
  }

  /// NaN stays NaN everywhere; limits are what IEEE arithmetic makes of the formula.
  @Test(arguments: [
    (Elementwise.exponential, [Float.infinity, 0, .nan, .infinity, 0]),
    (.logarithm, [.infinity, .nan, .nan, 4.60517, .nan]),
    (.squareRoot, [.infinity, .nan, .nan, 10, .nan]),
    (.magnitude, [.infinity, .infinity, .nan, 100, 100]),
    (.relu, [.infinity, 0, .nan, 100, 0]),
    (.sigmoid, [1, 0, .nan, 1, 0]),
    (.tanh, [1, -1, .nan, 1, -1]),
    (.negated, [-.infinity, .infinity, .nan, -100, 100]),
    (.gelu, [.infinity, .nan, .nan, 100, 0]),
    (.quickGELU, [.infinity, .nan, .nan, 100, 0]),
  ])
  func `infinities and NaN go through`(_ function: Elementwise, _ expected: [Float]) throws {
    let inputs: [Float] = [.infinity, -.infinity, .nan, 100, -100]
    for padding in [0, 11] {
      let x = inputs + [Float](repeating: 1, count: padding)
      let y = try Tensor(shape: [x.count], elements: x).mapped(function).elements
      expectClose(Array(y.prefix(5)), expected, absolute: 1e-4, "\(function)")
    }
  }

  @Test(arguments: Elementwise.allCases)
  func `derivatives agree with differences in double`(_ function: Elementwise) throws {
    let exact = try #require(Accuracy.all.first { $0.function == function }?.exact)
    let positive = [.logarithm, .squareRoot].contains(function)
    let x = (0..<77).map { Float($0) / 9 + (positive ? 0.6 : -4.03) }
    let input = try Tensor(shape: [77], elements: x)
    let saved = function.slopeNeedsValue ? try input.mapped(function) : input
    let slope = try saved.mappedGradient(function, upstream: Tensor(repeating: 2, shape: [77]))
    let expected = x.map { x in
      let h = 1e-5
      return Float((exact(Double(x) + h) - exact(Double(x) - h)) / h)
    }
    expectClose(slope.elements, expected, absolute: 3e-6, relative: 3e-6, "\(function)")
  }

  @Test func `pairs of all shapes combine as in NumPy`() throws {
    for test in try #require(Golden.numpy).pairwise {
      let function = try #require(Pairwise.allCases.first { "\($0)" == test.function })
      let y = try Golden.input(test.a).combined(function, with: Golden.input(test.b, 1))
      #expect(y.shape == test.result, "\(test.function) of \(test.a) and \(test.b)")
      expectClose(
        y.elements, test.elements.map(\.value), relative: 2e-7,
        "\(test.function) of \(test.a) and \(test.b)")
    }
  }

  @Test func `shapes that do not broadcast are both named`() throws {
    let (a, b) = (try Tensor(repeating: 1, shape: [2, 3]), try Tensor(repeating: 1, shape: [2]))
    #expect(throws: TensorError.shapes("+", [2, 3], [2])) { try a.combined(.sum, with: b) }
    #expect(throws: TensorError.shapes("expand", [2, 3], [3, 3])) { try a.broadcast(to: [3, 3]) }
    #expect(throws: TensorError.shapes("expand", [2, 3], [3])) { try a.broadcast(to: [3]) }
    var c = a
    #expect(throws: TensorError.shapes("add", [2, 3], [2])) { try c.add(b) }
  }

  @Test func `maximum and minimum keep NaN from either side`() throws {
    let a = try Tensor(shape: [3], elements: [.nan, 1, 2])
    let b = try Tensor(shape: [3], elements: [1, .nan, 3])
    expectClose(try a.combined(.maximum, with: b).elements, [.nan, .nan, 3])
    expectClose(try a.combined(.minimum, with: b).elements, [.nan, .nan, 2])
  }

  @Test func `adding in place scales`() throws {
    var x = try randomTensor([100_001])
    let y = try randomTensor([100_001], "other")
    let expected = zip(x.elements, y.elements).map { $0 + 3 * $1 }
    try x.add(y, scale: 3)
    expectClose(x.elements, expected, relative: 1e-6)
    #expect(try x.scaled(by: -2).elements == x.elements.map { -2 * $0 })
  }
}
