internal import Datasets
internal import Foundation
internal import Pictures
internal import Store

extension ClipSource {
  /// How pictures become the input of a model that sees squares of `side` pixels: as the files beside
  /// the weights say, else as OpenAI's models want them.
  func preprocessing(side: Int) throws -> Preprocessing {
    switch configuration {
    case nil: return .clip(side: side)
    case .openCLIP(let path):
      guard let part = try JSON(reading: path, limit: Self.mostBytes)["preprocess_cfg"] else {
        return .clip(side: side)
      }
      return try Self.described(path) { () throws(StoreError.Fault) in
        try Preprocessing(openCLIP: part, side: side)
      }
    case .huggingFace(let path):
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      let path = "\(folder)/preprocessor_config.json"
      guard FileManager.default.fileExists(atPath: path) else { return .clip(side: side) }
      let file = try JSON(reading: path, limit: Self.mostBytes)
      return try Self.described(path) { () throws(StoreError.Fault) in
        try Preprocessing(huggingFace: file, side: side)
      }
    }
  }

  private static func described(
    _ path: String, _ body: () throws(StoreError.Fault) -> Preprocessing
  ) throws(StoreError) -> Preprocessing {
    do throws(StoreError.Fault) {
      return try body()
    } catch {
      throw StoreError(file: path, error)
    }
  }
}

extension Preprocessing {
  /// In a few words.
  var summary: String {
    let first =
      switch resizing {
      case .none: "not resized"
      case .shorterSide(let length): "shorter side \(length) \(interpolation.rawValue)"
      case .squash(let length): "both sides \(length) \(interpolation.rawValue)"
      }
    return "\(first), the middle \(side) × \(side)"
  }
}
