import Tensor
import TestSupport
import Testing

/// `Tensor+Optimizers`: steps in place that leave nothing half done. Their numbers are compared with
/// PyTorch's in `AutogradTests`.
struct OptimizersTests {
  @Test func `a step changes neither copies of the parameter nor the gradient`() throws {
    var p = try Tensor(repeating: 1, shape: [20])
    let before = p
    let gradient = try Tensor(repeating: 0.5, shape: [20])
    var buffer: Tensor?
    for _ in 0..<2 {
      try p.stepSGD(gradient: gradient, buffer: &buffer, rate: 0.1, momentum: 0.5, decay: 0)
    }
    #expect(before.elements.allSatisfy { $0 == 1 })
    #expect(gradient.elements.allSatisfy { $0 == 0.5 })
    expectClose(p.elements, [Float](repeating: 1 - 0.05 - 0.075, count: 20), relative: 1e-6)
    #expect(buffer?.elements.allSatisfy { $0 == 0.75 } == true)
  }

  @Test func `a kept copy of the memory is not changed by the next step`() throws {
    var p = try Tensor(repeating: 1, shape: [3])
    let gradient = try Tensor(repeating: 1, shape: [3])
    var moments: (first: Tensor, second: Tensor)?
    func step(_ number: Int) throws {
      try p.stepAdam(
        gradient: gradient, moments: &moments,
        .init(
          rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0, isDecoupled: false,
          step: number))
    }
    try step(1)
    let kept = try #require(moments)
    let values = (kept.first.elements, kept.second.elements)
    try step(2)
    #expect(kept.first.elements == values.0 && kept.second.elements == values.1)
    #expect(moments?.first.elements != values.0)
  }

  @Test func `a gradient or a memory of another shape is refused and nothing changes`() throws {
    var p = try Tensor(repeating: 1, shape: [3])
    let (good, wrong) = (try Tensor(repeating: 1, shape: [3]), try Tensor(repeating: 1, shape: [4]))
    var buffer: Tensor? = wrong
    var moments: (first: Tensor, second: Tensor)? = (wrong, wrong)
    let adam = Tensor.AdamStep(
      rate: 1, beta1: 0.9, beta2: 0.9, epsilon: 1, decay: 0, isDecoupled: true, step: 1)
    #expect(throws: TensorError.shapes("SGD", [3], [4])) {
      try p.stepSGD(gradient: wrong, buffer: &buffer, rate: 1, momentum: 0, decay: 0)
    }
    #expect(throws: TensorError.shapes("SGD", [3], [4])) {
      try p.stepSGD(gradient: good, buffer: &buffer, rate: 1, momentum: 0, decay: 0)
    }
    #expect(throws: TensorError.shapes("Adam", [3], [4])) {
      try p.stepAdam(gradient: wrong, moments: &moments, adam)
    }
    #expect(throws: TensorError.shapes("Adam", [3], [4])) {
      try p.stepAdam(gradient: good, moments: &moments, adam)
    }
    #expect(p.elements == [1, 1, 1] && buffer?.count == 4 && moments?.first.count == 4)
  }
}
