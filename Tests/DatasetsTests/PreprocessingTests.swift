import Datasets
import Pictures
import Testing

/// From a picture to a model's square.
struct PreprocessingTests {
  private let picture = try? Picture(
    width: 6, height: 4, pixels: (0..<72).map { UInt8($0) &* 3 })

  @Test func `each way of resizing gives the model's square`() throws {
    let picture = try #require(picture)
    func fitted(_ resizing: Preprocessing.Resizing?) throws -> Picture {
      try Preprocessing(
        side: 5, resizing: resizing, interpolation: .bilinear, normalization: .mini
      ).fitted(picture)
    }
    #expect(try fitted(nil) == picture.fitted(to: 5, by: .bilinear))
    #expect(try fitted(.shorterSide(8)) == picture.fitted(to: 5, shorterSide: 8, by: .bilinear))
    #expect(try fitted(.squash(5)) == picture.resized(width: 5, height: 5, by: .bilinear))
    #expect(try fitted(.some(.none)) == picture.centerCropped(to: 5))
  }

  /// Results and remembered features are known by this line.
  @Test func `the description tells everything and never changes`() {
    #expect(
      Preprocessing.clip(side: 224).description
        == "resize shortest 224 bicubic, crop 224, mean 0.48145467 0.4578275 0.40821072, "
        + "std 0.26862955 0.2613026 0.2757771")
    let other = Preprocessing(
      side: 32, resizing: .squash(40), interpolation: .bilinear, normalization: .mini)
    #expect(
      other.description
        == "resize squash 40 bilinear, crop 32, mean 0.5 0.5 0.5, std 0.25 0.25 0.25")
    let none = Preprocessing(side: 32, resizing: .some(.none), normalization: .mini)
    #expect(none.description.hasPrefix("resize none bicubic, crop 32,"))
  }
}
