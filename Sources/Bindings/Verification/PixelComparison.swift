internal import Datasets

/// Comparing pictures of 32 x 32 pixels with the program's own.
///
/// Geometry is computed in Float, and another order of summation may move a channel a little. Of each
/// picture the mean error may therefore be 2/255, and 0.5 % of its pixels may have a channel that is
/// further off than that.
struct PixelComparison {
  /// The numbers of all pictures, row by row, the channels of a pixel side by side.
  let values: [Int]
  /// How many pictures there are.
  let count: Int

  /// The extents of one picture.
  static let shape = [ShapesWorld.side, ShapesWorld.side, 3]
  private static let channels = shape.reduce(1, *)
  /// The error of 2/255.
  private static let tolerance = 2
  /// The pixels of a picture that may be further off: 0.5 % of them.
  private static let strayPixels = channels / 3 / 200

  /// An entry and its error.
  private struct Worst {
    var index = 0
    var error = 0
  }

  /// Compares with the bytes that `draw` makes of each item.
  func compared(_ draw: (Int) -> [UInt8]) -> ReferenceCase.Outcome {
    guard count > 0 else { return .skipped("there are no items") }
    if let index = values.firstIndex(where: { !(0...255).contains($0) }) {
      return .failed("\(entry(index)): \(values[index]) is no byte")
    }
    var (worst, worstFailure) = (Worst(), Worst())
    var failures = 0
    for item in 0..<count {
      let (isClose, own) = compare(item, draw(item))
      if own.error > worst.error { worst = own }
      if isClose { continue }
      failures += 1
      if own.error > worstFailure.error { worstFailure = own }
    }
    if failures > 0 {
      return .failed(
        "\(entry(worstFailure.index)): \(worstFailure.error)/255; "
          + "\(failures) of \(count) pictures differ too much")
    }
    return .passed(
      worst.error == 0
        ? .init(entry: "images", error: "0")
        : .init(entry: entry(worst.index), error: "\(worst.error)/255"))
  }

  /// Whether a picture is close enough, and its worst entry.
  private func compare(_ item: Int, _ drawn: [UInt8]) -> (isClose: Bool, Worst) {
    let start = item * Self.channels
    var worst = Worst(index: start)
    var (sum, strays) = (0, 0)
    for pixel in stride(from: 0, to: Self.channels, by: 3) {
      var largest = 0
      for index in pixel..<pixel + 3 {
        let error = abs(values[start + index] - Int(drawn[index]))
        sum += error
        largest = max(largest, error)
        if error > worst.error { worst = Worst(index: start + index, error: error) }
      }
      if largest > Self.tolerance { strays += 1 }
    }
    return (sum <= Self.tolerance * Self.channels && strays <= Self.strayPixels, worst)
  }

  /// "images[item, row, column, channel]".
  private func entry(_ index: Int) -> String {
    var (rest, places) = (index, [Int]())
    for extent in Self.shape.reversed() {
      places.insert(rest % extent, at: 0)
      rest /= extent
    }
    return "images\([rest] + places)"
  }
}
