internal import CLIP
internal import Datasets
internal import Foundation
internal import Language
internal import Store

extension Engine {
  func loadClip(_ arguments: borrowing Arguments) throws -> Value {
    let source = try arguments.string(0)
    let path = source == "mini" ? "\(library?.folder ?? "stdlib")/models/mini.h5" : source
    guard FileManager.default.fileExists(atPath: path) else {
      throw arguments.fault(
        0, "is no file", label: "there is no \(path)",
        help: "\"mini\" is the model that comes with Duet")
    }
    let stored = try StoredWeights(reading: path)
    let reader = ClipAttributes(stored.architecture, file: path)
    let weights = try Weights(reader.architecture()) { stored[$0] }
    let tokenizer = try reader.vocabulary().map { try Tokenizer($0) }
    if let tokenizer, tokenizer.count > weights.architecture.vocabularySize {
      throw StoreError(
        file: path, path: "/clip",
        .damaged(
          "its vocabulary has \(tokenizer.count) ids and its embedding "
            + "\(weights.architecture.vocabularySize)"))
    }
    let side = weights.architecture.imageSize
    let preprocessing = try reader.normalization().map {
      Preprocessing(side: side, normalization: $0)
    }
    let digest = WeightsDigest { stored.digest }
    weightsDigest = digest
    return Value(
      ClipValue(
        try CLIP(weights, tokenizer: tokenizer), self, name: source, preprocessing: preprocessing,
        digest: digest, isSynthetic: reader.text("data_kind") == "synthetic"))
  }
}
