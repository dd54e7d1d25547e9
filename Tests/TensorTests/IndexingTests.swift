import Tensor
import TestSupport
import Testing

/// `TensorIndex`, `Tensor+Indexing`: NumPy's rules.
struct IndexingTests {
  @Test func `hundreds of random indices pick what NumPy picks`() throws {
    let cases = try #require(Golden.numpy).indexing
    #expect(cases.count > 400)
    for (number, test) in cases.enumerated() {
      let x = try counting(test.shape)
      let parts = test.index.map(\.index)
      guard let result = test.result, let elements = test.elements else {
        #expect(throws: TensorError.self, "case \(number), \(parts)") {
          try x.indexed(IndexPlan(parts, shape: test.shape))
        }
        continue
      }
      let picked = try x.indexed(IndexPlan(parts, shape: test.shape))
      #expect(picked.shape == result, "case \(number): \(parts) of \(test.shape)")
      #expect(picked.elements == elements, "case \(number): \(parts) of \(test.shape)")
    }
  }

  @Test func `assignment through the same indices changes what NumPy changes`() throws {
    for test in try #require(Golden.numpy).indexing {
      guard let result = test.result, let assigned = test.assigned else { continue }
      let count = result.reduce(1, *)
      let values = try Tensor(shape: result, elements: (0..<count).map { -1 - Float($0) })
      let plan = try IndexPlan(test.index.map(\.index), shape: test.shape)
      let x = try counting(test.shape)
      #expect(try x.replacing(plan, with: values).elements == assigned)
      #expect(x == (try counting(test.shape)), "the original keeps its elements")
    }
  }

  @Test func `scattering adds up what picking took, place by place`() throws {
    for test in try #require(Golden.numpy).indexing {
      guard let result = test.result, let elements = test.elements else { continue }
      let count = result.reduce(1, *)
      let values = try Tensor(shape: result, elements: (0..<count).map { Float($0 + 1) })
      let plan = try IndexPlan(test.index.map(\.index), shape: test.shape)
      var expected = [Float](repeating: 0, count: test.shape.reduce(1, *))
      for (index, place) in elements.enumerated() { expected[Int(place)] += Float(index + 1) }
      #expect(try values.scattered(plan, into: test.shape).elements == expected)
    }
  }

  @Test func `of values for one place only the last is a part of the result`() throws {
    let plan = try IndexPlan([.list([1, 0, 1])], shape: [3, 2])
    let gradient = try Tensor(shape: [3, 2], elements: [1, 2, 3, 4, 5, 6])
    #expect(try gradient.replaced(by: plan).elements == [0, 0, 1, 2, 3, 4])
  }

  @Test func `values broadcast to the picked places, and no further`() throws {
    let x = try counting([2, 3])
    let plan = try IndexPlan([.whole, .slice(start: 1, stop: nil, step: 1)], shape: [2, 3])
    let column = try Tensor(shape: [2, 1], elements: [7, 8])
    #expect(try x.replacing(plan, with: column).elements == [0, 7, 7, 3, 8, 8])
    let wide = try counting([2, 2, 2])
    #expect(throws: TensorError.shapes("assignment", [2, 2], [2, 2, 2])) {
      try x.replacing(plan, with: wide)
    }
  }

  @Test func `a slice of leading axes shares the memory`() throws {
    let x = try counting([64, 1024])
    let before = MemoryPool.shared.liveBytes
    let part = try x.indexed(IndexPlan([.slice(start: 8, stop: 40, step: 1)], shape: x.shape))
    #expect(MemoryPool.shared.liveBytes - before < 4096)
    #expect(part[flat: 0] == 8 * 1024)
  }

  @Test(arguments: [
    ([TensorIndex.position(3)], [3, 2], TensorError.index(3, count: 3, axis: 0)),
    ([.position(.min)], [3, 2], .index(.min, count: 3, axis: 0)),
    ([.position(.max)], [3, 2], .index(.max, count: 3, axis: 0)),
    ([.whole, .list([0, -3])], [3, 2], .index(-3, count: 2, axis: 1)),
    ([.position(0), .position(0), .position(0)], [3, 2], .axis("index", 2, rank: 2)),
    ([.ellipsis, .ellipsis], [3, 2], .value("index", "`...` stands twice")),
    ([.slice(start: nil, stop: nil, step: 0)], [3], .value("index", "a slice's step is 0")),
    ([.list([0, 1]), .list([0, 1, 0])], [3, 2], .shapes("index", [2], [3])),
    ([.list([]), .list([0, 1])], [3, 2], .shapes("index", [0], [2])),
    ([.position(0)], [], .axis("index", 0, rank: 0)),
  ])
  func `wrong indices are named`(_ parts: [TensorIndex], _ shape: [Int], _ error: TensorError) {
    #expect(throws: error) { try IndexPlan(parts, shape: shape) }
  }

  @Test func `bounds and steps of any size are cut as in Python`() throws {
    let x = try counting([5])
    let extremes: [(Int?, Int?, Int, [Float])] = [
      (.min, .max, 1, [0, 1, 2, 3, 4]), (.max, .min, -1, [4, 3, 2, 1, 0]),
      (1, nil, .max, [1]), (nil, nil, .min, [4]), (.max, .max, 1, []), (-2, .min, -3, [3, 0]),
    ]
    for (start, stop, step, expected) in extremes {
      let plan = try IndexPlan([.slice(start: start, stop: stop, step: step)], shape: [5])
      #expect(try x.indexed(plan).elements == expected)
    }
  }

  /// Plans list no positions: an empty tensor may have an axis of any length.
  @Test func `an empty tensor with a huge axis is indexed at once`() throws {
    let x = try Tensor(shape: [1 << 45, 0], elements: [])
    let slice = TensorIndex.slice(start: nil, stop: nil, step: -3)
    #expect(try x.indexed(IndexPlan([slice], shape: x.shape)).count == 0)
    #expect(try x.indexed(IndexPlan([.newAxis, slice, .list([])], shape: x.shape)).count == 0)
  }

  private func counting(_ shape: [Int]) throws -> Tensor {
    try Tensor(shape: shape, elements: (0..<shape.reduce(1, *)).map(Float.init))
  }
}
