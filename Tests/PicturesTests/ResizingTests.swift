import Foundation
import Pictures
import TestSupport
import Testing

/// Resizing, cropping and normalisation equal Pillow's and torchvision's.
struct ResizingTests {
  private struct Golden: Decodable {
    let cases: [Case]

    struct Case: Decodable {
      /// Bicubic, if nothing is said.
      let filter: String?
      let width: Int
      let height: Int
      let rgb: Data
      let results: [Result]
    }

    struct Result: Decodable {
      let width: Int
      let height: Int
      let rgb: Data
    }
  }

  @Test(arguments: [("resizing.json", 5), ("filters.json", 4)])
  func `resizing is Pillow's bit for bit`(file: String, count: Int) throws {
    let golden = try JSONDecoder().decode(Golden.self, from: ReferenceFiles.golden(file))
    #expect(golden.cases.count == count)
    for source in golden.cases {
      let picture = try Picture(
        width: source.width, height: source.height, pixels: [UInt8](source.rgb))
      for result in source.results {
        let filter = try #require(Interpolation(rawValue: source.filter ?? "bicubic"))
        let resized = try picture.resized(
          width: result.width, height: result.height, by: filter)
        #expect(
          resized.pixels == [UInt8](result.rgb),
          "\(source.width) x \(source.height) to \(result.width) x \(result.height)")
      }
    }
  }

  @Test(arguments: [(37, 23), (2, 203)])
  func `a part of a resized picture equals the part of the whole`(w: Int, h: Int) throws {
    let picture = try noise(width: w, height: h)
    for (width, height) in [(50, 11), (37, 60), (19, 23), (37, 23)] {
      for filter in [Interpolation.bicubic, .bilinear] {
        let whole = try picture.resized(width: width, height: height, by: filter)
        let part = Region(left: 4, top: 3, width: 9, height: 7)
        #expect(
          try picture.resized(width: width, height: height, keeping: part, by: filter)
            == whole.cropped(to: part))
      }
    }
  }

  @Test func `a shorter side below the square leaves a black border`() throws {
    let picture = try Picture(width: 9, height: 6, pixels: [UInt8](repeating: 200, count: 162))
    let fitted = try picture.fitted(to: 8, shorterSide: 4, by: .bilinear)
    #expect(fitted[0, 2] == (0, 0, 0) || fitted[1, 2] == (200, 200, 200))
    #expect(fitted[4, 1] == (0, 0, 0) && fitted[4, 2] == (200, 200, 200))
    #expect(fitted[4, 5] == (200, 200, 200) && fitted[4, 6] == (0, 0, 0))
    let larger = try picture.fitted(to: 4, shorterSide: 6)
    #expect(try larger == picture.centerCropped(to: 4))
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `the reference crops and sizes match`() throws {
    let digests = try JSONDecoder().decode(
      ParityDigests.self, from: ReferenceFiles.golden("parity.json")
    ).digests
    let cases = try JSONDecoder().decode(
      ImageCases.self, from: ReferenceFiles.vectors("clip/images/cases.json"))
    for crop in cases.random_resized_crop {
      let region = Region(left: crop.left, top: crop.top, width: crop.width, height: crop.height)
      let part = try Picture(decoding: cases.bytes(of: crop.file)).cropped(to: region)
        .resized(width: crop.size, height: crop.size)
      let pixels = crop.flip ? part.flipped().pixels : part.pixels
      #expect(ReferenceFiles.digest(pixels) == digests[crop.dataset], "\(crop.dataset)")
    }
    for row in cases.geometry {
      let size = Region.size(ofShorterSide: row.n, forWidth: row.width, height: row.height)
      #expect(size == (row.resized_width, row.resized_height))
      let crop = Region.center(row.n, ofWidth: size.width, height: size.height)
      #expect((crop.left, crop.top) == (row.crop_left, row.crop_top))
    }
  }

  @Test(
    arguments: [
      (500, 375, 224, 298, 224, 37, 0), (1, 1000, 32, 32, 32000, 0, 15984),
      (640, 427, 32, 47, 32, 8, 0), (301, 299, 224, 225, 224, 0, 0),
      (1023, 682, 224, 336, 224, 56, 0), (37, 91, 32, 32, 78, 0, 23),
    ])
  func `sizes are floored and offsets rounded to even`(
    width: Int, height: Int, side: Int, w: Int, h: Int, left: Int, top: Int
  ) {
    #expect(Region.size(ofShorterSide: side, forWidth: width, height: height) == (w, h))
    let crop = Region.center(side, ofWidth: w, height: h)
    #expect(crop == Region(left: left, top: top, width: side, height: side))
  }

  @Test func `a small picture is padded with black, less before than after`() throws {
    let picture = try Picture(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6])
    let padded = try picture.centerCropped(to: 5)
    #expect(padded[1, 2] == (1, 2, 3))
    #expect(padded[2, 2] == (4, 5, 6))
    #expect(padded.pixels.reduce(0) { $0 + Int($1) } == 21)
  }

  @Test func `a crop larger in one direction takes the middle of the other`() throws {
    let pixels: [UInt8] = (0..<7).flatMap { [$0, 0, 0] }
    let cropped = try Picture(width: 7, height: 1, pixels: pixels).centerCropped(to: 2)
    #expect(cropped[0, 0].red == 2 && cropped[1, 0].red == 3)
    #expect(cropped[0, 1].red == 0 && cropped[1, 1].red == 0)
  }

  @Test func `a mirror exchanges left and right only`() throws {
    let pixels = [UInt8](1...12)
    let flipped = try Picture(width: 2, height: 2, pixels: pixels).flipped()
    #expect(flipped.pixels == [4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9])
  }

  @Test func `normalisation puts channels first`() throws {
    let picture = try Picture(width: 2, height: 1, pixels: [0, 51, 255, 255, 51, 0])
    let numbers = Normalization.mini.numbers(of: picture)
    #expect(
      numbers == [-2, 2, (Float(51) / 255 - 0.5) / 0.25, (Float(51) / 255 - 0.5) / 0.25, 2, -2])
  }

  @Test func `impossible sizes and regions are refused`() throws {
    let picture = try noise(width: 8, height: 4)
    #expect(throws: PictureError.size(width: 0, height: 5)) {
      try picture.resized(width: 0, height: 5)
    }
    #expect(throws: PictureError.size(width: 0, height: 0)) { try picture.fitted(to: 0) }
    #expect(throws: PictureError.tooLarge(width: 1 << 30, height: 1 << 30)) {
      try picture.fitted(to: 1 << 30)
    }
    #expect(throws: PictureError.self) { try picture.resized(width: .max, height: .max) }
    let outside = Region(left: 5, top: 0, width: 4, height: 4)
    #expect(throws: PictureError.region(outside, width: 8, height: 4)) {
      try picture.cropped(to: outside)
    }
    let endless = Region(left: .max, top: 0, width: .max, height: 1)
    #expect(throws: PictureError.region(endless, width: 8, height: 4)) {
      try picture.cropped(to: endless)
    }
  }

  @Test func `a line of a million pixels is fitted without its long shape in between`() throws {
    let line = try Picture(
      width: 1, height: 1_000_000, pixels: [UInt8](repeating: 9, count: 3_000_000))
    #expect(try line.fitted(to: 224).pixels == [UInt8](repeating: 9, count: 3 * 224 * 224))
  }

  private func noise(width: Int, height: Int) throws -> Picture {
    var state = UInt32(width &* 31 &+ height)
    let pixels = (0..<3 * width * height).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    return try Picture(width: width, height: height, pixels: pixels)
  }
}
