/// A picture: 8-bit RGB, row by row from the top, the three channels of a pixel side by side (HWC).
package struct Picture: Equatable, Sendable {
  /// How many pixels a row has.
  package let width: Int
  /// How many rows there are.
  package let height: Int
  /// 3 · width · height bytes.
  package let pixels: [UInt8]

  /// The most pixels that a picture may have: 400 MB. (Pillow refuses more than 179 million.)
  package static let mostPixels = 1 << 27

  /// Takes over pixels; throws ``PictureError/size(width:height:)`` when a side is less than 1 and
  /// ``PictureError/tooLarge(width:height:)`` beyond ``mostPixels``.
  package init(width: Int, height: Int, pixels: [UInt8]) throws(PictureError) {
    let count = try Self.byteCount(width: width, height: height)
    precondition(pixels.count == count, "\(pixels.count) bytes for \(width) x \(height) pixels")
    self.init(unchecked: width, height, pixels)
  }

  init(unchecked width: Int, _ height: Int, _ pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The three channels of a pixel.
  package subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    precondition((0..<width).contains(x) && (0..<height).contains(y), "(\(x), \(y)) is outside")
    let first = 3 * (y * width + x)
    return (pixels[first], pixels[first + 1], pixels[first + 2])
  }

  /// How many bytes a picture of this size takes; refuses sizes before anything is allocated.
  static func byteCount(width: Int, height: Int) throws(PictureError) -> Int {
    guard width > 0, height > 0 else { throw .size(width: width, height: height) }
    let (area, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, area <= mostPixels else { throw .tooLarge(width: width, height: height) }
    return 3 * area
  }
}
