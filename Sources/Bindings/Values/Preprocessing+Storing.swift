internal import Datasets
internal import Pictures
internal import Store

/// How pictures are prepared, among the attributes of `/clip`. What is usual needs no attribute: the
/// shorter side becomes as long as the model's square, by the bicubic filter.
extension Preprocessing {
  var attributes: [Node.Attribute] {
    let numbers = { (numbers: [Float]) in
      StoredArray(shape: [3], .floats(numbers.map(Double.init)))
    }
    var attributes: [Node.Attribute] = [
      .init("image_mean", numbers(normalization.mean)),
      .init("image_std", numbers(normalization.deviation)),
    ]
    let (word, length): (String, Int?) =
      switch resizing {
      case .none: ("none", nil)
      case .shorterSide(let length): ("shortest", length)
      case .squash(let length): ("squash", length)
      }
    if resizing != .shorterSide(side) {
      attributes.append(.init("image_resize", .string(word)))
      if let length { attributes.append(.init("image_resize_side", .integer(length))) }
    }
    if interpolation != .bicubic {
      attributes.append(.init("image_interpolation", .string(interpolation.rawValue)))
    }
    return attributes
  }

  /// A preprocessing for squares of `side` pixels from attributes of these names; nil if there are
  /// none.
  init?(side: Int, attributes value: (String) -> StoredArray?) throws(StoreError.Fault) {
    let names = ["image_mean", "image_std", "image_resize", "image_interpolation"]
    guard names.contains(where: { value($0) != nil }) else { return nil }
    let (mean, deviation) = (
      try Self.numbers(value("image_mean")) ?? Normalization.clip.mean,
      try Self.numbers(value("image_std")) ?? Normalization.clip.deviation
    )
    guard (mean + deviation).allSatisfy({ abs($0) < 1e6 }), deviation.allSatisfy({ $0 > 1e-6 })
    else { throw .damaged("three means and three deviations above 0 are needed") }
    let filter = value("image_interpolation").map { $0.text ?? "" }
    guard let interpolation = Interpolation(rawValue: filter ?? Interpolation.bicubic.rawValue)
    else { throw .unsupported("the image_interpolation \(filter?.prefix(40) ?? "")") }
    self.init(
      side: side, resizing: try Self.resizing(value), interpolation: interpolation,
      normalization: Normalization(mean: mean, deviation: deviation))
  }

  private static func resizing(_ value: (String) -> StoredArray?) throws(StoreError.Fault)
    -> Resizing?
  {
    guard let word = value("image_resize").map({ $0.text ?? "" }) else { return nil }
    if word == "none" { return Resizing.none }
    guard let length = value("image_resize_side")?.integer, (1...4096).contains(length) else {
      throw .damaged("image_resize_side must be from 1 to 4096")
    }
    switch word {
    case "shortest": return .shorterSide(length)
    case "squash": return .squash(length)
    default: throw .unsupported("the image_resize \(word.prefix(40))")
    }
  }

  private static func numbers(_ array: StoredArray?) throws(StoreError.Fault) -> [Float]? {
    guard let array else { return nil }
    guard case .floats(let values) = array.elements, values.count == 3 else {
      throw .damaged("three means and three deviations above 0 are needed")
    }
    return values.map(Float.init)
  }
}
