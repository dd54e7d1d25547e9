extension Tensor {
  /// Cuts images into non-overlapping square patches, each flattened as (channel, row, column).
  ///
  /// images: [B, 3, R, R] → [B · (R/P)², 3 P P], patches row by row.
  package func patches(_ size: Int) throws(TensorError) -> Tensor {
    guard rank == 4, size > 0, shape[2] % size == 0, shape[3] % size == 0 else {
      throw .shape("patches", shape, expected: "[B, channels, H, W] in whole patches of \(size)")
    }
    let (images, channels, height, width) = (shape[0], shape[1], shape[2], shape[3])
    let (down, across) = (height / size, width / size)
    let length = channels * size * size
    return try Tensor.make([images * down * across, length]) { out in
      read(self) { x in
        Parallel.forEach(images * down) { strip in
          let (image, row) = strip.quotientAndRemainder(dividingBy: down)
          for column in 0..<across {
            for channel in 0..<channels {
              for line in 0..<size {
                let source =
                  ((image * channels + channel) * height + row * size + line) * width
                  + column * size
                out.copy(
                  size, from: x, at: source,
                  to: (strip * across + column) * length + (channel * size + line) * size)
              }
            }
          }
        }
      }
    }
  }
}
