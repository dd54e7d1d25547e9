import Foundation
import Tensor
import TestSupport
import Testing

/// `Tensor+Rows`, `Tensor+LayerNorm`, against plain formulas in double.
struct RowsTests {
  static let widths = [1, 7, 16, 17, 96, 600]

  @Test(arguments: widths) func `softmax and its logarithm`(_ width: Int) throws {
    let x = try randomTensor([5, width], "softmax", deviation: 9)
    let (y, logarithm) = (try x.softmax(), try x.logSoftmax())
    for row in 0..<5 {
      let values = try x.prefix(row..<row + 1).elements.map(Double.init)
      let largest = values.max() ?? 0
      let total = values.reduce(0) { $0 + exp($1 - largest) }
      let expected = values.map { $0 - largest - log(total) }
      expectClose(
        try y.prefix(row..<row + 1).elements, expected.map { Float(exp($0)) }, relative: 1e-6)
      expectClose(
        try logarithm.prefix(row..<row + 1).elements, expected.map(Float.init), absolute: 1e-6,
        relative: 2e-7)
    }
  }

  @Test func `softmax of infinities is NaN where it is undefined and a limit elsewhere`() throws {
    let rows: [([Float], [Float])] = [
      ([0, -.infinity, 0], [0.5, 0, 0.5]),
      ([-.infinity, -.infinity, 3], [0, 0, 1]),
      ([-.infinity, -.infinity, -.infinity], [.nan, .nan, .nan]),
      ([.infinity, 0, 1], [.nan, .nan, .nan]),
      ([.nan, 0, 1], [.nan, .nan, .nan]),
      ([1e30, 0, -1e30], [1, 0, 0]),
    ]
    for (values, expected) in rows {
      // Alone, and in the masked tail of a longer row.
      let front = [Float](repeating: -.infinity, count: 20)
      expectClose(
        try Tensor(shape: [1, 3], elements: values).softmax().elements, expected, absolute: 1e-7)
      let long = try Tensor(shape: [23], elements: front + values).softmax().elements
      expectClose(Array(long.suffix(3)), expected, absolute: 1e-7, "\(values)")
    }
  }

  /// Small differences between large numbers must survive.
  @Test func `log softmax does not round at the size of its inputs`() throws {
    let x = try Tensor(shape: [2], elements: [100_000, 100_000.25])
    let expected = [-log(1 + exp(0.25)), 0.25 - log(1 + exp(0.25))].map { Float($0) }
    expectClose(try x.logSoftmax().elements, expected, relative: 1e-6)
  }

  @Test(arguments: widths) func `gradients of softmax and its logarithm`(_ width: Int) throws {
    let x = try randomTensor([3, width], "x")
    let dy = try randomTensor([3, width], "dy")
    let (y, logarithm) = (try x.softmax(), try x.logSoftmax())
    let (a, b) = (
      try y.softmaxGradient(upstream: dy), try logarithm.logSoftmaxGradient(upstream: dy)
    )
    for row in 0..<3 {
      let p = try y.prefix(row..<row + 1).elements.map(Double.init)
      let g = try dy.prefix(row..<row + 1).elements.map(Double.init)
      let mean = zip(p, g).reduce(0) { $0 + $1.0 * $1.1 }
      let total = g.reduce(0, +)
      expectClose(
        try a.prefix(row..<row + 1).elements, zip(p, g).map { Float($0 * ($1 - mean)) },
        absolute: 1e-6)
      expectClose(
        try b.prefix(row..<row + 1).elements, zip(p, g).map { Float($1 - $0 * total) },
        absolute: 3e-6)
    }
  }

  @Test(arguments: widths) func `layer normalisation and its three gradients`(_ width: Int) throws {
    let x = try randomTensor([4, width], "x", deviation: 3).combined(.sum, with: Tensor(10))
    let (scale, shift) = (try randomTensor([width], "scale"), try randomTensor([width], "shift"))
    let dy = try randomTensor([4, width], "dy")
    let (y, statistics) = try x.layerNormalized(scale: scale, shift: shift, epsilon: 1e-5)
    let dx = try x.layerNormalizedGradient(scale: scale, statistics, upstream: dy)
    let dscale = try x.layerNormScaleGradient(statistics, upstream: dy)
    let (s, b) = (scale.elements.map(Double.init), shift.elements.map(Double.init))
    var expectedScale = [Double](repeating: 0, count: width)
    for row in 0..<4 {
      let v = try x.prefix(row..<row + 1).elements.map(Double.init)
      let g = try dy.prefix(row..<row + 1).elements.map(Double.init)
      let n = Double(width)
      let mean = v.reduce(0, +) / n
      let deviation = (v.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n + 1e-5).squareRoot()
      let h = v.map { ($0 - mean) / deviation }
      let scaled = zip(g, s).map { $0 * $1 }
      let (a, c) = (scaled.reduce(0, +) / n, zip(scaled, h).reduce(0) { $0 + $1.0 * $1.1 } / n)
      for i in 0..<width { expectedScale[i] += g[i] * h[i] }
      expectClose(
        try y.prefix(row..<row + 1).elements, (0..<width).map { Float(h[$0] * s[$0] + b[$0]) },
        absolute: 1e-5, "values")
      expectClose(
        try dx.prefix(row..<row + 1).elements,
        (0..<width).map { Float((scaled[$0] - a - h[$0] * c) / deviation) },
        absolute: width == 1 ? 2e-3 : 1e-5, "gradient")
    }
    expectClose(dscale.elements, expectedScale.map(Float.init), absolute: 2e-5, "scale")
  }

  @Test(arguments: widths) func `unit length and its gradient`(_ width: Int) throws {
    let x = try randomTensor([3, 2, width], "x", deviation: 5)
    let dy = try randomTensor([3, 2, width], "dy")
    let (y, lengths) = try x.normalized()
    let dx = try y.normalizedGradient(lengths: lengths, upstream: dy)
    #expect(lengths.shape == [6])
    let (rows, flatY, flatX) = (
      try x.reshaped(to: [6, width]), try y.reshaped(to: [6, width]),
      try dx.reshaped(to: [6, width])
    )
    for row in 0..<6 {
      let v = try rows.prefix(row..<row + 1).elements.map(Double.init)
      let g = try dy.reshaped(to: [6, width]).prefix(row..<row + 1).elements.map(Double.init)
      let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let along = zip(v, g).reduce(0) { $0 + $1.0 * $1.1 } / length
      expectClose(
        try flatY.prefix(row..<row + 1).elements, v.map { Float($0 / length) }, absolute: 3e-7)
      expectClose(
        try flatX.prefix(row..<row + 1).elements,
        zip(v, g).map { Float(($1 - $0 / length * along) / length) }, absolute: 1e-5)
    }
  }

  @Test func `a row of zeros has no direction`() throws {
    let (y, lengths) = try Tensor(repeating: 0, shape: [1, 4]).normalized()
    #expect(y.elements.allSatisfy(\.isNaN) && lengths.elements == [0])
  }

  @Test func `rows without elements are refused, no rows are fine`() throws {
    let flat = try Tensor(shape: [2, 0], elements: [])
    let none = try Tensor(shape: [0, 3], elements: [])
    let scale = try Tensor(repeating: 1, shape: [3])
    let expected = TensorError.shape("softmax", [2, 0], expected: "a non-empty last axis")
    #expect(throws: expected) { try flat.softmax() }
    #expect(throws: TensorError.self) { try Tensor(1).logSoftmax() }
    #expect(throws: TensorError.self) { try flat.normalized() }
    #expect(try none.softmax().shape == [0, 3])
    #expect(try none.normalized().lengths.shape == [0])
    let (y, statistics) = try none.layerNormalized(scale: scale, shift: scale, epsilon: 0)
    #expect(y.shape == [0, 3])
    #expect(try none.layerNormScaleGradient(statistics, upstream: none).elements == [0, 0, 0])
  }

  @Test func `the scale and the shift must be as wide as the rows`() throws {
    let x = try Tensor(repeating: 1, shape: [2, 3])
    let (three, four) = (try Tensor(repeating: 1, shape: [3]), try Tensor(repeating: 1, shape: [4]))
    #expect(throws: TensorError.shapes("layer_norm", [2, 3], [4])) {
      try x.layerNormalized(scale: four, shift: three, epsilon: 0)
    }
    #expect(throws: TensorError.shapes("layer_norm", [2, 3], [4])) {
      try x.layerNormalized(scale: three, shift: four, epsilon: 0)
    }
  }
}
