extension Picture {
  /// The part of the picture inside a region.
  ///
  /// Throws ``PictureError/region(_:width:height:)`` when the region is empty or reaches outside.
  package func cropped(to region: Region) throws(PictureError) -> Picture {
    guard region.isInside(width: width, height: height) else {
      throw .region(region, width: width, height: height)
    }
    var result: [UInt8] = []
    result.reserveCapacity(3 * region.width * region.height)
    for y in region.rows {
      let start = 3 * (y * width + region.left)
      result += pixels[start..<start + 3 * region.width]
    }
    return Picture(unchecked: region.width, region.height, result)
  }

  /// The square of `side` in the middle; black pixels surround a picture that is smaller.
  package func centerCropped(to side: Int) throws(PictureError) -> Picture {
    let count = try Self.byteCount(width: side, height: side)
    let square = Region.center(side, ofWidth: width, height: height)
    if square.isInside(width: width, height: height) { return try cropped(to: square) }
    let columns = square.columns.clamped(to: 0..<width)
    var result = [UInt8](repeating: 0, count: count)
    for y in square.rows.clamped(to: 0..<height) {
      let from = 3 * (y * width + columns.lowerBound)
      let to = 3 * ((y - square.top) * side + columns.lowerBound - square.left)
      let length = 3 * columns.count
      result.replaceSubrange(to..<to + length, with: pixels[from..<from + length])
    }
    return Picture(unchecked: side, side, result)
  }

  /// The picture as seen in a mirror: left and right exchanged.
  package func flipped() -> Picture {
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count)
    for y in 0..<height {
      for x in (0..<width).reversed() {
        let start = 3 * (y * width + x)
        result += pixels[start..<start + 3]
      }
    }
    return Picture(unchecked: width, height, result)
  }
}
