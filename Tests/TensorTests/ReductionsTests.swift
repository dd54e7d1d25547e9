import Tensor
import TestSupport
import Testing

/// `Tensor+Reductions`: sums in Double, extremes, and their gradients.
struct ReductionsTests {
  @Test func `sums and means over any axes are NumPy's`() throws {
    for test in try #require(Golden.numpy).reductions.sums {
      let what = "\(test.shape) over \(String(describing: test.axes))"
      let x = try Golden.input(test.shape)
      let sum = try x.sum(axes: test.axes, keepsAxes: test.keeps)
      let mean = try x.mean(axes: test.axes, keepsAxes: test.keeps)
      #expect(sum.shape == test.result, "\(what)")
      #expect(mean.shape == test.result, "\(what)")
      expectClose(sum.elements, test.sum.map(\.value), "sum of \(what)")
      expectClose(mean.elements, test.mean.map(\.value), relative: 1e-7, "mean of \(what)")
    }
  }

  @Test func `the largest and the smallest and their places are NumPy's`() throws {
    for test in try #require(Golden.numpy).reductions.extremes {
      let x = try Golden.input(test.shape)
      let largest = try x.extreme(.max, axis: test.axis)
      let smallest = try x.extreme(.min, axis: test.axis)
      #expect(largest.values.shape == test.result)
      #expect(largest.values.elements == test.max && largest.positions == test.argmax)
      #expect(smallest.values.elements == test.min && smallest.positions == test.argmin)
    }
  }

  @Test func `NaN wins over every number, the first of several`() throws {
    let x = try Tensor(shape: [2, 3], elements: [1, .nan, .infinity, -.infinity, -2, -1])
    for which in [Tensor.Extreme.max, .min] {
      let found = try x.extreme(which, axis: 1)
      #expect(found.values[flat: 0].isNaN && found.positions[0] == 1)
    }
    #expect(try x.extreme(.min, axis: 1).values[flat: 1] == -.infinity)
  }

  @Test func `ten million tenths make a million`() throws {
    let x = try Tensor(repeating: 0.1, shape: [10_000_000])
    let exact = Double(Float(0.1)) * 1e7
    for shape in [[10_000_000], [1000, 10_000], [10, 1_000_000], [1_000_000, 10]] {
      let y = try x.reshaped(to: shape)
      #expect(try y.sum().scalar == Float(exact))
      #expect(try y.mean().scalar == 0.1)
      for axis in shape.indices {
        let expected = Float(Double(Float(0.1)) * Double(shape[axis]))
        let sums = try y.sum(axes: [axis])
        #expect(sums.elements.allSatisfy { $0 == expected })
      }
    }
    #expect(abs(try x.dot(x) - Double(Float(0.1)) * Double(Float(0.1)) * 1e7) < 1e-6)
  }

  @Test func `products of a dot are exact before they are added`() throws {
    let x = try Tensor(shape: [3], elements: [1e30, 3, -1e30])
    let y = try Tensor(shape: [3], elements: [1e30, 5, 1e30])
    #expect(try x.dot(y) == 0)
    #expect(
      try Tensor(shape: [1], elements: [1e30]).dot(Tensor(shape: [1], elements: [1e30])) > 9e59)
    #expect(throws: TensorError.shapes("dot", [3], [1])) {
      try x.dot(Tensor(shape: [1], elements: [1]))
    }
  }

  @Test func `the mean of nothing is NaN, its sum zero, its maximum an error`() throws {
    let x = try Tensor(shape: [2, 0], elements: [])
    #expect(try x.mean().scalar.isNaN)
    #expect(try x.sum(axes: [1]).elements == [0, 0])
    #expect(try x.sum(axes: [0], keepsAxes: true).shape == [1, 0])
    #expect(throws: TensorError.shape("max", [2, 0], expected: "a non-empty axis")) {
      try x.extreme(.max, axis: 1)
    }
    #expect(try x.extreme(.min, axis: 0).values.shape == [0])
  }

  @Test func `huge empty axes are reduced at once`() throws {
    let x = try Tensor(shape: [1 << 20, 1 << 20, 0], elements: [])
    #expect(try x.sum().scalar == 0)
    #expect(try x.extreme(.max, axis: 0).values.count == 0)
    #expect(throws: TensorError.self) { try x.sum(axes: [2]) }
  }

  @Test func `wrong and repeated axes are named`() throws {
    let x = try Tensor(repeating: 1, shape: [2, 3])
    #expect(throws: TensorError.axis("sum", 2, rank: 2)) { try x.sum(axes: [2]) }
    #expect(throws: TensorError.axis("mean", -3, rank: 2)) { try x.mean(axes: [-3]) }
    #expect(throws: TensorError.axis("max", .min, rank: 2)) { try x.extreme(.max, axis: .min) }
    #expect(throws: TensorError.value("sum", "axis 1 is named twice")) { try x.sum(axes: [1, -1]) }
  }

  @Test func `summing to a shape undoes a broadcast`() throws {
    for (small, large) in [
      ([Int](), [2, 3]), ([3], [2, 3]), ([2, 1], [4, 2, 3]), ([1, 1], [1, 1]),
    ] {
      let ones = try Tensor(repeating: 1, shape: large)
      let sum = try ones.sum(to: small)
      #expect(sum.shape == small)
      let share = Float(large.reduce(1, *) / small.reduce(1, *))
      #expect(sum.elements.allSatisfy { $0 == share })
    }
  }

  @Test func `the gradient of an extreme goes to its place`() throws {
    let x = try Golden.input([2, 3, 2])
    let found = try x.extreme(.max, axis: 1)
    let placed = try found.values.placed(at: found.positions, axis: 1, in: [2, 3, 2])
    #expect(try placed.sum(axes: [1]).elements == found.values.elements)
    #expect(placed.elements.count { $0 != 0 } <= 4)
  }
}
