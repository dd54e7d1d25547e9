extension Picture {
  /// The picture at another size; the shape is not kept.
  package func resized(width: Int, height: Int, by interpolation: Interpolation = .bicubic)
    throws(PictureError) -> Picture
  {
    try resized(
      width: width, height: height,
      keeping: Region(left: 0, top: 0, width: width, height: height), by: interpolation)
  }

  /// The picture as a model sees it: its shorter side resized to `shorterSide`, or to `side`, then the
  /// square of `side` in its middle.
  package func fitted(
    to side: Int, shorterSide: Int? = nil, by interpolation: Interpolation = .bicubic
  ) throws(PictureError) -> Picture {
    let shorter = shorterSide ?? side
    for length in [side, shorter] {
      guard length > 0 else { throw .size(width: length, height: length) }
      guard length <= Self.mostPixels else { throw .tooLarge(width: length, height: length) }
    }
    let size = Region.size(ofShorterSide: shorter, forWidth: width, height: height)
    let square = Region.center(side, ofWidth: size.width, height: size.height)
    if square.isInside(width: size.width, height: size.height) {
      return try resized(width: size.width, height: size.height, keeping: square, by: interpolation)
    }
    // Pixels are missing around it.
    return try resized(width: size.width, height: size.height, by: interpolation)
      .centerCropped(to: side)
  }

  /// A part of the resized picture, computed without the rest.
  ///
  /// Rows are resized first, then columns, with bytes in between; a pass that changes nothing is
  /// left out. Columns come first in a picture over a hundred times as high as wide that becomes lower. Throws ``PictureError/tooLarge(width:height:)`` when the part, or the filter that
  /// makes it, would not fit in reasonable memory.
  package func resized(
    width: Int, height: Int, keeping part: Region, by interpolation: Interpolation = .bicubic
  ) throws(PictureError) -> Picture {
    guard width > 0, height > 0 else { throw .size(width: width, height: height) }
    guard part.isInside(width: width, height: height) else {
      throw .region(part, width: width, height: height)
    }
    _ = try Self.byteCount(width: part.width, height: part.height)
    guard
      Resampling.isReasonable(from: self.width, to: width, window: part.columns),
      Resampling.isReasonable(from: self.height, to: height, window: part.rows)
    else { throw .tooLarge(width: self.width, height: self.height) }

    let horizontal = Resampling(from: self.width, to: width, window: part.columns, interpolation)
    if self.height > 100 * self.width, height < self.height, width != self.width {
      let strip = Region(left: 0, top: part.top, width: self.width, height: part.height)
      return try resized(width: self.width, height: height, keeping: strip, by: interpolation)
        .resampledRows(0..<part.height, horizontal)
    }
    let vertical = Resampling(from: self.height, to: height, window: part.rows, interpolation)
    let rows = self.height == height ? part.rows : vertical.inputs
    _ = try Self.byteCount(width: part.width, height: rows.count)
    let narrowed =
      self.width == width
      ? try cropped(
        to: Region(left: part.left, top: rows.lowerBound, width: part.width, height: rows.count))
      : resampledRows(rows, horizontal)
    if self.height == height { return narrowed }
    return narrowed.resampledColumns(vertical, firstRow: rows.lowerBound)
  }

  /// Filters each of `rows` along its length.
  private func resampledRows(_ rows: Range<Int>, _ filter: Resampling) -> Picture {
    let count = filter.starts.count
    var result: [UInt8] = []
    result.reserveCapacity(3 * count * rows.count)
    for y in rows {
      for x in 0..<count {
        var (red, green, blue) = (Self.half, Self.half, Self.half)
        var index = 3 * (y * width + filter.starts[x])
        for weight in filter.weightRanges[x] {
          let weight = filter.weights[weight]
          red &+= Int32(pixels[index]) &* weight
          green &+= Int32(pixels[index + 1]) &* weight
          blue &+= Int32(pixels[index + 2]) &* weight
          index += 3
        }
        result.append(Self.byte(red))
        result.append(Self.byte(green))
        result.append(Self.byte(blue))
      }
    }
    return Picture(unchecked: count, rows.count, result)
  }

  /// Filters the columns; row 0 of this picture is row `firstRow` of the filter's input.
  private func resampledColumns(_ filter: Resampling, firstRow: Int) -> Picture {
    let count = 3 * width
    var result: [UInt8] = []
    result.reserveCapacity(count * filter.starts.count)
    var sums = [Int32](repeating: 0, count: count)
    for y in filter.starts.indices {
      for index in 0..<count { sums[index] = Self.half }
      var row = count * (filter.starts[y] - firstRow)
      for weight in filter.weightRanges[y] {
        let weight = filter.weights[weight]
        for index in 0..<count { sums[index] &+= Int32(pixels[row + index]) &* weight }
        row += count
      }
      for sum in sums { result.append(Self.byte(sum)) }
    }
    return Picture(unchecked: width, filter.starts.count, result)
  }

  /// One half in the filter's fixed-point numbers, for rounding.
  private static var half: Int32 { 1 << (Resampling.places - 1) }

  private static func byte(_ sum: Int32) -> UInt8 {
    UInt8(max(0, min(255, sum >> Resampling.places)))
  }
}
