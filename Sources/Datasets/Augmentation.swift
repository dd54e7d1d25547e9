internal import Glibc
package import Pictures
package import Tensor

/// What is done to a training picture at random, before normalisation.
package struct Augmentation: Equatable, Sendable {
  /// Whether a random part, of random shape, takes the place of the middle.
  package let crops: Bool
  /// Whether one picture in two is exchanged left for right.
  package let flips: Bool

  /// Chooses what happens.
  package init(crops: Bool, flips: Bool) {
    self.crops = crops
    self.flips = flips
  }

  /// The picture as evaluation sees it.
  package static let none = Augmentation(crops: false, flips: false)
  /// The picture as evaluation sees it, or its mirror image.
  package static let flip = Augmentation(crops: false, flips: true)
  /// Random part, then flip: what the published methods train with.
  package static let randomResizedCrop = Augmentation(crops: true, flips: true)

  /// A view of a picture, as large as a model needs it; draws from `stream` first the region, then
  /// the flip.
  package func view(
    of picture: Picture, for preprocessing: Preprocessing, from stream: inout RandomStream
  ) throws(PictureError) -> Picture {
    var view: Picture
    if crops {
      let region = RandomResizedCrop.region(
        width: picture.width, height: picture.height, from: &stream)
      view = try picture.cropped(to: region).resized(
        width: preprocessing.side, height: preprocessing.side, by: preprocessing.interpolation)
    } else {
      view = try preprocessing.fitted(picture)
    }
    if flips && stream.uniform() < 0.5 { view = view.flipped() }
    return view
  }
}

/// A random part of a picture: 8 to 100 % of its area, sides in a ratio of 3 : 4 to 4 : 3.
package enum RandomResizedCrop {
  private static let leastArea = 0.08
  private static let ratios = 0.75...(4.0 / 3)
  private static let attempts = 10

  /// Draws area and ratio until they fit, ten times at most, then top and left.
  package static func region(
    width: Int, height: Int, from stream: inout RandomStream
  ) -> Region {
    let (low, high) = (log(ratios.lowerBound), log(ratios.upperBound))
    for _ in 0..<attempts {
      let share = leastArea + (1 - leastArea) * Double(stream.uniform())
      let area = Double(width * height) * share
      let ratio = exp(low + (high - low) * Double(stream.uniform()))
      let w = rounded((area * ratio).squareRoot())
      let h = rounded((area / ratio).squareRoot())
      guard (1...width).contains(w), (1...height).contains(h) else { continue }
      let top = stream.below(height - h + 1)
      return Region(left: stream.below(width - w + 1), top: top, width: w, height: h)
    }
    return fallback(width: width, height: height)
  }

  /// The largest part in the middle whose ratio is allowed.
  package static func fallback(width: Int, height: Int) -> Region {
    var (w, h) = (width, height)
    let ratio = Double(width) / Double(height)
    if ratio < ratios.lowerBound { h = rounded(Double(width) / ratios.lowerBound) }
    if ratio > ratios.upperBound { w = rounded(Double(height) * ratios.upperBound) }
    return Region(left: (width - w) / 2, top: (height - h) / 2, width: w, height: h)
  }

  private static func rounded(_ value: Double) -> Int { Int(value.rounded(.toNearestOrEven)) }
}
