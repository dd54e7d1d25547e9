/// Matrix products. A transposed operand is a flag; nothing is ever transposed in memory.
///
/// A large product is cut into blocks of the result that the threads take from a shared counter:
/// up to 1024 rows by about 384 columns, an even number across, which costs OpenBLAS 2 % (cutting rows costs 5 to 15 %,
/// because each cut packs the weights again). The cut depends on the shape only, so the result does
/// not depend on the number of threads.
extension Tensor {
  /// The product over the last two axes; leading axes broadcast, vectors follow NumPy's rules.
  ///
  /// a: [..., M, K], b: [..., K, N] → [..., M, N]; with `transposed` an operand is stored with its
  /// last two axes swapped. Throws ``TensorError/shapes(_:_:_:)`` when the inner axes differ.
  package func matmul(
    _ other: Tensor, transposed: Bool = false, otherTransposed: Bool = false
  ) throws(TensorError) -> Tensor {
    guard rank > 0, other.rank > 0 else { throw .shapes("@", shape, other.shape) }
    if rank == 1 || other.rank == 1 {
      return try vectorProduct(other, transposed, otherTransposed)
    }
    let a = Operand(shape, transposed)
    let b = Operand(other.shape, otherTransposed)
    guard a.columns == b.rows else { throw .shapes("@", shape, other.shape) }
    try BLAS.check(a.rows, a.columns, b.columns)
    try Cancellation.check()
    if other.rank == 2, !transposed {
      return try flatProduct(other, b, otherTransposed)
    }
    return try batchProduct(other, a, b, transposed, otherTransposed)
  }

  private struct Operand {
    let rows: Int
    let columns: Int
    let stride: Int
    let size: Int
    let leading: [Int]

    init(_ shape: [Int], _ transposed: Bool) {
      let (last, before) = (shape[shape.count - 1], shape[shape.count - 2])
      (rows, columns) = transposed ? (last, before) : (before, last)
      stride = max(last, 1)
      size = last * before
      leading = Array(shape.dropLast(2))
    }
  }

  /// A vector counts as one row on the left, as one column on the right; the result lacks that axis.
  private func vectorProduct(_ other: Tensor, _ transposed: Bool, _ otherTransposed: Bool)
    throws(TensorError) -> Tensor
  {
    let a = rank == 1 ? try reshaped(to: [1] + shape) : self
    let b = other.rank == 1 ? try other.reshaped(to: other.shape + [1]) : other
    let flags = (rank > 1 && transposed, other.rank > 1 && otherTransposed)
    guard Operand(a.shape, flags.0).columns == Operand(b.shape, flags.1).rows else {
      throw .shapes("@", shape, other.shape)
    }
    let product = try a.matmul(b, transposed: flags.0, otherTransposed: flags.1)
    var result = product.shape
    if other.rank == 1 { result.removeLast() }
    if rank == 1 { result.remove(at: result.count - (other.rank == 1 ? 1 : 2)) }
    return try product.reshaped(to: result)
  }

  /// All leading axes of the left operand are rows of one product.
  private func flatProduct(_ other: Tensor, _ b: Operand, _ transposed: Bool) throws(TensorError)
    -> Tensor
  {
    let rows = shape.dropLast().reduce(1, *)
    let blas = try BLAS.shared.get()
    return try Tensor.make(shape.dropLast() + [b.columns]) { out in
      read(self, other) { x, y in
        let left = Matrix(start: x, stride: max(b.rows, 1))
        let right = Matrix(start: y, stride: b.stride, transposed: transposed)
        blas.multiplyBlocks(rows, b.columns, b.rows, left, right, into: out)
      }
    }
  }

  private func batchProduct(
    _ other: Tensor, _ a: Operand, _ b: Operand, _ transposed: Bool, _ otherTransposed: Bool
  ) throws(TensorError) -> Tensor {
    let plan = try Broadcast(a.leading, b.leading, "@")
    let blas = try BLAS.shared.get()
    let size = a.rows * b.columns
    return try Tensor.make(plan.shape + [a.rows, b.columns]) { out in
      guard size > 0 else { return }
      read(self, other) { x, y in
        plan.forEachPosition { index, ai, bi in
          blas.multiplyBlocks(
            a.rows, b.columns, a.columns,
            Matrix(start: x.from(ai * a.size), stride: a.stride, transposed: transposed),
            Matrix(start: y.from(bi * b.size), stride: b.stride, transposed: otherTransposed),
            into: out.from(index * size))
        }
      }
    }
  }
}

extension BLAS {
  /// Refuses extents that OpenBLAS cannot count.
  static func check(_ extents: Int...) throws(TensorError) {
    for extent in extents where extent > Int(Int32.max) {
      throw .value("@", "an extent of \(extent), more than OpenBLAS takes")
    }
  }

  /// ``multiply(_:_:_:_:_:into:stride:scale:keep:)`` on all threads; `prepare` may fill a block of
  /// the result (rows, columns) first, when `keep` is 1, and `finish` may work on it while it is
  /// still in the cache.
  func multiplyBlocks(
    _ m: Int, _ n: Int, _ k: Int, _ a: Matrix, _ b: Matrix, into out: Output, scale: Float = 1,
    keep: Float = 0, prepare: (Range<Int>, Range<Int>) -> Void = { _, _ in },
    finish: (Range<Int>, Range<Int>) -> Void = { _, _ in }
  ) {
    guard m > 0, n > 0 else { return }
    guard k > 0 else {
      if keep == 0 { out.fill(m * n, with: 0) }
      prepare(0..<m, 0..<n)
      finish(0..<m, 0..<n)
      return
    }
    let isSmall = m * n < Blocks.smallest / k
    let (rows, columns) = isSmall ? (m, n) : (Blocks.rows(m, n), Blocks.columns(n))
    let across = (n + columns - 1) / columns
    let down = (m + rows - 1) / rows
    Parallel.forEach(across * down) { block in
      let row = block / across * rows
      let column = block % across * columns
      let height = min(rows, m - row)
      let width = min(columns, n - column)
      prepare(row..<row + height, column..<column + width)
      multiply(
        height, width, k, a.transposed ? a.from(row: 0, column: row) : a.from(row: row, column: 0),
        b.transposed ? b.from(row: column, column: 0) : b.from(row: 0, column: column),
        into: out.from(row * n + column), stride: n, scale: scale, keep: keep)
      finish(row..<row + height, column..<column + width)
    }
  }

  /// How a product's result is cut.
  enum Blocks {
    /// Multiplications below which a product is not cut: other threads would come too late.
    static let smallest = 4_000_000

    /// The most rows of a block.
    static let rows = 1024

    /// Narrow results are cut into an even number of rows instead.
    static func rows(_ m: Int, _ n: Int) -> Int {
      n >= 256 || m < 128 ? rows : part(m, 2 * ((m + 2 * rows - 1) / (2 * rows)))
    }

    static func columns(_ n: Int) -> Int {
      n < 256 ? n : part(n, 2 * max(1, (n + 383) / 768))
    }

    /// A share of an extent, in whole vectors.
    private static func part(_ extent: Int, _ count: Int) -> Int {
      ((extent + count - 1) / count + 15) / 16 * 16
    }
  }
}
