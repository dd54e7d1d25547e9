package import Pictures

/// What a model expects of a picture: how it becomes a square of some side, and its bytes numbers.
package struct Preprocessing: Equatable, Sendable {
  /// The side of the square, in pixels.
  package let side: Int
  /// How a picture is resized before its middle is taken.
  package let resizing: Resizing
  /// Which filter resizes.
  package let interpolation: Interpolation
  /// Means and deviations of the channels.
  package let normalization: Normalization

  /// What happens before the square in the middle is taken; black surrounds a picture that is smaller.
  package enum Resizing: Equatable, Sendable {
    /// Nothing.
    case none
    /// The shorter side becomes so many pixels long, and the shape is kept.
    case shorterSide(Int)
    /// Both sides become so many pixels long.
    case squash(Int)
  }

  /// Prepares squares of `side` pixels; unless said otherwise, of the whole shorter side.
  package init(
    side: Int, resizing: Resizing? = nil, interpolation: Interpolation = .bicubic,
    normalization: Normalization
  ) {
    self.side = side
    self.resizing = resizing ?? .shorterSide(side)
    self.interpolation = interpolation
    self.normalization = normalization
  }

  /// What the embedded model was trained with.
  package static let mini = Preprocessing(side: ShapesWorld.side, normalization: .mini)

  /// OpenAI's means and deviations at a model's size.
  package static func clip(side: Int) -> Preprocessing {
    Preprocessing(side: side, normalization: .clip)
  }

  /// The shape of a prepared picture, [3, side, side]; throws ``DatasetError/preprocessing(side:)``
  /// for a side that no model has.
  func shape() throws(DatasetError) -> [Int] {
    guard (1...4096).contains(side) else { throw .preprocessing(side: side) }
    return [3, side, side]
  }

  /// The picture as evaluation sees it, side × side.
  package func fitted(_ picture: Picture) throws(PictureError) -> Picture {
    switch resizing {
    case .none: try picture.centerCropped(to: side)
    case .shorterSide(let length):
      try picture.fitted(to: side, shorterSide: length, by: interpolation)
    case .squash(let length):
      try picture.resized(width: length, height: length, by: interpolation)
        .centerCropped(to: side)
    }
  }

  /// The numbers of a picture as evaluation sees it.
  ///
  /// [H, W, 3] bytes → [3, side, side]
  package func numbers(of picture: Picture) throws(PictureError) -> [Float] {
    normalization.numbers(of: try fitted(picture))
  }
}

/// One line that tells two preprocessings apart whenever they make other numbers: it is part of what
/// results and remembered features are known by, so it must never change.
extension Preprocessing: CustomStringConvertible {
  package var description: String {
    let resized =
      switch resizing {
      case .none: "none"
      case .shorterSide(let length): "shortest \(length)"
      case .squash(let length): "squash \(length)"
      }
    let numbers = { (numbers: [Float]) in numbers.map { "\($0)" }.joined(separator: " ") }
    return "resize \(resized) \(interpolation.rawValue), crop \(side), "
      + "mean \(numbers(normalization.mean)), std \(numbers(normalization.deviation))"
  }
}
