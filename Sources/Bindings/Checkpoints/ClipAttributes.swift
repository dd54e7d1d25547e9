internal import CLIP
internal import Datasets
internal import Pictures
internal import Store
internal import Tensor

/// The attributes of `/clip` in a file that Duet wrote.
///
/// A file without `vision_kind` has a transformer; one `epsilon` is that of both towers; without an
/// activation it is QuickGELU, and without `end_of_text` the largest id ends a text.
struct ClipAttributes {
  private let attributes: [Node.Attribute]
  private let file: String

  init(_ attributes: [Node.Attribute], file: String) {
    self.attributes = attributes
    self.file = file
  }

  private subscript(name: String) -> StoredArray? {
    attributes.first { $0.name == name }?.value
  }

  func text(_ name: String) -> String? { self[name]?.text }

  func vocabulary() throws -> Vocabulary? {
    do throws(StoreError.Fault) {
      return try Vocabulary(attributes: text)
    } catch {
      throw StoreError(file: file, path: "/clip", error)
    }
  }

  private func size(_ name: String) throws -> Int {
    guard let size = self[name]?.integer else {
      throw StoreError(
        file: file, path: "/clip", .kind(expected: "an Int as attribute \(name)", found: "none"))
    }
    return size
  }

  private func damaged(_ what: String) -> StoreError {
    StoreError(file: file, path: "/clip", .damaged(what))
  }

  private func unsupported(_ what: String) -> StoreError {
    StoreError(file: file, path: "/clip", .unsupported(what))
  }

  func architecture() throws -> Architecture {
    Architecture(
      imageSize: try size("image_size"), vision: try vision(), text: try tower("text"),
      jointWidth: try size("embed_dim"), contextLength: try size("context_length"),
      vocabularySize: try size("vocab_size"),
      pooling: self["end_of_text"] == nil ? .largest : .first(try size("end_of_text")),
      projectionHasBias: try self["text_projection_bias"] != nil
        && size("text_projection_bias") != 0)
  }

  private func vision() throws -> Architecture.Vision {
    switch self["vision_kind"] == nil ? "transformer" : text("vision_kind") {
    case "transformer":
      return .transformer(try tower("vision"), patchSize: try size("patch_size"))
    case "resnet":
      return .resNet(
        .init(
          width: try size("vision_width"),
          stages: try (1...4).map { try size("vision_stage\($0)") },
          heads: try size("vision_heads")))
    case let kind:
      throw unsupported("the image tower \(kind ?? "that its attribute does not name")")
    }
  }

  private func tower(_ name: String) throws -> Architecture.Tower {
    .init(
      width: try size("\(name)_width"), layers: try size("\(name)_layers"),
      heads: try size("\(name)_heads"),
      hidden: self["\(name)_hidden"] == nil ? nil : try size("\(name)_hidden"),
      activation: try activation("\(name)_activation"), epsilon: try epsilon("\(name)_epsilon"))
  }

  private func activation(_ name: String) throws -> Elementwise {
    guard self[name] != nil else { return .quickGELU }
    guard let text = text(name) else { throw damaged("\(name) must be a text") }
    guard let activation = Elementwise(activation: text) else {
      throw unsupported("the activation \(text)")
    }
    return activation
  }

  private func epsilon(_ name: String) throws -> Float {
    guard let stored = self[name] ?? self["epsilon"] else { return 1e-5 }
    guard case .floats(let values) = stored.elements, let value = values.first, value > 0,
      Float(value).isFinite
    else { throw damaged("epsilon must be a number above 0") }
    return Float(value)
  }

  /// How pictures become the input; nil if the file says nothing.
  func preprocessing(side: Int) throws -> Preprocessing? {
    guard let normalization = try normalization() else { return nil }
    var interpolation = Interpolation.bicubic
    if self["image_interpolation"] != nil {
      let name = text("image_interpolation") ?? ""
      guard let known = Interpolation(rawValue: name) else {
        throw unsupported("the interpolation \(name.prefix(40))")
      }
      interpolation = known
    }
    return Preprocessing(
      side: side, resizing: try resizing(), interpolation: interpolation,
      normalization: normalization)
  }

  private func resizing() throws -> Preprocessing.Resizing? {
    guard self["image_resizing"] != nil else { return nil }
    let name = text("image_resizing") ?? ""
    if name == "none" { return Preprocessing.Resizing.none }
    let side = try size("image_resizing_side")
    guard (1...4096).contains(side) else { throw damaged("image_resizing_side is \(side)") }
    switch name {
    case "shorter_side": return .shorterSide(side)
    case "squash": return .squash(side)
    default: throw unsupported("the resizing \(name.prefix(40))")
    }
  }

  private func normalization() throws -> Normalization? {
    if self["image_mean"] == nil, self["image_std"] == nil { return nil }
    guard case .floats(let mean)? = self["image_mean"]?.elements,
      case .floats(let deviation)? = self["image_std"]?.elements, mean.count == 3,
      deviation.count == 3, (mean + deviation).allSatisfy({ abs($0) < 1e6 }),
      deviation.allSatisfy({ $0 > 1e-6 })
    else { throw damaged("three means and three deviations above 0 are needed") }
    return Normalization(mean: mean.map(Float.init), deviation: deviation.map(Float.init))
  }
}
