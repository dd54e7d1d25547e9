internal import CLIP
internal import Foundation
internal import Language
internal import Store

/// Where a CLIP lies: a file, or a folder as Hugging Face's library, open_clip or anybody keeps one.
struct ClipSource {
  /// The file of weights, or the index of several.
  let weights: String
  /// The file beside it that describes the model.
  let configuration: ConfigurationFile?
  /// The folder that was named; its vocabulary and its preprocessing are those of the model.
  let folder: String?

  enum ConfigurationFile {
    case huggingFace(String)
    case openCLIP(String)
  }

  /// Finds the files at a path, which exists.
  init(_ path: String) throws {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      (weights, configuration, folder) = (path, nil, nil)
      return
    }
    folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let names = try? FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let files = SourceFiles(folder: folder ?? path, names: names ?? [])
    if let configuration = files["config.json"], let weights = files[Self.huggingFaceWeights] {
      (self.weights, self.configuration) = (weights, .huggingFace(configuration))
    } else if let configuration = files["open_clip_config.json"],
      let weights = files[Self.openCLIPWeights]
    {
      (self.weights, self.configuration) = (weights, .openCLIP(configuration))
    } else {
      weights = try files[Self.huggingFaceWeights + Self.openCLIPWeights] ?? files.onlyCheckpoint()
      // Weights of another name (`model.fp16.safetensors`) are described all the same.
      let isOwn = [".h5", ".hdf5"].contains(where: weights.hasSuffix)
      let description =
        files["config.json"].map { ConfigurationFile.huggingFace($0) }
        ?? files["open_clip_config.json"].map { .openCLIP($0) }
      configuration = isOwn ? nil : description
    }
  }

  /// In the order in which they are looked for.
  private static let huggingFaceWeights = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
    "pytorch_model.bin.index.json",
  ]
  private static let openCLIPWeights = [
    "open_clip_model.safetensors", "open_clip_pytorch_model.bin",
  ]

  /// The description beside a file that was named itself: who names a file does not name its folder's
  /// description, and should know that it counts for nothing.
  var unused: String? {
    guard folder == nil else { return nil }
    let place = URL(fileURLWithPath: weights).deletingLastPathComponent()
    return ["config.json", "open_clip_config.json"].first {
      FileManager.default.fileExists(atPath: place.appendingPathComponent($0).path)
    }
  }

  /// What the configuration says; nothing where there is none.
  func described() throws -> Configuration {
    switch configuration {
    case nil: return Configuration()
    case .huggingFace(let path): return try Configuration(huggingFace: Self.reader(path))
    case .openCLIP(let path): return try Configuration(openCLIP: Self.reader(path))
    }
  }

  /// Bytes that a configuration file may have.
  static let mostBytes = 1 << 24

  private static func reader(_ path: String) throws -> ConfigurationReader {
    try ConfigurationReader(JSON(reading: path, limit: mostBytes), file: path)
  }
}

/// The names in a folder.
private struct SourceFiles {
  let folder: String
  let names: [String]

  subscript(name: String) -> String? { names.contains(name) ? "\(folder)/\(name)" : nil }

  /// The first of some names that is there.
  subscript(candidates: [String]) -> String? {
    candidates.first { names.contains($0) }.map { "\(folder)/\($0)" }
  }

  private static let endings = [".pt", ".pth", ".bin", ".safetensors", ".h5", ".hdf5"]

  /// The one checkpoint of a folder that holds no other.
  func onlyCheckpoint() throws -> String {
    let checkpoints = names.filter { name in Self.endings.contains { name.hasSuffix($0) } }
    guard let only = checkpoints.first else {
      throw Fault(
        "file", "'\(folder)' holds no weights",
        help: "config.json with model.safetensors or pytorch_model.bin, open_clip_config.json with "
          + "open_clip_model.safetensors, or one checkpoint file")
    }
    guard checkpoints.count == 1 else {
      throw Fault(
        "file",
        "'\(folder)' holds \(checkpoints.count) checkpoints: "
          + TextWidth.visible(checkpoints.prefix(5).joined(separator: ", ")),
        help: "name one of them")
    }
    return "\(folder)/\(only)"
  }
}
