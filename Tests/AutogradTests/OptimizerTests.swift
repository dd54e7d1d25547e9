import Autograd
import Foundation
import Tensor
import TestSupport
import Testing

/// `Optimizer` against PyTorch in float64: Golden/optimizers.json, which Golden/make.py made.
struct OptimizerTests {
  struct Golden: Decodable {
    let start: [[Float]]
    let rates: [Double]
    let gradients: [[[Float]?]]
    let cases: [Case]

    static func load() throws -> Golden {
      try JSONDecoder().decode(
        Golden.self, from: ReferenceFiles.golden("optimizers.json", beside: #filePath))
    }
  }

  struct Case: Decodable {
    let rule: String
    let momentum: Double?
    let beta1: Double?
    let beta2: Double?
    let epsilon: Double?
    let decoupled: Bool?
    let decays: [Double]
    let clip: Double?
    let after: [[[Float]]]

    func optimizer(_ parameters: [Variable]) -> Optimizer {
      var rule = Optimizer.Rule.sgd(momentum: momentum ?? 0)
      if let beta1, let beta2, let epsilon, let decoupled {
        rule = .adam(beta1: beta1, beta2: beta2, epsilon: epsilon, isDecoupled: decoupled)
      }
      let slots = zip(parameters, decays).enumerated().map {
        Optimizer.Slot(path: "p\($0)", parameter: $1.0, decay: $1.1)
      }
      return Optimizer(rule, slots, rate: 1, clipNorm: clip)
    }
  }

  private func parameters(_ golden: Golden) throws -> [Variable] {
    try golden.start.map {
      Variable(try Tensor(shape: [$0.count], elements: $0), requiresGradient: true)
    }
  }

  /// A loss whose gradients are given: Σ g p.
  private func gradients(_ parameters: [Variable], _ wanted: [[Float]?]) throws -> Gradients {
    var loss = Variable(try Tensor(0))
    for (parameter, wanted) in zip(parameters, wanted) {
      guard let wanted else { continue }
      let factor = Variable(try Tensor(shape: parameter.shape, elements: wanted))
      loss = try loss.plus(parameter.times(factor).sum())
    }
    return try loss.backward()
  }

  @Test(arguments: 0..<8) func `eight steps are PyTorch's`(_ number: Int) throws {
    let golden = try Golden.load()
    let test = golden.cases[number]
    let parameters = try parameters(golden)
    let optimizer = test.optimizer(parameters)
    for (step, expected) in test.after.enumerated() {
      optimizer.rate = golden.rates[step]
      try optimizer.step(gradients(parameters, golden.gradients[step]))
      for (parameter, expected) in zip(parameters, expected) {
        expectClose(
          parameter.value.elements, expected, absolute: 1e-6, relative: 1e-6,
          "\(test.rule) \(number) after step \(step)")
      }
    }
  }

  @Test(arguments: 0..<8, [1, 3, 6])
  func `a restored run goes on bit by bit`(_ number: Int, _ pause: Int) throws {
    let golden = try Golden.load()
    let test = golden.cases[number]
    func run(_ steps: Range<Int>, _ parameters: [Variable], _ optimizer: Optimizer) throws {
      for step in steps {
        optimizer.rate = golden.rates[step]
        try optimizer.step(gradients(parameters, golden.gradients[step]))
      }
    }
    let straight = try parameters(golden)
    try run(0..<8, straight, test.optimizer(straight))

    let first = try parameters(golden)
    let before = test.optimizer(first)
    try run(0..<pause, first, before)
    let (tensors, steps) = before.state
    let second = try first.map {
      Variable(
        try Tensor(shape: $0.shape, elements: $0.value.elements), requiresGradient: true)
    }
    let after = test.optimizer(second)
    try after.restore(tensors, steps: steps)
    // The run that was left goes on, too, and must not disturb what was saved.
    try run(pause..<8, first, before)
    try run(pause..<8, second, after)
    for (a, b, c) in zip(zip(straight, first), second).map({ ($0.0, $0.1, $1) }) {
      #expect(a.value.elements == b.value.elements)
      #expect(a.value.elements == c.value.elements)
    }
  }

  @Test func `parameters without a gradient are not touched, not even by decay`() throws {
    for rule in [
      Optimizer.Rule.sgd(momentum: 0.9),
      .adam(beta1: 0.9, beta2: 0.9, epsilon: 1e-8, isDecoupled: true),
    ] {
      let used = Variable(try Tensor(repeating: 1, shape: [2]), requiresGradient: true)
      let idle = Variable(try Tensor(repeating: 1, shape: [2]), requiresGradient: true)
      let optimizer = Optimizer(
        rule,
        [
          .init(path: "used", parameter: used, decay: 0.5),
          .init(path: "idle", parameter: idle, decay: 0.5),
        ], rate: 0.1)
      try optimizer.step(used.sum().backward())
      #expect(used.value.elements != [1, 1])
      #expect(idle.value.elements == [1, 1] && idle.version == 0)
      #expect(optimizer.state.steps == [1, 0])
      #expect(optimizer.state.tensors.allSatisfy { $0.path == "used" })
    }
  }

  @Test func `a state that does not fit is refused and changes nothing`() throws {
    let p = Variable(try Tensor(repeating: 1, shape: [2]), requiresGradient: true)
    let optimizer = Optimizer(
      .sgd(momentum: 0.9), [.init(path: "p", parameter: p, decay: 0)], rate: 0.1)
    try optimizer.step(p.sum().backward())
    let (good, wrong) = (try Tensor(repeating: 1, shape: [2]), try Tensor(repeating: 1, shape: [3]))
    let state = { Optimizer.State(path: $0, kind: $1, tensor: $2) }
    let cases: [([Optimizer.State], [Int], TensorError)] = [
      ([], [1, 1], .shapes("optimizer state", [1], [2])),
      ([], [1], .value("optimizer state", "buffer of p is missing")),
      ([state("p", "first", good)], [1], .value("optimizer state", "buffer of p is missing")),
      ([state("q", "buffer", good)], [1], .value("optimizer state", "buffer of p is missing")),
      ([state("p", "buffer", wrong)], [1], .shapes("optimizer state", [2], [3])),
      ([state("p", "buffer", good)], [0], .value("optimizer state", "no use for buffer of p")),
      ([], [-1], .value("optimizer state", "-1 steps of p")),
    ]
    for (tensors, steps, error) in cases {
      #expect(throws: error) { try optimizer.restore(tensors, steps: steps) }
    }
    #expect(optimizer.state.steps == [1])
    #expect(optimizer.state.tensors.map(\.tensor.elements) == [[1, 1]])
  }

  @Test func `steps work in place`() async {
    await #expect(processExitsWith: .success) {
      let p = Variable(try Tensor(repeating: 1, shape: [1 << 20]), requiresGradient: true)
      let optimizer = Optimizer(
        .adam(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, isDecoupled: false),
        [.init(path: "p", parameter: p, decay: 0)], rate: 0.1, clipNorm: 1e9)
      let before = MemoryPool.shared.liveBytes
      for _ in 0..<3 { try optimizer.step(p.sum().backward()) }
      // Two moments, and nothing that is left behind.
      #expect(MemoryPool.shared.liveBytes - before == 2 << 22)
      #expect(p.version == 3)
    }
  }
}
