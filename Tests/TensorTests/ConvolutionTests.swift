import Tensor
import TestSupport
import Testing

/// `Convolution` and the average pool, against the definition in double precision.
struct ConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let image: [Int]
    let filters: Int
    let side: Int
    var stride = 1
    var residual = false
    var rectified = true
    var testDescription: String { "\(image) by \(filters) × \(side), stride \(stride)" }
  }

  @Test(arguments: [
    Case(image: [5, 7, 3], filters: 4, side: 3),
    Case(image: [5, 7, 3], filters: 4, side: 3, stride: 2),
    Case(image: [6, 4, 2], filters: 3, side: 3, stride: 2, rectified: false),
    Case(image: [1, 1, 2], filters: 3, side: 3, residual: true),
    Case(image: [1, 5, 1], filters: 1, side: 5, stride: 3),
    Case(image: [4, 3, 8], filters: 5, side: 1, residual: true),
    Case(image: [5, 3, 8], filters: 5, side: 1, stride: 2),
    // Gathered in several parts, and cut into blocks.
    Case(image: [70, 60, 20], filters: 40, side: 3, residual: true),
    Case(image: [40, 30, 16], filters: 520, side: 3),
  ]) func `filters see their neighbourhood`(_ test: Case) throws {
    let (image, filters) = (
      try Golden.input(test.image),
      try Golden.input([test.filters, test.image[2], test.side, test.side], 1)
    )
    let bias = try Golden.input([test.filters], 2)
    let size = test.image.prefix(2).map { ($0 + test.stride - 1) / test.stride } + [test.filters]
    let residual = test.residual ? try Golden.input(size, 3) : nil
    let convolution = try Convolution(weight: filters, bias: bias, stride: test.stride)
    let found = try convolution(image, adding: residual, rectified: test.rectified)
    #expect(found.shape == size)
    let (x, w) = (image.elements.map(Double.init), filters.elements.map(Double.init))
    let (h, v, c) = (test.image[0], test.image[1], test.image[2])
    var expected: [Double] = []
    for row in 0..<size[0] {
      for column in 0..<size[1] {
        for n in 0..<size[2] {
          var sum = Double(bias[flat: n])
          for i in 0..<test.side {
            for j in 0..<test.side {
              let (y, z) = (
                row * test.stride + i - test.side / 2, column * test.stride + j - test.side / 2
              )
              guard y >= 0, y < h, z >= 0, z < v else { continue }
              for k in 0..<c {
                sum += x[(y * v + z) * c + k] * w[((n * c + k) * test.side + i) * test.side + j]
              }
            }
          }
          if let residual { sum += Double(residual[flat: expected.count]) }
          expected.append(test.rectified ? max(0, sum) : sum)
        }
      }
    }
    let scale = expected.map(abs).max() ?? 1
    let error = zip(found.elements, expected).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(error < 1e-5 * max(scale, 1), "\(error) of \(scale)")
  }

  @Test func `two by two pixels are averaged, without an odd last one`() throws {
    let image = try Tensor(shape: [3, 5, 1], elements: (0..<15).map { Float($0 * $0) })
    let pooled = try image.averagedPixels()
    #expect(pooled.shape == [1, 2, 1])
    #expect(pooled.elements == [15.5, 31.5])
    #expect(try Tensor(repeating: 1, shape: [1, 1, 3]).averagedPixels().shape == [0, 0, 3])
  }

  @Test func `shapes that do not fit are refused`() throws {
    let bias = try Tensor(repeating: 0, shape: [2])
    for shape in [[2, 3, 2, 2], [2, 3, 3, 5], [2, 0, 3, 3], [2, 3, 3]] {
      #expect(throws: TensorError.self) {
        try Convolution(weight: Tensor(repeating: 1, shape: shape), bias: bias)
      }
    }
    let weight = try Tensor(repeating: 1, shape: [2, 3, 3, 3])
    #expect(throws: TensorError.self) {
      try Convolution(weight: weight, bias: Tensor(repeating: 0, shape: [3]))
    }
    let convolution = try Convolution(weight: weight, bias: bias)
    #expect(throws: TensorError.self) {
      try convolution(Tensor(repeating: 1, shape: [4, 4, 2]), rectified: true)
    }
    #expect(throws: TensorError.self) {
      try convolution(
        Tensor(repeating: 1, shape: [4, 4, 3]), adding: Tensor(repeating: 1, shape: [4, 4, 3]),
        rectified: true)
    }
  }
}
