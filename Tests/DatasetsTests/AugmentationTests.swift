import Datasets
import Foundation
import Pictures
import Tensor
import TestSupport
import Testing

/// Random parts of pictures.
struct AugmentationTests {
  private struct Cases: Decodable {
    let random_resized_crop_fallback: [Fallback]
  }

  private struct Fallback: Decodable {
    let width: Int
    let height: Int
    let top: Int
    let left: Int
    let crop_height: Int
    let crop_width: Int
  }

  @Test(
    arguments: [
      (100, 100, Region(left: 0, top: 0, width: 100, height: 100)),
      (10, 200, Region(left: 0, top: 93, width: 10, height: 13)),
      (333, 40, Region(left: 140, top: 0, width: 53, height: 40)),
      (101, 75, Region(left: 0, top: 0, width: 100, height: 75)),
      (64, 85, Region(left: 0, top: 0, width: 64, height: 85)),
    ])
  func `without a fitting draw, the middle is taken`(width: Int, height: Int, region: Region) {
    #expect(RandomResizedCrop.fallback(width: width, height: height) == region)
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `the reference fallbacks match`() throws {
    let data = try ReferenceFiles.vectors("clip/images/cases.json")
    let cases = try JSONDecoder().decode(Cases.self, from: data).random_resized_crop_fallback
    #expect(!cases.isEmpty)
    for row in cases {
      let region = Region(
        left: row.left, top: row.top, width: row.crop_width, height: row.crop_height)
      #expect(RandomResizedCrop.fallback(width: row.width, height: row.height) == region)
    }
  }

  @Test func `area and ratio are drawn first, then top, then left`() throws {
    var stream = RandomStream(seed: 3, name: "augmentation")
    var copy = stream
    let (area, ratio) = (Double(copy.uniform()), Double(copy.uniform()))
    let pixels = 500.0 * 375 * (0.08 + 0.92 * area)
    let shape = exp(log(0.75) + (log(4.0 / 3) - log(0.75)) * ratio)
    let width = Int((pixels * shape).squareRoot().rounded(.toNearestOrEven))
    let height = Int((pixels / shape).squareRoot().rounded(.toNearestOrEven))
    try #require(width <= 500 && height <= 375, "a seed whose first draw fits")
    let top = copy.below(375 - height + 1)
    let expected = Region(
      left: copy.below(500 - width + 1), top: top, width: width, height: height)
    #expect(RandomResizedCrop.region(width: 500, height: 375, from: &stream) == expected)
    #expect(stream.position == copy.position)
  }

  @Test func `regions lie inside and have the areas and ratios that are allowed`() {
    var stream = RandomStream(seed: 1, name: "augmentation")
    var shares: [Double] = []
    for _ in 0..<4000 {
      let region = RandomResizedCrop.region(width: 200, height: 160, from: &stream)
      #expect(region.left >= 0 && region.left + region.width <= 200)
      #expect(region.top >= 0 && region.top + region.height <= 160)
      let ratio = Double(region.width) / Double(region.height)
      #expect((0.72...1.39).contains(ratio))
      shares.append(Double(region.width * region.height) / 32_000)
    }
    #expect(shares.min().map { $0 < 0.1 && $0 > 0.07 } ?? false)
    #expect((0.4...0.55).contains(shares.reduce(0, +) / 4000))
  }

  @Test func `a picture too long for any draw falls back after ten attempts`() {
    var stream = RandomStream(seed: 1, name: "augmentation")
    let region = RandomResizedCrop.region(width: 1000, height: 2, from: &stream)
    #expect(region == RandomResizedCrop.fallback(width: 1000, height: 2))
    #expect(stream.position == 20)
  }

  @Test func `half of the views are mirrored`() throws {
    let picture = try Picture(width: 2, height: 2, pixels: [UInt8](1...12))
    var stream = RandomStream(seed: 1, name: "augmentation")
    var flipped = 0
    for _ in 0..<400 {
      let view = try Augmentation.flip.view(
        of: picture, for: Preprocessing(side: 2, normalization: .mini), from: &stream)
      #expect(view == picture || view == picture.flipped())
      if view != picture { flipped += 1 }
    }
    #expect((160...240).contains(flipped))
  }
}
