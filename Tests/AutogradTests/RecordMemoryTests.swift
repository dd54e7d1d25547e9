import Autograd
import Tensor
import Testing

/// What a record holds on to. Each test runs in a process of its own, whose memory nobody else uses.
struct RecordMemoryTests {
  /// Bytes of one [512, 512] matrix.
  static let matrix = 512 * 512 * 4

  static func draw(_ name: String, isTrained: Bool = false) throws -> Variable {
    var stream = RandomStream(seed: 1, name: name)
    return Variable(
      try Tensor.normal([512, 512], deviation: 1, from: &stream), requiresGradient: isTrained)
  }

  /// Matrices that are alive after `body`, beyond those before. Small vectors do not count.
  static func matrices(_ body: () throws -> Variable) throws -> (Int, Variable) {
    let before = MemoryPool.shared.liveBytes
    let result = try body()
    return ((MemoryPool.shared.liveBytes - before + matrix / 2) / matrix, result)
  }

  @Test func `constants leave nothing behind but the result`() async {
    await #expect(processExitsWith: .success) {
      let (x, w) = (try Self.draw("x"), try Self.draw("w"))
      let (count, _) = try Self.matrices {
        try x.linear(w).mapped(.gelu).softmax().times(x).normalized()
      }
      #expect(count == 1)
    }
  }

  /// x → LN → dense → GELU → dense: kept are what LN needs, x, which is alive anyway, and what GELU
  /// needs; neither the normalised rows nor the activations.
  @Test func `frozen weights save no inputs`() async {
    await #expect(processExitsWith: .success) {
      let (x, w) = (try Self.draw("x", isTrained: true), try Self.draw("w"))
      let one = Variable(try Tensor(repeating: 1, shape: [512]))
      let (count, y) = try Self.matrices {
        try x.layerNorm(scale: one, shift: one).linear(w).mapped(.gelu).linear(w)
      }
      #expect(count == 2, "the pre-activation and the result")
      #expect(try y.sum().backward()[x] != nil)
    }
  }

  @Test func `trained weights save their inputs`() async {
    await #expect(processExitsWith: .success) {
      let (x, w) = (try Self.draw("x"), try Self.draw("w", isTrained: true))
      let (count, y) = try Self.matrices { try x.mapped(.negated).linear(w).plus(x) }
      #expect(count == 2, "the negated input and the result")
      #expect(try y.sum().backward()[x] == nil)
    }
  }

  @Test func `each operation keeps only what its pullback needs`() async {
    await #expect(processExitsWith: .success) {
      let (x, c) = (try Self.draw("x", isTrained: true), try Self.draw("c"))
      let lean: [(String, (Variable) throws(TensorError) -> Variable)] = [
        ("sum", { (x) throws(TensorError) in try x.plus(x.plus(c)) }),
        ("difference", { (x) throws(TensorError) in try c.minus(x).minus(c) }),
        ("product", { (x) throws(TensorError) in try x.times(c).times(c) }),
        ("quotient", { (x) throws(TensorError) in try x.divided(by: c).divided(by: c) }),
        ("exp", { (x) throws(TensorError) in try x.scaled(by: 0.1).mapped(.exponential) }),
        ("tanh", { (x) throws(TensorError) in try x.plus(c).mapped(.tanh) }),
        ("softmax", { (x) throws(TensorError) in try x.plus(c).softmax() }),
        ("normalized", { (x) throws(TensorError) in try x.plus(c).normalized() }),
        ("matmul", { (x) throws(TensorError) in try x.matmul(c).matmul(c) }),
        ("permuted", { (x) throws(TensorError) in try x.permuted([1, 0]).transposed() }),
        ("indexed", { (x) throws(TensorError) in try x.plus(c).indexed([.list([Int](0..<512))]) }),
      ]
      for (name, operation) in lean {
        let (count, y) = try Self.matrices { try operation(x) }
        #expect(count == 1, "\(name): only the result is new")
        _ = try y.sum().backward()
      }
    }
  }

  @Test func `a backward pass frees the record on its way`() async {
    await #expect(processExitsWith: .success) {
      let x = try Self.draw("x", isTrained: true)
      let before = MemoryPool.shared.liveBytes
      var y = x
      for _ in 0..<10 { y = try y.mapped(.gelu) }
      let loss = try y.sum()
      y = x
      #expect((MemoryPool.shared.liveBytes - before) / Self.matrix == 9)
      let gradients = try loss.backward()
      #expect((MemoryPool.shared.liveBytes - before) / Self.matrix == 1, "the gradient")
      #expect(gradients[x] != nil)
    }
  }

  @Test func `a recomputed part keeps its inputs only`() async {
    await #expect(processExitsWith: .success) {
      let x = try Self.draw("x", isTrained: true)
      let (count, y) = try Self.matrices {
        try Variable.recomputed([x]) { (inputs) throws(TensorError) in
          var y = inputs[0]
          for _ in 0..<6 { y = try y.mapped(.gelu) }
          return y
        }
      }
      #expect(count == 1)
      #expect(try y.sum().backward()[x] != nil)
    }
  }

  /// A hundred thousand operations: neither the pass nor the release may recurse.
  @Test func `long chains overflow no stack`() async {
    await #expect(processExitsWith: .success) {
      let x = Variable(try Tensor(1), requiresGradient: true)
      let one = Variable(try Tensor(1))
      func chain() throws -> Variable {
        var y = x
        for step in 0..<100_000 {
          y = step % 3 == 0 ? try y.minus(one) : try y.plus(step % 3 == 1 ? one : x)
        }
        return y
      }
      let gradient = try #require(try chain().backward()[x])
      #expect(gradient.scalar == Float(1 + 33_333))
      let before = MemoryPool.shared.liveBytes
      _ = try chain()
      #expect(MemoryPool.shared.liveBytes == before)
    }
  }
}
