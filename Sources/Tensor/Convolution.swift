internal import CKernels

/// A convolution with a bias over the pixels of one image, which lie as rows of channels.
///
///     y[p] = Σ_(i, j) W_(i, j) x[s p + (i, j) − (k − 1) / 2] + b,   then max(0, y) where it is asked for
///
/// A pixel's channels are consecutive, so the k pixels of a line that a filter sees are one run of k C
/// numbers: lines of the result are gathered into rows of k² C, about a megabyte at a time, and
/// multiplied by the filters. A filter of one pixel needs no gathering. What is gathered at once depends
/// on the shapes only, so the result does not depend on the number of threads.
package struct Convolution {
  /// [N, k k C], each filter flattened as (row, column, channel).
  private let filters: Tensor
  /// [N]
  private let bias: Tensor
  /// k, an odd number; the image is padded with (k − 1) / 2 zeros all around.
  private let side: Int
  private let stride: Int
  private let channels: Int

  /// weight: [N, C, k, k] as in checkpoints, bias: [N].
  package init(weight: Tensor, bias: Tensor, stride: Int = 1) throws(TensorError) {
    guard weight.rank == 4, weight.shape[2] == weight.shape[3], weight.shape[2] % 2 == 1,
      weight.shape[1] > 0
    else { throw .shape("convolution", weight.shape, expected: "[filters, channels, k, k], k odd") }
    guard bias.shape == [weight.shape[0]] else {
      throw .shapes("convolution", weight.shape, bias.shape)
    }
    precondition(stride > 0, "stride \(stride)")
    (channels, side) = (weight.shape[1], weight.shape[2])
    filters = try (side == 1 ? weight : weight.permuted([0, 2, 3, 1]))
      .reshaped(to: [weight.shape[0], side * side * channels])
    self.bias = bias
    self.stride = stride
  }

  /// image: [H, W, C], residual: [H′, W′, N]? → [H′, W′, N] with H′ = ⌈H / s⌉, W′ = ⌈W / s⌉.
  package func callAsFunction(
    _ image: Tensor, adding residual: Tensor? = nil, rectified: Bool
  ) throws(TensorError) -> Tensor {
    guard image.rank == 3, image.shape[2] == channels else {
      throw .shape("convolution", image.shape, expected: "[height, width, \(channels)]")
    }
    let grid = Grid(image.shape, side: side, stride: stride)
    let (count, width) = (filters.shape[0], filters.shape[1])
    let result = [grid.down, grid.across, count]
    if let residual, residual.shape != result {
      throw .shapes("convolution", result, residual.shape)
    }
    try BLAS.check(width, count, grid.down * grid.across)
    try Cancellation.check()
    let product = Product(
      blas: try BLAS.shared.get(), columns: count, width: width, bias: bias, residual: residual,
      rectified: rectified)
    return try Tensor.make(result) { (out) throws(TensorError) in
      if side == 1, stride == 1 {
        return read(image, filters) { x, w in
          product.run(0..<grid.down * grid.across, x, w, into: out)
        }
      }
      let lines = min(grid.down, max(1, Self.gathered / max(1, grid.across * width)))
      let rows = try Tensor.uninitialized([lines * grid.across, width])
      try scratch(rows) { (rows) throws(TensorError) in
        read(image, filters) { x, w in
          for start in Swift.stride(from: 0, to: grid.down, by: lines) {
            let part = start..<min(start + lines, grid.down)
            grid.gather(part, from: x, into: rows)
            product.run(
              part.lowerBound * grid.across..<part.upperBound * grid.across, rows.input, w,
              into: out)
          }
        }
      }
    }
  }

  /// Floats that are gathered at once: about a megabyte, which stays in the second cache.
  private static let gathered = 1 << 18
}

/// The product of gathered rows and filters, with what is done to it while it is in the cache.
private struct Product {
  let blas: BLAS
  let columns: Int
  let width: Int
  let bias: Tensor
  let residual: Tensor?
  let rectified: Bool

  /// Computes rows `range` of the result from the rows that `x` begins with.
  func run(_ range: Range<Int>, _ x: Input, _ w: Input, into out: Output) {
    let start = range.lowerBound * columns
    let place = out.from(start)
    withExtendedLifetime((bias, residual)) {
      let bias = bias.storage.input.from(bias.offset)
      let residual = residual.map { $0.storage.input.from($0.offset + start) }
      blas.multiplyBlocks(
        range.count, columns, width, Matrix(start: x, stride: width),
        Matrix(start: w, stride: width, transposed: true), into: place, keep: 1,
        prepare: { Tensor.prefill(place, $0, $1, columns, bias, residual) },
        finish: { if rectified { rectify(place, $0, $1) } })
    }
  }

  private func rectify(_ out: Output, _ rows: Range<Int>, _ part: Range<Int>) {
    if part.count == columns {
      let first = out.from(rows.lowerBound * columns)
      return unsafe Kernels.best.unary(
        DUET_RELU, first.input.start, first.start, rows.count * columns)
    }
    for row in rows {
      let first = out.from(row * columns + part.lowerBound)
      unsafe Kernels.best.unary(DUET_RELU, first.input.start, first.start, part.count)
    }
  }
}

/// Which pixels of an image each row of a convolution's product sees.
private struct Grid {
  let height: Int
  let width: Int
  let channels: Int
  let side: Int
  let stride: Int

  init(_ image: [Int], side: Int, stride: Int) {
    (height, width, channels) = (image[0], image[1], image[2])
    (self.side, self.stride) = (side, stride)
  }

  var down: Int { (height + stride - 1) / stride }
  var across: Int { (width + stride - 1) / stride }

  /// Fills a row of k² C numbers for each pixel of some lines of the result.
  func gather(_ lines: Range<Int>, from x: Input, into rows: Output) {
    let length = side * side * channels
    Parallel.forEach(lines.count) { line in
      for column in 0..<across {
        let row = rows.from((line * across + column) * length)
        gather(lines.lowerBound + line, column, from: x, into: row)
      }
    }
  }

  private func gather(_ line: Int, _ column: Int, from x: Input, into row: Output) {
    let run = side * channels
    let left = column * stride - side / 2
    let seen = max(0, left)..<min(width, left + side)
    for i in 0..<side {
      let source = line * stride + i - side / 2
      guard source >= 0, source < height, !seen.isEmpty else {
        row.fill(run, with: 0, from: i * run)
        continue
      }
      let before = (seen.lowerBound - left) * channels
      let count = seen.count * channels
      row.fill(before, with: 0, from: i * run)
      row.copy(
        count, from: x, at: (source * width + seen.lowerBound) * channels, to: i * run + before)
      row.fill(run - before - count, with: 0, from: i * run + before + count)
    }
  }
}

extension Tensor {
  /// The mean of each two by two pixels; an odd last line or column is left out.
  ///
  /// image: [H, W, C] → [⌊H / 2⌋, ⌊W / 2⌋, C]
  package func averagedPixels() throws(TensorError) -> Tensor {
    guard rank == 3 else { throw .shape("average pool", shape, expected: "[height, width, C]") }
    let (width, channels) = (shape[1], shape[2])
    let (down, across) = (shape[0] / 2, shape[1] / 2)
    return try Tensor.make([down, across, channels]) { out in
      read(self) { x in
        Parallel.forEach(down) { line in
          for column in 0..<across {
            let place = (line * across + column) * channels
            out.fill(channels, with: 0, from: place)
            for (i, j) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
              let source = ((2 * line + i) * width + 2 * column + j) * channels
              unsafe Kernels.best.scale_add(0.25, x.at(source), out.at(place), channels)
            }
          }
        }
      }
    }
  }
}
