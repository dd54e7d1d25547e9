/// A dense array of Float32: a shape and a storage, row-major and contiguous.
///
/// A tensor is a value: what a function was given cannot change under it. Storage is shared between
/// copies, reshapes and slices along the first axis, and copied when one of several owners writes.
/// There are no strides; a transposed operand of a product is a flag for BLAS, and `permuted` copies.
/// Everything is Float32, sums are accumulated in Double or in blocks, always in the same order, so
/// that a result depends neither on the number of threads nor on chance.
///
/// Who finds what where:
/// - `Storage`, `MemoryPool`: the memory; `Tensor+Access`: the only way to its pointers
/// - `BLAS`, `Kernels`: the two libraries under it, chosen for the processor at run time
/// - `Parallel`: the pool of threads
/// - `Tensor+Elementwise`, `+Reductions`, `+Matmul`, `+Indexing`, …: the operations by family
package struct Tensor {
  /// The extent of each axis; empty for a scalar.
  package let shape: [Int]
  var storage: Storage
  let offset: Int

  init(shape: [Int], storage: Storage, offset: Int) {
    self.shape = shape
    self.storage = storage
    self.offset = offset
  }

  /// Copies `elements`, given in row-major order.
  package init(shape: [Int], elements: [Float]) throws(TensorError) {
    guard try Self.count(of: shape) == elements.count else {
      throw .shape("tensor", shape, expected: "\(elements.count) elements")
    }
    self = try Tensor.make(shape) { out in
      for index in elements.indices { out[index] = elements[index] }
    }
  }

  /// A scalar.
  package init(_ value: Float) throws(TensorError) {
    self = try Tensor.make([]) { out in out[0] = value }
  }

  /// A tensor whose elements are all `value`.
  package init(repeating value: Float, shape: [Int]) throws(TensorError) {
    let count = try Self.count(of: shape)
    self = try Tensor.make(shape) { out in out.fill(count, with: value) }
  }

  /// A tensor over a storage that holds it whole, such as a mapped file.
  package init(shape: [Int], storage: Storage) throws(TensorError) {
    guard try Self.count(of: shape) <= storage.count else {
      throw .shape("tensor", shape, expected: "\(storage.count) elements")
    }
    self.init(shape: shape, storage: storage, offset: 0)
  }

  /// How many axes there are.
  package var rank: Int { shape.count }

  /// How many elements there are.
  package var count: Int { shape.reduce(1, *) }

  /// The elements in row-major order, copied.
  package var elements: [Float] {
    let count = count
    return unsafe [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      read(self) { values in
        for index in 0..<count { unsafe buffer.initializeElement(at: index, to: values[index]) }
      }
      initialized = count
    }
  }

  /// The element at a position of the row-major order.
  package subscript(flat index: Int) -> Float {
    precondition(index >= 0 && index < count, "element \(index) of \(count)")
    return read(self) { values in values[index] }
  }

  /// The only element; a contract, not a check of user input.
  package var scalar: Float {
    precondition(count == 1, "a scalar has one element, not \(count)")
    return self[flat: 0]
  }

  /// The number of elements of a shape; refuses negative extents and products beyond memory.
  ///
  /// The product of all extents but zeros must be small enough, too, so that no part of a shape
  /// overflows anywhere.
  package static func count(of shape: [Int]) throws(TensorError) -> Int {
    var product = 1
    for extent in shape {
      guard extent >= 0 else { throw .value("shape", "a negative extent, \(extent)") }
      let (next, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow, next < 1 << 46 else {
        throw .memory(needed: .max, limit: MemoryPool.shared.limit)
      }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  /// The same elements under another shape, without a copy.
  package func reshaped(to shape: [Int]) throws(TensorError) -> Tensor {
    guard try Self.count(of: shape) == count else { throw .shapes("reshape", self.shape, shape) }
    return Tensor(shape: shape, storage: storage, offset: offset)
  }

  /// Entries `range` of the first axis, without a copy.
  package func prefix(_ range: Range<Int>) throws(TensorError) -> Tensor {
    guard let first = shape.first else { throw .axis("slice", 0, rank: 0) }
    guard range.lowerBound >= 0, range.upperBound <= first else {
      let wrong = range.lowerBound < 0 ? range.lowerBound : range.upperBound
      throw .index(wrong, count: first, axis: 0)
    }
    let row = shape.dropFirst().reduce(1, *)
    return Tensor(
      shape: [range.count] + shape.dropFirst(), storage: storage,
      offset: offset + range.lowerBound * row)
  }

  /// Turns a possibly negative axis into 0 ..< rank.
  package func resolved(axis: Int, _ operation: String) throws(TensorError) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    guard resolved >= 0, resolved < rank else { throw .axis(operation, axis, rank: rank) }
    return resolved
  }
}
