import Foundation
import Pictures
import TestSupport
import Testing

/// Decoding equals Pillow's, on own files and on the reference vectors.
struct DecodingTests {
  private struct Golden: Decodable {
    let cases: [Case]

    struct Case: Decodable {
      let name: String
      let isExact: Bool
      let file: Data
      let width: Int
      let height: Int
      let rgb: Data
      let fitted12: Data
    }
  }

  @Test(arguments: [("decoding.json", 33), ("webp.json", 5)])
  func `every kind of file becomes the pixels that Pillow makes`(name: String, count: Int) throws {
    let golden = try JSONDecoder().decode(Golden.self, from: ReferenceFiles.golden(name))
    #expect(golden.cases.count == count)
    for file in golden.cases {
      let picture = try Picture(decoding: [UInt8](file.file))
      #expect(picture.width == file.width && picture.height == file.height, "\(file.name)")
      if file.isExact {
        #expect(picture.pixels == [UInt8](file.rgb), "\(file.name)")
      } else {
        let differences = zip(picture.pixels, file.rgb).map { abs(Int($0) - Int($1)) }
        #expect(differences.max() ?? 0 <= 3, "\(file.name)")
        #expect(Double(differences.reduce(0, +)) <= 0.5 * Double(differences.count), "\(file.name)")
      }
      let exact = try Picture(width: file.width, height: file.height, pixels: [UInt8](file.rgb))
      #expect(try exact.fitted(to: 12).pixels == [UInt8](file.fitted12), "\(file.name)")
    }
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `the reference pictures match bit for bit`() throws {
    let digests = try JSONDecoder().decode(
      ParityDigests.self, from: ReferenceFiles.golden("parity.json")
    ).digests
    let cases = try JSONDecoder().decode(
      ImageCases.self, from: ReferenceFiles.vectors("clip/images/cases.json"))
    for file in cases.cases {
      let name = file.file.replacing(".", with: "_")
      let picture = try Picture(decoding: cases.bytes(of: file.file))
      #expect(ReferenceFiles.digest(picture.pixels) == digests["\(name)/decoded_rgb"], "\(name)")
      for side in [224, 32] {
        let fitted = try picture.fitted(to: side)
        #expect(
          ReferenceFiles.digest(fitted.pixels) == digests["\(name)/convert_first_\(side)"],
          "\(name) at \(side)")
      }
      if let expected = digests["\(name)/normalized_32"] {
        let numbers = Normalization.clip.numbers(of: try picture.fitted(to: 32))
        let bytes = numbers.flatMap { number in
          (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
        }
        #expect(ReferenceFiles.digest(bytes) == expected, "\(name)")
      }
    }
  }

  @Test func `plain gray of 16 bits is recognised`() throws {
    let golden = try JSONDecoder().decode(
      Golden.self, from: ReferenceFiles.golden("decoding.json"))
    for file in golden.cases {
      let isGray16 = file.name.hasPrefix("png depth 16 kind 0")
      #expect(Picture.isClippedGray16([UInt8](file.file)) == isGray16, "\(file.name)")
    }
  }

  @Test func `a written PNG reads back equal`() throws {
    for (width, height) in [(1, 1), (7, 3), (200, 150)] {
      let pixels = (0..<3 * width * height).map {
        UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7)
      }
      let picture = try Picture(width: width, height: height, pixels: pixels)
      #expect(try Picture(decoding: picture.encodedAsPNG()) == picture)
    }
  }
}

/// Digests of the arrays in the reference file, by their names.
struct ParityDigests: Decodable {
  let digests: [String: String]
}

/// The list of reference pictures.
struct ImageCases: Decodable {
  let cases: [File]
  let random_resized_crop: [Crop]
  let geometry: [Geometry]

  struct File: Decodable {
    let file: String
  }

  struct Crop: Decodable {
    let file: String
    let top: Int
    let left: Int
    let height: Int
    let width: Int
    let flip: Bool
    let size: Int
    let dataset: String
  }

  struct Geometry: Decodable {
    let width: Int
    let height: Int
    let n: Int
    let resized_width: Int
    let resized_height: Int
    let crop_left: Int
    let crop_top: Int
  }

  func bytes(of file: String) throws -> [UInt8] {
    [UInt8](try ReferenceFiles.vectors("clip/images/\(file)"))
  }
}
