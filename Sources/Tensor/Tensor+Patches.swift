extension Tensor {
  /// Cuts images into non-overlapping square patches, each flattened as (channel, row, column).
  ///
  /// images: [B, 3, R, R] → [B · (R/P)², 3 P P], patches row by row.
  package func patches(_ size: Int) throws(TensorError) -> Tensor {
    guard rank == 4, size > 0,
      shape[2...].allSatisfy({ size <= Swift.max($0, 1) && $0 % size == 0 })
    else {
      throw .shape("patches", shape, expected: "[B, channels, H, W] in whole patches of \(size)")
    }
    let grid = PatchGrid(shape, size)
    return try Tensor.make(grid.patchShape) { out in
      read(self) { x in
        grid.forEachLine { out.copy(size, from: x, at: $0.image, to: $0.patch) }
      }
    }
  }

  /// Puts patches back to where ``patches(_:)`` took them from, which is its gradient, too.
  package func images(ofPatches size: Int, shape images: [Int]) throws(TensorError) -> Tensor {
    let grid = PatchGrid(images, size)
    precondition(shape == grid.patchShape, "patches \(shape) of images \(images)")
    return try Tensor.make(images) { out in
      read(self) { x in
        grid.forEachLine { out.copy(size, from: x, at: $0.patch, to: $0.image) }
      }
    }
  }
}

/// Where the lines of patches lie in a batch of images [B, channels, H, W].
private struct PatchGrid {
  let images: [Int]
  let size: Int
  let down: Int
  let across: Int

  init(_ images: [Int], _ size: Int) {
    self.images = images
    self.size = size
    down = images[2] / size
    across = images[3] / size
  }

  var length: Int { images[1] * size * size }
  var patchShape: [Int] { [images[0] * down * across, length] }

  /// Calls `body` with both places of each line of `size` elements, on all threads.
  func forEachLine(_ body: ((image: Int, patch: Int)) -> Void) {
    guard !images.contains(0) else { return }
    Parallel.forEach(images[0] * down) { strip in
      let (image, row) = strip.quotientAndRemainder(dividingBy: down)
      for channel in 0..<images[1] {
        for line in 0..<size {
          let start = ((image * images[1] + channel) * images[2] + row * size + line) * images[3]
          for column in 0..<across {
            let patch = (strip * across + column) * length + (channel * size + line) * size
            body((start + column * size, patch))
          }
        }
      }
    }
  }
}
