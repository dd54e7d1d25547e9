package import Datasets
internal import Pictures
package import Store

/// How a checkpoint's files want its pictures prepared. What Duet does not do is refused by name, and
/// so is a value of the wrong kind; a key that is `null` counts as absent.
extension Preprocessing {
  private typealias Fault = StoreError.Fault

  /// Reads Hugging Face's `preprocessor_config.json` for a model that sees squares of `side` pixels.
  package init(huggingFace file: JSON, side: Int) throws(StoreError.Fault) {
    let file = try Description(file)
    for name in ["do_convert_rgb", "do_rescale"] where try !file.flag(name) {
      throw .unsupported("`\(name)` false")
    }
    if let factor = file["rescale_factor"], factor.double.map({ abs($0 * 255 - 1) < 1e-6 }) != true
    {
      throw .unsupported("a `rescale_factor` other than 1/255")
    }
    let interpolation: Interpolation
    switch file["resample"] {
    case nil, .integer(3)?: interpolation = .bicubic
    case .integer(2)?: interpolation = .bilinear
    default: throw .unsupported("a `resample` other than 2 (bilinear) and 3 (bicubic)")
    }
    var resizing = Resizing.none
    if try file.flag("do_resize") {
      resizing = try Self.resizing(file["size"] ?? .integer(side))
    }
    if try file.flag("do_center_crop") {
      let crop = try Self.square(file["crop_size"] ?? .integer(side), "crop_size")
      guard crop == side else {
        throw .damaged("`crop_size` is \(crop), and the model sees \(side) pixels")
      }
    } else if resizing != .squash(side) {
      throw .unsupported(
        "`do_center_crop` false where pictures are not resized to the model's square")
    }
    let normalizes = try file.flag("do_normalize")
    self.init(
      side: side, resizing: resizing, interpolation: interpolation,
      normalization: normalizes
        ? try Self.normalization(file["image_mean"], file["image_std"])
        : Normalization(mean: [0, 0, 0], deviation: [1, 1, 1]))
  }

  /// Reads the `preprocess_cfg` of open_clip for a model that sees squares of `side` pixels.
  package init(openCLIP file: JSON, side: Int) throws(StoreError.Fault) {
    let file = try Description(file)
    if let size = file["size"] {
      let found = try Self.square(size, "size")
      guard found == side else {
        throw .damaged("`size` is \(found), and the model sees \(side) pixels")
      }
    }
    if let mode = try file.text("mode"), mode != "RGB" { throw .unsupported("the `mode` \(mode)") }
    let resizing: Resizing
    switch try file.text("resize_mode") ?? "shortest" {
    case "shortest": resizing = .shorterSide(side)
    case "squash": resizing = .squash(side)
    case let mode: throw .unsupported("the `resize_mode` \(mode)")
    }
    let name = try file.text("interpolation") ?? "bicubic"
    guard let interpolation = Interpolation(rawValue: name) else {
      throw .unsupported("the `interpolation` \(name)")
    }
    self.init(
      side: side, resizing: resizing, interpolation: interpolation,
      normalization: try Self.normalization(file["mean"], file["std"]))
  }

  /// A number or `shortest_edge` is the shorter side; `height` and `width` are both.
  private static func resizing(_ size: JSON) throws(Fault) -> Resizing {
    if size.int != nil { return .shorterSide(try length(size, "size")) }
    guard size.object != nil else { return .squash(try square(size, "size")) }
    let sides = try Description(size)
    guard let shortest = sides["shortest_edge"] else { return .squash(try square(size, "size")) }
    guard sides["longest_edge"] == nil else { throw .unsupported("a `size` with `longest_edge`") }
    return .shorterSide(try length(shortest, "size"))
  }

  private static func square(_ size: JSON, _ name: String) throws(Fault) -> Int {
    if size.int != nil { return try length(size, name) }
    let sides = size.array ?? [size["height"], size["width"]].compactMap { $0 }
    guard sides.count == 2, sides[0] == sides[1] else {
      throw .unsupported("a `\(name)` that is no square")
    }
    return try length(sides[0], name)
  }

  private static func length(_ value: JSON, _ name: String) throws(Fault) -> Int {
    guard let length = value.int, (1...4096).contains(length) else {
      throw .damaged("`\(name)` is no length from 1 to 4096")
    }
    return length
  }

  /// Means and deviations; OpenAI's where the file has none.
  private static func normalization(_ mean: JSON?, _ deviation: JSON?) throws(Fault)
    -> Normalization
  {
    func numbers(_ list: JSON?, _ standard: [Float], _ allowed: (Double) -> Bool) throws(Fault)
      -> [Float]
    {
      guard let list else { return standard }
      let numbers = list.array?.compactMap(\.double) ?? []
      guard numbers.count == 3, list.array?.count == 3, numbers.allSatisfy(allowed) else {
        throw .damaged("means and deviations are three numbers, deviations above 0")
      }
      return numbers.map { Float($0) }
    }
    return Normalization(
      mean: try numbers(mean, Normalization.clip.mean) { abs($0) < 1e6 },
      deviation: try numbers(deviation, Normalization.clip.deviation) { $0 > 1e-6 && $0 < 1e6 })
  }
}

/// The keys of a description.
private struct Description {
  private let json: JSON

  init(_ json: JSON) throws(StoreError.Fault) {
    guard json.object != nil else { throw .damaged("it is no object") }
    self.json = json
  }

  subscript(name: String) -> JSON? { json[name].flatMap { $0.isNull ? nil : $0 } }

  /// A flag that is on where nothing is said.
  func flag(_ name: String) throws(StoreError.Fault) -> Bool {
    guard let value = self[name] else { return true }
    guard let flag = value.bool else { throw .damaged("`\(name)` is neither true nor false") }
    return flag
  }

  func text(_ name: String) throws(StoreError.Fault) -> String? {
    guard let value = self[name] else { return nil }
    guard let text = value.string else { throw .damaged("`\(name)` is no text") }
    return text
  }
}
