import Synchronization
import Tensor
import TestSupport
import Testing

/// `Tensor+Matmul`, `Tensor+Linear`: products on blocks and threads.
struct MatmulTests {
  @Test func `products of vectors, matrices and batches are NumPy's`() throws {
    for test in try #require(Golden.numpy).products {
      let (a, b) = (try Golden.input(test.a), try Golden.input(test.b, 1))
      let y = try a.matmul(b)
      #expect(y.shape == test.result, "\(test.a) @ \(test.b)")
      #expect(y.elements == test.elements, "\(test.a) @ \(test.b)")
      guard test.transposable == true else { continue }
      let (at, bt) = (try a.transposed(), try b.transposed())
      #expect(try at.matmul(b, transposed: true) == y, "\(test.a) transposed")
      #expect(try a.matmul(bt, otherTransposed: true) == y, "\(test.b) transposed")
      #expect(try at.matmul(bt, transposed: true, otherTransposed: true) == y)
    }
  }

  /// Around the widths and heights at which products are cut.
  @Test(arguments: [
    (1, 1, 1), (3, 255, 5), (130, 256, 3), (257, 300, 64), (200, 384, 33), (129, 385, 100),
    (1025, 70, 70), (2100, 255, 9), (1024, 768, 7), (1100, 1153, 5), (76, 288, 96),
  ])
  func `cut products equal the sums of products`(_ m: Int, _ n: Int, _ k: Int) throws {
    let (a, b) = (try randomTensor([m, k], "a"), try randomTensor([k, n], "b"))
    let y = try a.matmul(b)
    #expect(y.shape == [m, n])
    let (x, w) = (a.elements, try b.transposed().elements)
    for row in stride(from: 0, to: m, by: max(1, m / 13)) {
      let expected = (0..<n).map { column in
        Float((0..<k).reduce(0.0) { $0 + Double(x[row * k + $1]) * Double(w[column * k + $1]) })
      }
      let found = try y.prefix(row..<row + 1).elements
      expectClose(found, expected, relative: 2e-6, "row \(row) of \(m) x \(n) x \(k)")
    }
    let transposed = try b.transposed()
    expectClose(
      try a.matmul(transposed, otherTransposed: true).elements, y.elements, relative: 2e-6)
    expectClose(
      try a.transposed().matmul(b, transposed: true).elements, y.elements, relative: 2e-6)
  }

  @Test func `inner axes that differ are an error with both shapes`() throws {
    for (a, b) in [([2, 3], [2, 3]), ([3], [4]), ([], [3]), ([2], []), ([2, 2, 3], [3, 3, 4])] {
      let (x, y) = (try Tensor(repeating: 1, shape: a), try Tensor(repeating: 1, shape: b))
      #expect(throws: TensorError.shapes("@", a.count == 3 ? [2] : a, b.count == 3 ? [3] : b)) {
        try x.matmul(y)
      }
    }
  }

  @Test func `extents beyond 32 bits are refused, not cut off`() throws {
    let wide = try Tensor(shape: [0, 1 << 32], elements: [])
    #expect(throws: TensorError.value("@", "an extent of 4294967296, more than OpenBLAS takes")) {
      try wide.matmul(wide, otherTransposed: true)
    }
    #expect(throws: TensorError.value("@", "an extent of 4294967296, more than OpenBLAS takes")) {
      try wide.linear(wide)
    }
    let tall = try Tensor(shape: [1 << 40, 0], elements: [])
    #expect(throws: TensorError.self) { try tall.matmul(Tensor(shape: [0, 3], elements: [])) }
    let batch = try Tensor(shape: [1 << 40, 2, 0], elements: [])
    #expect(try batch.matmul(Tensor(shape: [0, 0], elements: [])).shape == [1 << 40, 2, 0])
  }

  @Test func `an empty batch of any length is done at once`() throws {
    let a = try Tensor(shape: [1 << 40, 0, 3], elements: [])
    let b = try Tensor(repeating: 1, shape: [1, 3, 2])
    #expect(try a.matmul(b).shape == [1 << 40, 0, 2])
  }

  @Test(arguments: [[5, 7], [7], [2, 3, 7], [0, 7], [1100, 7]])
  func `a dense layer adds its bias and a residual`(_ shape: [Int]) throws {
    let (x, w) = (try randomTensor(shape, "x"), try randomTensor([300, 7], "w"))
    let bias = try randomTensor([300], "b")
    let residual = try randomTensor(Array(shape.dropLast()) + [300], "r")
    let plain = try x.matmul(w, otherTransposed: true)
    let cases = [
      (try x.linear(w), plain),
      (try x.linear(w, bias: bias), try plain.combined(.sum, with: bias)),
      (try x.linear(w, adding: residual), try plain.combined(.sum, with: residual)),
      (
        try x.linear(w, bias: bias, adding: residual),
        try plain.combined(.sum, with: bias).combined(.sum, with: residual)
      ),
    ]
    for (y, expected) in cases {
      #expect(y.shape == expected.shape)
      expectClose(y.elements, expected.elements, relative: 1e-5, "\(shape)")
    }
  }

  @Test func `a dense layer without inputs gives its bias`() throws {
    let x = try Tensor(shape: [3, 0], elements: [])
    let w = try Tensor(shape: [2, 0], elements: [])
    #expect(try x.linear(w).elements == [0, 0, 0, 0, 0, 0])
    let bias = try Tensor(shape: [2], elements: [1, 2])
    #expect(try x.linear(w, bias: bias).elements == [1, 2, 1, 2, 1, 2])
  }

  @Test func `shapes of a dense layer that do not fit are named`() throws {
    let x = try Tensor(repeating: 1, shape: [2, 3])
    let w = try Tensor(repeating: 1, shape: [4, 3])
    #expect(throws: TensorError.shapes("linear", [2, 3], [3, 4])) { try x.linear(w.transposed()) }
    #expect(throws: TensorError.shapes("linear", [4, 3], [3])) {
      try x.linear(w, bias: Tensor(repeating: 1, shape: [3]))
    }
    #expect(throws: TensorError.shapes("linear", [2, 4], [2, 3])) { try x.linear(w, adding: x) }
    #expect(throws: TensorError.shapes("linear", [], [4, 3])) { try Tensor(1).linear(w) }
  }

  @Test func `a request to stop ends a product`() async {
    await #expect(processExitsWith: .success) {
      let x = try Tensor(repeating: 1, shape: [2, 2])
      Cancellation.requested.store(true, ordering: .relaxed)
      #expect(throws: TensorError.cancelled) { try x.matmul(x) }
      #expect(throws: TensorError.cancelled) { try x.linear(x) }
      Cancellation.requested.store(false, ordering: .relaxed)
      #expect(try x.matmul(x).elements == [2, 2, 2, 2])
    }
  }
}
