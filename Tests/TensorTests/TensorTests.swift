import Tensor
import TestSupport
import Testing

/// Bit for bit.
func == (a: Tensor, b: Tensor) -> Bool {
  a.shape == b.shape && a.elements.map(\.bitPattern) == b.elements.map(\.bitPattern)
}

/// `Tensor`, `Storage`, `Tensor+Access`: shapes, and values that nobody else can change.
struct TensorTests {
  @Test func `elements come back in row-major order`() throws {
    let x = try Tensor(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
    #expect(x.rank == 2 && x.count == 6)
    #expect(x.elements == [1, 2, 3, 4, 5, 6])
    #expect(x[flat: 4] == 5)
    #expect(try Tensor(2.5).scalar == 2.5)
    #expect(try Tensor(2.5).shape == [])
  }

  @Test(arguments: [[0], [3, 0, 2], [0, 0], [1 << 45, 0], [0, 1 << 45]])
  func `empty shapes hold nothing`(_ shape: [Int]) throws {
    let x = try Tensor(shape: shape, elements: [])
    #expect(x.count == 0 && x.elements == [])
    #expect(try Tensor(repeating: 1, shape: shape) == x)
  }

  @Test(arguments: [
    [1 << 46], [1 << 23, 1 << 23], [.max], [.max, .max], [.max, 2, 0], [0, 1 << 40, 1 << 40],
  ])
  func `shapes beyond all memory are refused, empty or not`(_ shape: [Int]) {
    #expect {
      try Tensor(repeating: 0, shape: shape)
    } throws: {
      if case .memory = $0 as? TensorError { true } else { false }
    }
  }

  @Test func `negative extents and wrong counts are refused`() {
    #expect(throws: TensorError.value("shape", "a negative extent, -1")) {
      try Tensor(shape: [2, -1], elements: [])
    }
    #expect(throws: TensorError.shape("tensor", [2, 2], expected: "3 elements")) {
      try Tensor(shape: [2, 2], elements: [1, 2, 3])
    }
    #expect(throws: TensorError.shapes("reshape", [4], [3])) {
      try Tensor(repeating: 0, shape: [4]).reshaped(to: [3])
    }
  }

  @Test func `what does not fit into memory is an error that names the limit`() {
    let limit = MemoryPool.shared.limit
    let count = limit / 4 + 1
    #expect {
      try Tensor(repeating: 0, shape: [count])
    } throws: { error in
      guard case .memory(let needed, limit)? = error as? TensorError else { return false }
      return needed > limit
    }
  }

  @Test func `a slice of the first axis is a tensor of its own`() throws {
    let x = try Tensor(shape: [4, 2], elements: [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(try x.prefix(1..<3).elements == [2, 3, 4, 5])
    #expect(try x.prefix(4..<4).shape == [0, 2])
    #expect(throws: TensorError.index(5, count: 4, axis: 0)) { try x.prefix(2..<5) }
    #expect(throws: TensorError.index(-1, count: 4, axis: 0)) { try x.prefix(-1..<2) }
    #expect(throws: TensorError.axis("slice", 0, rank: 0)) { try Tensor(1).prefix(0..<1) }
  }

  @Test func `axes count from both ends`() throws {
    let x = try Tensor(repeating: 0, shape: [2, 3, 4])
    #expect(try x.resolved(axis: -1, "test") == 2)
    for axis in [3, -4, .max, .min] {
      #expect(throws: TensorError.axis("test", axis, rank: 3)) {
        try x.resolved(axis: axis, "test")
      }
    }
  }

  @Test func `changing one copy never shows in another`() throws {
    let one = try Tensor(repeating: 1, shape: [3])
    var x = try Tensor(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
    let copy = x
    let row = try x.prefix(1..<2).reshaped(to: [3])
    let flat = try x.reshaped(to: [6])
    try x.add(copy)
    #expect(x.elements == [2, 4, 6, 8, 10, 12])
    #expect(copy.elements == [1, 2, 3, 4, 5, 6])
    #expect(row.elements == [4, 5, 6])
    #expect(flat.elements == [1, 2, 3, 4, 5, 6])
    var changed = row
    try changed.add(one)
    #expect(changed.elements == [5, 6, 7])
    #expect(row.elements == [4, 5, 6] && copy[flat: 3] == 4)
  }

  @Test func `a sole owner writes in place`() throws {
    var x = try Tensor(repeating: 1, shape: [1 << 20])
    let other = try Tensor(repeating: 2, shape: [1 << 20])
    let before = MemoryPool.shared.liveBytes
    for _ in 0..<3 { try x.add(other) }
    #expect(MemoryPool.shared.liveBytes < before + 1 << 22)
    #expect(x[flat: 12345] == 7)
  }

  @Test func `a mapping is read in place, copied before writing, and released once`() throws {
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 8)
    defer { unsafe memory.deallocate() }
    for index in 0..<8 { unsafe memory[index] = Float(index) }
    final class Count { var value = 0 }
    let released = Count()
    do {
      let storage = unsafe Storage(mapping: memory, count: 8) { released.value += 1 }
      var x = try Tensor(shape: [2, 4], storage: storage)
      unsafe memory[7] = 70
      #expect(x[flat: 7] == 70)
      let view = try x.prefix(1..<2)
      try x.add(Tensor(repeating: 1, shape: [2, 4]))
      #expect(x[flat: 7] == 71)
      #expect(unsafe memory[7] == 70)
      #expect(view[flat: 3] == 70 && released.value == 0)
      #expect(throws: TensorError.shape("tensor", [9], expected: "8 elements")) {
        try Tensor(shape: [9], storage: storage)
      }
    }
    #expect(released.value == 1)
  }

  @Test func `contracts between targets stop the program`() async {
    await #expect(processExitsWith: .failure) {
      _ = try Tensor(repeating: 0, shape: [2]).scalar
    }
    await #expect(processExitsWith: .failure) {
      _ = try Tensor(repeating: 0, shape: [2])[flat: 2]
    }
  }
}
