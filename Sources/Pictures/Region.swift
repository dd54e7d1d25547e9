/// A rectangle of pixels; the origin is the top left corner of a picture.
package struct Region: Equatable, Sendable {
  /// The first column.
  package var left: Int
  /// The first row.
  package var top: Int
  /// How many columns there are.
  package var width: Int
  /// How many rows there are.
  package var height: Int

  /// A region by its first pixel and its size.
  package init(left: Int, top: Int, width: Int, height: Int) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  var columns: Range<Int> { left..<left + width }
  var rows: Range<Int> { top..<top + height }

  /// Whether the rectangle is not empty and lies inside a picture of this size.
  func isInside(width: Int, height: Int) -> Bool {
    self.width > 0 && self.height > 0 && left >= 0 && top >= 0 && left <= width - self.width
      && top <= height - self.height
  }

  /// The size whose shorter side is `side`; the longer one is ⌊side · long / short⌋.
  package static func size(
    ofShorterSide side: Int, forWidth width: Int, height: Int
  ) -> (width: Int, height: Int) {
    width <= height ? (side, side * height / width) : (side * width / height, side)
  }

  /// The square of `side` in the middle of a picture: offsets are halves rounded to even.
  ///
  /// Where the picture is smaller, the offset is negative: ⌊missing / 2⌋ pixels stand before it.
  package static func center(_ side: Int, ofWidth width: Int, height: Int) -> Region {
    func offset(_ length: Int) -> Int {
      if length < side { return -((side - length) / 2) }
      return Int((Double(length - side) / 2).rounded(.toNearestOrEven))
    }
    return Region(left: offset(width), top: offset(height), width: side, height: side)
  }
}
