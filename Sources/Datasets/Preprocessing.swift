package import Pictures

/// What a model expects of a picture: a square of some side, and how bytes become numbers.
package struct Preprocessing: Equatable, Sendable {
  /// The side of the square, in pixels.
  package let side: Int
  /// Means and deviations of the channels.
  package let normalization: Normalization

  /// Prepares squares of `side` pixels.
  package init(side: Int, normalization: Normalization) {
    self.side = side
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

  /// The numbers of a picture as evaluation sees it: shorter side resized, middle cropped.
  ///
  /// [H, W, 3] bytes → [3, side, side]
  package func numbers(of picture: Picture) throws(PictureError) -> [Float] {
    normalization.numbers(of: try picture.fitted(to: side))
  }
}
