import Autograd
import Tensor
import Testing

/// One row for each differentiable operation, and one more for each way it is called that has a
/// pullback of its own.
struct GradientCase: CustomTestStringConvertible, Sendable {
  let operation: Operation
  let note: String
  let shapes: [[Int]]
  /// Inputs are drawn from a normal distribution, then moved by this.
  let shift: Float
  let function: @Sendable ([Variable]) throws(TensorError) -> Variable

  init(
    _ operation: Operation, _ note: String = "", _ shapes: [Int]..., shift: Float = 0,
    function: @escaping @Sendable ([Variable]) throws(TensorError) -> Variable
  ) {
    self.operation = operation
    self.note = note
    self.shapes = shapes
    self.shift = shift
    self.function = function
  }

  var testDescription: String { "\(operation.rawValue) \(note)" }

  static let all: [GradientCase] = [
    GradientCase(.sum, "broadcasting", [2, 3], [3]) { (x) throws(TensorError) in
      try x[0].plus(x[1])
    },
    GradientCase(.difference, "broadcasting", [2, 1], [1, 3]) { (x) throws(TensorError) in
      try x[0].minus(x[1])
    },
    GradientCase(.product, "broadcasting", [2, 3], [2, 1]) { (x) throws(TensorError) in
      try x[0].times(x[1])
    },
    GradientCase(.quotient, "broadcasting", [2, 3], [3], shift: 6) { (x) throws(TensorError) in
      try x[0].divided(by: x[1])
    },
    GradientCase(.power, "", [2, 3], [1, 3], shift: 5) { (x) throws(TensorError) in
      try x[0].scaled(by: 0.3).raised(to: x[1].scaled(by: 0.3))
    },
    GradientCase(.maximum, "", [3, 4], [4]) { (x) throws(TensorError) in
      try x[0].maximum(x[1].scaled(by: 9))
    },
    GradientCase(.minimum, "", [3, 4], [4]) { (x) throws(TensorError) in
      try x[0].minimum(x[1].scaled(by: 9))
    },
    GradientCase(.negated, "", [5]) { (x) throws(TensorError) in try x[0].mapped(.negated) },
    GradientCase(.exponential, "", [21]) { (x) throws(TensorError) in
      try x[0].mapped(.exponential)
    },
    GradientCase(.logarithm, "", [7], shift: 6) { (x) throws(TensorError) in
      try x[0].mapped(.logarithm)
    },
    GradientCase(.squareRoot, "", [7], shift: 6) { (x) throws(TensorError) in
      try x[0].mapped(.squareRoot)
    },
    GradientCase(.magnitude, "", [7], shift: 6) { (x) throws(TensorError) in
      try x[0].mapped(.magnitude)
    },
    GradientCase(.relu, "", [7], shift: -6) { (x) throws(TensorError) in
      try x[0].scaled(by: -1).mapped(.relu)
    },
    GradientCase(.sigmoid, "", [19]) { (x) throws(TensorError) in try x[0].mapped(.sigmoid) },
    GradientCase(.tanh, "", [19]) { (x) throws(TensorError) in try x[0].mapped(.tanh) },
    GradientCase(.gelu, "", [37]) { (x) throws(TensorError) in
      try x[0].scaled(by: 2).mapped(.gelu)
    },
    GradientCase(.quickGELU, "", [37]) { (x) throws(TensorError) in
      try x[0].scaled(by: 2).mapped(.quickGELU)
    },
    GradientCase(.summed, "middle axis", [2, 3, 4]) { (x) throws(TensorError) in
      try x[0].sum(axes: [1])
    },
    GradientCase(.averaged, "two axes, kept", [2, 3, 4]) { (x) throws(TensorError) in
      try x[0].mean(axes: [0, -1], keepsAxes: true)
    },
    GradientCase(.extreme, "max", [3, 5]) { (x) throws(TensorError) in
      try x[0].scaled(by: 5).extreme(.max, axis: 1)
    },
    GradientCase(.extreme, "min, first axis", [3, 5]) { (x) throws(TensorError) in
      try x[0].scaled(by: 5).extreme(.min, axis: 0, keepsAxis: true)
    },
    GradientCase(.matmul, "", [3, 4], [4, 5]) { (x) throws(TensorError) in
      try x[0].matmul(x[1])
    },
    GradientCase(.matmul, "batched, broadcasting", [2, 1, 3, 4], [5, 4, 2]) {
      (x) throws(TensorError) in try x[0].matmul(x[1])
    },
    GradientCase(.matmul, "vectors", [4], [4]) { (x) throws(TensorError) in
      try x[0].matmul(x[1])
    },
    GradientCase(.matmul, "matrix and vector", [2, 3, 4], [4]) { (x) throws(TensorError) in
      try x[0].matmul(x[1])
    },
    GradientCase(.matmul, "vector and matrix", [4], [2, 4, 3]) { (x) throws(TensorError) in
      try x[0].matmul(x[1])
    },
    GradientCase(.matmul, "transposed", [2, 3, 4], [2, 5, 4]) { (x) throws(TensorError) in
      try x[0].matmulTransposed(x[1])
    },
    GradientCase(.matmul, "many rows, one factor", [2, 5, 3, 4], [4, 2]) {
      (x) throws(TensorError) in try x[0].matmul(x[1])
    },
    GradientCase(.matmul, "transposed, one factor", [2, 3, 4], [5, 4]) {
      (x) throws(TensorError) in try x[0].matmulTransposed(x[1])
    },
    GradientCase(.linear, "with bias and residual", [3, 4], [5, 4], [5], [3, 5]) {
      (x) throws(TensorError) in try x[0].linear(x[1], bias: x[2], adding: x[3])
    },
    GradientCase(.linear, "three axes, no bias", [2, 3, 4], [5, 4]) { (x) throws(TensorError) in
      try x[0].linear(x[1])
    },
    GradientCase(.feedForward, "quick GELU", [3, 4], [6, 4], [6], [4, 6], [4], [3, 4]) {
      (x) throws(TensorError) in
      try x[0].feedForward(
        first: (x[1], x[2]), second: (x[3], x[4]), activation: .quickGELU, adding: x[5])
    },
    GradientCase(.attention, "shared prefix, ragged, causal", [9, 24]) { (x) throws(TensorError) in
      try x[0].attention(GradientCase.ragged)
    },
    GradientCase(.attention, "long, through BLAS", [40, 24]) { (x) throws(TensorError) in
      try x[0].attention(.sequences(1, length: 40, heads: 2))
    },
    GradientCase(.attention, "long and causal with a prefix", [44, 24]) {
      (x) throws(TensorError) in try x[0].attention(GradientCase.long)
    },
    GradientCase(.attention, "queries apart", [2, 8], [7, 16]) { (x) throws(TensorError) in
      try Variable.attention(queries: x[0], keysValues: x[1], GradientCase.lastRows)
    },
    GradientCase(.softmax, "", [3, 18]) { (x) throws(TensorError) in try x[0].softmax() },
    GradientCase(.logSoftmax, "", [3, 18]) { (x) throws(TensorError) in
      try x[0].logSoftmax()
    },
    GradientCase(.layerNorm, "", [3, 21], [21], [21]) { (x) throws(TensorError) in
      try x[0].layerNorm(scale: x[1], shift: x[2])
    },
    GradientCase(.normalized, "", [3, 18]) { (x) throws(TensorError) in
      try x[0].normalized()
    },
    GradientCase(.reshaped, "", [2, 6]) { (x) throws(TensorError) in
      try x[0].reshaped(to: [3, 4])
    },
    GradientCase(.permuted, "", [2, 3, 4]) { (x) throws(TensorError) in
      try x[0].permuted([2, 0, 1])
    },
    GradientCase(.patches, "", [2, 3, 4, 6]) { (x) throws(TensorError) in try x[0].patches(2) },
    GradientCase(.broadcast, "", [2, 1, 3]) { (x) throws(TensorError) in
      try x[0].broadcast(to: [4, 2, 5, 3])
    },
    GradientCase(.concatenated, "", [2, 3], [2, 1], [2, 2]) { (x) throws(TensorError) in
      try Variable.concatenate(x, axis: -1)
    },
    GradientCase(.concatenated, "stack", [2, 3], [2, 3]) { (x) throws(TensorError) in
      try Variable.stack(x, axis: 1)
    },
    GradientCase(.indexed, "slices", [4, 5, 3]) { (x) throws(TensorError) in
      try x[0].indexed([.slice(start: 1, stop: nil, step: 2), .ellipsis, .newAxis, .position(-1)])
    },
    GradientCase(.indexed, "lists, one row twice", [4, 5]) { (x) throws(TensorError) in
      try x[0].indexed([.list([0, 2, 2]), .list([1, 3, 3])])
    },
    GradientCase(.replaced, "one row twice", [4, 5], [3, 5]) { (x) throws(TensorError) in
      try x[0].replacing([.list([2, 0, 2])], with: x[1])
    },
    GradientCase(.replaced, "", [4, 5], [5]) { (x) throws(TensorError) in
      try x[0].replacing([.slice(start: 1, stop: 3, step: 1)], with: x[1])
    },
    GradientCase(.gathered, "one row twice", [4, 5]) { (x) throws(TensorError) in
      try x[0].gathered(rows: [3, 0, 3])
    },
    GradientCase(.assembled, "", [3, 4], [2, 4]) { (x) throws(TensorError) in
      try Variable.assembled(
        x, [(0, 2), (1, 0), (0, 0), (1, 0)].map { Variable.RowPick(source: $0.0, row: $0.1) })
    },
    GradientCase(.recomputed, "", [3, 4], [4]) { (x) throws(TensorError) in
      try Variable.recomputed(x) { (x) throws(TensorError) in
        try x[0].mapped(.tanh).times(x[1])
      }
    },
  ]

  /// A prefix of two rows that two sequences of three and four rows share.
  static let ragged = AttentionLayout(
    heads: 2,
    groups: [
      [
        .init(queries: 0..<2, own: 0..<2, isCausal: true),
        .init(queries: 2..<5, shared: 0..<2, own: 2..<5, isCausal: true),
        .init(queries: 5..<9, shared: 0..<2, own: 5..<9, isCausal: true),
      ]
    ])

  static let long = AttentionLayout(
    heads: 2, groups: [[.init(queries: 4..<44, shared: 0..<4, own: 4..<44, isCausal: true)]])

  /// Only the last row of each of two sequences asks.
  static let lastRows = AttentionLayout(
    heads: 2,
    groups: [
      [
        .init(queries: 0..<1, shared: 0..<2, own: 2..<4, isCausal: true),
        .init(queries: 1..<2, shared: 0..<2, own: 4..<7, isCausal: true),
      ]
    ])
}

@Test(arguments: GradientCase.all)
func `pullbacks agree with differences`(_ test: GradientCase) throws {
  var random = RandomStream(seed: 7, name: test.testDescription)
  let inputs = try test.shapes.map { shape in
    try Tensor.normal(shape, deviation: 1, from: &random).combined(.sum, with: Tensor(test.shift))
  }
  try checkGradient(test.testDescription, at: inputs, of: test.function)
}

@Test func `where a power is zero its slope is zero, also at zero`() throws {
  let x = Variable(try Tensor(shape: [3], elements: [0, 0, 2]), requiresGradient: true)
  let y = Variable(try Tensor(shape: [3], elements: [0, 2, 0]))
  #expect(try x.raised(to: y).sum().backward()[x]?.elements == [0, 0, 0])
}

/// Operations on nothing have gradients of nothing.
@Test func `empty operands go forth and back`() throws {
  func parameter(_ shape: [Int]) throws -> Variable {
    Variable(try Tensor(shape: shape, elements: []), requiresGradient: true)
  }
  let (x, none) = (try parameter([0, 4]), try parameter([4, 0]))
  let w = Variable(try Tensor(repeating: 1, shape: [3, 4]), requiresGradient: true)
  let results = [
    try x.linear(w), try w.matmul(none), try x.matmulTransposed(w), try none.matmul(x),
    try x.softmax(), try x.plus(x), try Variable.concatenate([x, w], axis: 0),
    try w.indexed([.list([])]), try w.gathered(rows: []), try x.mean(axes: [1]),
    try x.layerNorm(scale: w.indexed([.position(0)]), shift: w.indexed([.position(1)])),
  ]
  for result in results {
    let gradients = try result.sum().backward()
    for leaf in [x, none, w] {
      if let gradient = gradients[leaf] { #expect(gradient.shape == leaf.shape) }
    }
  }
}

@Test func `every operation has a gradient test`() {
  let tested = Set(GradientCase.all.map(\.operation))
  #expect(Operation.allCases.filter { !tested.contains($0) } == [])
}
