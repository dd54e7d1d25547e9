/// Shapes world: drawn pictures of shapes, on which every protocol runs in minutes and without a
/// download. Synthetic: nothing measured on it says anything about photographs.
///
/// An item is a pure function of (seed, set, split, item), so that a split needs no memory, any item
/// can be drawn at any time and on any thread, and other programs can draw the same picture.
package enum ShapesWorld {
  /// The side of a picture, in pixels.
  package static let side = Painter.side

  /// The pixels of an item of a split: [32, 32, 3] bytes. Its label is item mod C.
  ///
  /// Contract: item ≥ 0, and `gap` lies in 0 … 1: how far the drawings are from pretraining.
  package static func pixels(
    _ set: ShapesSet, _ part: SplitPart, item: Int, seed: Int, gap: Double
  ) -> [UInt8] {
    pixels(set, split: part.shapesId, item: item, seed: seed, gap: gap)
  }

  /// The pixels of an item of a split that is given by its number: any number has drawings, those of
  /// the parts are 1 (validation), 2 (test) and 3 (training).
  package static func pixels(
    _ set: ShapesSet, split: Int, item: Int, seed: Int, gap: Double
  ) -> [UInt8] {
    precondition(item >= 0 && (0...1).contains(gap), "item \(item) at a gap of \(gap)")
    let u = HashDraws(seed: seed, set: set.id, split: split, item: item)
    let drawing = Drawing.item(
      of: set, label: item % set.classCount, Gap(amount: gap), u)
    return set.tone.applied(to: Painter.pixels(of: drawing))
  }

  /// How many drawings of a class a split holds; none where a variant lacks the split.
  package static func perClass(_ set: ShapesSet, _ part: SplitPart) -> Int? {
    switch part {
    case .train: set.isVariant ? nil : 32
    case .val: set.isVariant ? nil : 8
    case .test: 40
    }
  }
}

extension SplitPart {
  /// The number that the draws of a split depend on; pretraining has 0.
  fileprivate var shapesId: Int {
    switch self {
    case .val: 1
    case .test: 2
    case .train: 3
    }
  }
}
