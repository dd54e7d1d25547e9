import Autograd
import Synchronization
import Tensor
import TestSupport
import Testing

/// `Variable`, `Node`, `Backward`: what is recorded, what it costs, and how it ends.
struct RecordTests {
  private func parameter(_ elements: [Float]) throws -> Variable {
    Variable(try Tensor(shape: [elements.count], elements: elements), requiresGradient: true)
  }

  @Test func `a result of constants is a constant`() throws {
    let (a, b) = (Variable(try Tensor(2)), Variable(try Tensor(3)))
    let c = try a.times(b)
    #expect(!c.requiresGradient && c.isLeaf)
    let gradients = try c.backward()
    #expect(gradients[a] == nil && gradients[c] == nil)
  }

  @Test func `a variable that is used several times gets the sum`() throws {
    let x = try parameter([3, -2])
    // x·x + 2 x + x·x·x, with the slope 2 x + 2 + 3 x·x, all through the same variable.
    let square = try x.times(x)
    let y = try square.plus(x).plus(x).plus(square.times(x))
    let gradient = try #require(try y.sum().backward()[x])
    #expect(gradient.elements == [35, 10])
  }

  @Test func `operands of one operation may be the same`() throws {
    let x = try parameter([2, 5])
    #expect(try x.plus(x).sum().backward()[x]?.elements == [2, 2])
    #expect(try x.minus(x).sum().backward()[x]?.elements == [0, 0])
    #expect(try x.divided(by: x).sum().backward()[x]?.elements == [0, 0])
    #expect(try x.maximum(x).sum().backward()[x]?.elements == [1, 1])
    #expect(try Variable.concatenate([x, x, x], axis: 0).sum().backward()[x]?.elements == [3, 3])
    #expect(
      try Variable.assembled(
        [x.reshaped(to: [2, 1]), x.reshaped(to: [2, 1])],
        [.init(source: 0, row: 1), .init(source: 1, row: 1)]
      ).sum().backward()[x]?.elements == [0, 2])
  }

  @Test func `a loss that is a parameter has the gradient one`() throws {
    let x = Variable(try Tensor(3), requiresGradient: true)
    #expect(try x.backward()[x]?.scalar == 1)
    #expect(try x.backward()[x]?.scalar == 1)
  }

  @Test func `what is not a scalar has no gradient`() throws {
    let x = try parameter([1, 2])
    #expect(throws: TensorError.shape("gradients", [2], expected: "a scalar")) {
      try x.times(x).backward()
    }
    #expect(try x.indexed([.slice(start: 0, stop: 1, step: 1)]).backward()[x]?.elements == [1, 0])
  }

  static let spent = TensorError.value(
    "gradients", "an earlier call has used up how this result came to be")

  @Test func `a second pass through the same record is an error, not half a gradient`() throws {
    let x = try parameter([1, 2])
    let shared = try x.times(x)
    let (first, second) = (try shared.sum(), try shared.mean())
    let apart = try x.sum()
    #expect(try first.backward()[x]?.elements == [2, 4])
    #expect(throws: Self.spent) { try first.backward() }
    #expect(throws: Self.spent) { try second.backward() }
    #expect(throws: Self.spent) { try shared.plus(x).sum().backward() }
    #expect(try apart.backward()[x]?.elements == [1, 1])
    #expect(!shared.isLeaf && shared.requiresGradient)
    #expect(try shared.detached.plus(x).sum().backward()[x]?.elements == [1, 1])
  }

  @Test func `freezing in place stops what is recorded later`() throws {
    let x = try parameter([1, 2])
    x.setRequiresGradient(false)
    #expect(!x.requiresGradient)
    #expect(try x.times(x).isLeaf)
    x.setRequiresGradient(true)
    x.setRequiresGradient(true)
    #expect(try x.times(x).sum().backward()[x]?.elements == [2, 4])
  }

  @Test func `only leaves can be frozen`() async {
    await #expect(processExitsWith: .failure) {
      let x = Variable(try Tensor(1), requiresGradient: true)
      try x.times(x).setRequiresGradient(false)
    }
  }

  @Test func `a new number must have the old shape, and is counted`() throws {
    let x = try parameter([1, 2])
    let loss = try x.times(x).sum()
    try x.assign(Tensor(shape: [2], elements: [10, 20]))
    #expect(x.version == 1)
    #expect(
      try loss.backward()[x]?.elements == [2, 4], "the record keeps the numbers it was made of")
    #expect(throws: TensorError.shapes("assign", [2], [3])) {
      try x.assign(Tensor(repeating: 0, shape: [3]))
    }
  }

  @Test func `an error on the way back leaves everything usable`() async {
    await #expect(processExitsWith: .success) {
      let x = Variable(try Tensor(repeating: 1, shape: [4, 4]), requiresGradient: true)
      func loss() throws -> Variable { try x.matmul(x).mapped(.tanh).sum() }
      let expected = try #require(try loss().backward()[x]).elements
      let interrupted = try loss()
      Cancellation.requested.store(true, ordering: .relaxed)
      #expect(throws: TensorError.cancelled) { try interrupted.backward() }
      Cancellation.requested.store(false, ordering: .relaxed)
      #expect(throws: Self.spent) { try interrupted.backward() }
      #expect(try loss().backward()[x]?.elements == expected)
    }
  }
}
