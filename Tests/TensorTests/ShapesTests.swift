import Tensor
import TestSupport
import Testing

/// `Tensor+Shapes`, `Tensor+Patches`, `Tensor+Assembly`: elements that are moved.
struct ShapesTests {
  @Test func `axes are put in order as NumPy does`() throws {
    for test in try #require(Golden.numpy).moves.permuted {
      let y = try Golden.input(test.shape).permuted(test.axes)
      #expect(y.shape == test.result && y.elements == test.elements, "\(test.shape) \(test.axes)")
    }
  }

  @Test func `tensors are joined as NumPy does`() throws {
    for test in try #require(Golden.numpy).moves.concatenated {
      let parts = try test.shapes.enumerated().map { try Golden.input($1, $0) }
      let y = try Tensor.concatenate(parts, axis: test.axis)
      #expect(y.shape == test.result && y.elements == test.elements, "\(test.shapes)")
    }
  }

  @Test func `moves that make no sense are refused`() throws {
    let x = try Tensor(repeating: 1, shape: [2, 3])
    #expect(throws: TensorError.axis("permute", 2, rank: 2)) { try x.permuted([0, 2]) }
    #expect(throws: TensorError.value("permute", "[0, 0] does not name each of 2 axes once")) {
      try x.permuted([0, 0])
    }
    #expect(throws: TensorError.value("permute", "[1] does not name each of 2 axes once")) {
      try x.permuted([1])
    }
    #expect(throws: TensorError.value("concat", "nothing to join")) {
      try Tensor.concatenate([], axis: 0)
    }
    #expect(throws: TensorError.axis("concat", 2, rank: 2)) {
      try Tensor.concatenate([x], axis: 2)
    }
    #expect(throws: TensorError.axis("concat", 0, rank: 0)) {
      try Tensor.concatenate([Tensor(1)], axis: 0)
    }
    let (wide, flat) = (try Tensor(repeating: 1, shape: [2, 4]), try x.reshaped(to: [6]))
    #expect(throws: TensorError.shapes("concat", [2, 3], [2, 4])) {
      try Tensor.concatenate([x, wide], axis: 0)
    }
    #expect(throws: TensorError.shapes("concat", [2, 3], [6])) {
      try Tensor.concatenate([x, flat], axis: 0)
    }
    #expect(throws: TensorError.shape("T", [6], expected: "at least two axes")) {
      try flat.transposed()
    }
  }

  @Test func `huge empty tensors move at once`() throws {
    let x = try Tensor(shape: [1 << 40, 0, 8], elements: [])
    #expect(try x.permuted([2, 1, 0]).shape == [8, 0, 1 << 40])
    #expect(try Tensor.concatenate([x, x], axis: 0).shape == [1 << 41, 0, 8])
    #expect(try Tensor.concatenate([x, x], axis: 1).shape == [1 << 40, 0, 8])
    #expect(try x.broadcast(to: [2, 1 << 40, 0, 8]).count == 0)
    let long = try Tensor(shape: [1 << 45, 0], elements: [])
    #expect(throws: TensorError.self) {
      try Tensor.concatenate([Tensor](repeating: long, count: 5), axis: 0)
    }
  }

  @Test func `patches are flattened as channel, row, column`() throws {
    let images = try Golden.input([2, 3, 4, 6])
    let patches = try images.patches(2)
    #expect(patches.shape == [2 * 2 * 3, 12])
    for (image, channel, row, column) in [(0, 0, 0, 0), (1, 2, 3, 5), (1, 0, 2, 1), (0, 1, 1, 4)] {
      let patch = (image * 2 + row / 2) * 3 + column / 2
      let place = (channel * 2 + row % 2) * 2 + column % 2
      let source = ((image * 3 + channel) * 4 + row) * 6 + column
      #expect(patches[flat: patch * 12 + place] == images[flat: source])
    }
    #expect(try patches.images(ofPatches: 2, shape: [2, 3, 4, 6]) == images)
  }

  @Test(arguments: [
    ([2, 3, 4, 4], 3), ([2, 3, 4, 4], 0), ([2, 3, 4, 4], -2), ([3, 4, 4], 2),
    ([0, 3, 0, 0], .max), ([2, 3, 4, 5], 4),
  ])
  func `images that are not made of whole patches are refused`(_ shape: [Int], _ size: Int) throws {
    let images = try Tensor(repeating: 0, shape: shape)
    #expect(throws: TensorError.self) { try images.patches(size) }
  }

  @Test func `no images have no patches`() throws {
    #expect(try Tensor(shape: [0, 3, 4, 4], elements: []).patches(2).shape == [0, 12])
    #expect(try Tensor(shape: [1 << 30, 0, 4, 4], elements: []).patches(2).count == 0)
  }

  @Test func `rows are gathered and scattered back`() throws {
    let x = try Golden.input([4, 2, 3])
    let rows = try x.gathered(rows: [3, 0, 3])
    #expect(rows.shape == [3, 2, 3])
    #expect(try rows.prefix(0..<1).elements == x.prefix(3..<4).elements)
    let back = try Tensor(repeating: 1, shape: [3, 2, 3]).scatteredRows([3, 0, 3], extent: 4)
    #expect(try back.sum(axes: [1, 2]).elements == [6, 0, 0, 12])
    #expect(try x.gathered(rows: []).shape == [0, 2, 3])
    for wrong in [4, -1, Int.min, .max] {
      #expect(throws: TensorError.index(wrong, count: 4, axis: 0)) {
        try x.gathered(rows: [0, wrong])
      }
    }
    #expect(throws: TensorError.axis("rows", 0, rank: 0)) { try Tensor(1).gathered(rows: []) }
  }

  @Test func `a matrix is assembled from rows of several and taken apart again`() throws {
    let (a, b) = (try Golden.input([4, 3]), try Golden.input([2, 3], 5))
    let picks = [(0, 1), (0, 2), (1, 0), (0, 3), (1, 0), (1, 1), (0, 0)].map {
      Tensor.RowPick(source: $0.0, row: $0.1)
    }
    let y = try Tensor.assembled([a, b], picks)
    let expected = try picks.flatMap { pick in
      try [a, b][pick.source].prefix(pick.row..<pick.row + 1).elements
    }
    #expect(y.elements == expected)
    let ones = try Tensor(repeating: 1, shape: [7, 3])
    let parts = try ones.disassembled(picks, extents: [4, 2])
    #expect(try parts[0]?.sum(axes: [1]).elements == [3, 3, 3, 3])
    #expect(try parts[1]?.sum(axes: [1]).elements == [6, 3])
    #expect(try ones.disassembled(picks, extents: [nil, 2])[0] == nil)
    #expect(try Tensor.assembled([a], []).shape == [0, 3])
  }

  @Test(arguments: [
    [1 << 62, 4], [1 << 40, 1 << 40], [.max, .max, 1], [-1, 1], [.min, 1], [1 << 46, 1],
  ]) func `absurd shapes are refused before anything is multiplied`(_ shape: [Int]) throws {
    let one = try Tensor(repeating: 1, shape: [1, 1])
    #expect(throws: TensorError.self) { try one.broadcast(to: shape) }
    #expect(throws: TensorError.self) { try one.reshaped(to: shape) }
    #expect(throws: TensorError.self) { try Tensor(repeating: 1, shape: shape) }
    let line = try Tensor(repeating: 1, shape: [1])
    #expect(throws: TensorError.self) { try line.broadcast(to: shape + [1]) }
  }

  /// Each is small, and their product is not.
  @Test func `results beyond memory are refused`() throws {
    let (column, row) = (
      try Tensor(repeating: 1, shape: [1 << 21, 1]), try Tensor(repeating: 1, shape: [1 << 21])
    )
    #expect(throws: TensorError.self) { try column.combined(.sum, with: row) }
    #expect(throws: TensorError.self) {
      try column.matmul(row.reshaped(to: [1, 1 << 21]))
    }
    #expect(throws: TensorError.self) {
      try column.indexed(
        IndexPlan([.whole, .list([Int](repeating: 0, count: 1 << 21))], shape: column.shape))
    }
  }

  @Test func `patches larger than an image are refused`() throws {
    for shape in [[1, 16, 1 << 30, 0], [0, 1 << 20, 64, 64], [1, 3, 0, 0], [1, 3, 4, 8]] {
      let images = try Tensor(
        shape: shape, elements: [Float](repeating: 0, count: shape.reduce(1, *)))
      for size in [0, -1, 16, 1 << 30, Int.max, Int.min] {
        if shape == [0, 1 << 20, 64, 64], size == 16 {
          #expect(try images.patches(size).shape == [0, 1 << 28])
        } else {
          #expect(throws: TensorError.self) { try images.patches(size) }
        }
      }
    }
  }

  @Test func `rows that do not exist or do not fit are refused`() throws {
    let a = try Golden.input([4, 3])
    #expect(throws: TensorError.value("assemble", "there is nothing to take rows from")) {
      try Tensor.assembled([], [])
    }
    #expect(throws: TensorError.shapes("assemble", [3], [2, 4])) {
      try Tensor.assembled([a, Tensor(repeating: 0, shape: [2, 4])], [])
    }
    for (rows, wrong) in [([2, 3, 4], 4), ([-1, 0], -1), ([7], 7)] {
      #expect(throws: TensorError.index(wrong, count: 4, axis: 0)) {
        try Tensor.assembled([a], rows.map { .init(source: 0, row: $0) })
      }
    }
  }
}
