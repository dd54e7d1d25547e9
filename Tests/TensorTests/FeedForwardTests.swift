import Tensor
import TestSupport
import Testing

/// `FeedForward` against its parts.
struct FeedForwardTests {
  struct Layers {
    let x: Tensor
    let first: FeedForward.Dense
    let second: FeedForward.Dense
    let residual: Tensor
    let dy: Tensor

    init(rows: Int, width: Int, hidden: Int) throws {
      x = try randomTensor([rows, width], "x")
      first = .init(
        weight: try randomTensor([hidden, width], "w1", deviation: 0.3),
        bias: try randomTensor([hidden], "b1"))
      second = .init(
        weight: try randomTensor([width, hidden], "w2", deviation: 0.3),
        bias: try randomTensor([width], "b2"))
      residual = try randomTensor([rows, width], "r")
      dy = try randomTensor([rows, width], "dy")
    }
  }

  /// Around the number of rows that are worked off together, and the widths at which products are cut.
  @Test(
    arguments: [(1, 4, 6), (5, 24, 96), (1024, 8, 12), (1030, 16, 300), (2100, 9, 20), (0, 4, 8)],
    [Elementwise.gelu, .quickGELU, .relu])
  func `values and gradients equal those of the parts`(
    _ size: (rows: Int, width: Int, hidden: Int), _ activation: Elementwise
  ) throws {
    let parts = try Layers(rows: size.rows, width: size.width, hidden: size.hidden)
    let layer = try FeedForward(
      parts.x, first: parts.first, second: parts.second, activation: activation)
    let pre = try parts.x.linear(parts.first.weight, bias: parts.first.bias)
    let active = try pre.mapped(activation)
    let expected = try active.linear(
      parts.second.weight, bias: parts.second.bias, adding: parts.residual)

    let (values, hidden) = try layer(adding: parts.residual, keepsHidden: true)
    let (lean, none) = try layer(adding: parts.residual, keepsHidden: false)
    let kept = try #require(hidden)
    expectClose(values.elements, expected.elements, relative: 2e-6, "values")
    expectClose(kept.elements, pre.elements, relative: 2e-6, "hidden")
    #expect(lean == values)
    #expect(none == nil)

    let dpre = try pre.mappedGradient(
      activation, upstream: parts.dy.matmul(parts.second.weight))
    for ofLayers in [false, true] {
      let given = ofLayers ? layer : try layer.withoutInput()
      let gradients = try given.gradients(upstream: parts.dy, hidden: kept, ofLayers: ofLayers)
      expectClose(
        gradients.input.elements, try dpre.matmul(parts.first.weight).elements, relative: 5e-6)
      #expect((gradients.first != nil) == ofLayers)
      guard let first = gradients.first, let second = gradients.second else { continue }
      let pairs = [
        (first.weight, try dpre.matmul(parts.x, transposed: true)),
        (first.bias, try dpre.sum(axes: [0])),
        (second.weight, try parts.dy.matmul(active, transposed: true)),
        (second.bias, try parts.dy.sum(axes: [0])),
      ]
      for (a, b) in pairs {
        #expect(a.shape == b.shape)
        expectClose(a.elements, b.elements, absolute: 1e-5, relative: 5e-6)
      }
    }
  }

  @Test func `shapes that do not fit are named`() throws {
    let parts = try Layers(rows: 2, width: 4, hidden: 6)
    let (first, second) = (parts.first, parts.second)
    #expect(throws: TensorError.shapes("feed_forward", [6, 4], [6, 4])) {
      try FeedForward(parts.x, first: first, second: first, activation: .gelu)
    }
    #expect(throws: TensorError.shapes("feed_forward", [2, 4], [4, 6])) {
      try FeedForward(parts.x, first: second, second: first, activation: .gelu)
    }
    let short = FeedForward.Dense(weight: first.weight, bias: second.bias)
    #expect(throws: TensorError.shapes("feed_forward", [6, 4], [4, 6])) {
      try FeedForward(parts.x, first: short, second: second, activation: .gelu)
    }
    #expect(throws: TensorError.shapes("feed_forward", [2, 4], [1, 4])) {
      try FeedForward(parts.x, first: first, second: second, activation: .gelu)(
        adding: Tensor(repeating: 0, shape: [1, 4]), keepsHidden: false)
    }
    #expect(throws: TensorError.self) {
      try FeedForward(parts.x, first: first, second: second, activation: .sigmoid)
    }
  }
}
