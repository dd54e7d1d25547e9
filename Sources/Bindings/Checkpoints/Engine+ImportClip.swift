internal import CLIP
internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// `import_clip`: a checkpoint becomes a file of Duet's.
extension Engine {
  func importClip(_ arguments: borrowing Arguments) throws -> Value {
    let path = try arguments.string(1)
    try Self.check(path, arguments, 1)
    let name = URL(fileURLWithPath: try arguments.string(0)).lastPathComponent
    let opened = try openClip(
      arguments, ClipOptions(arguments, from: 2), task: "importing \(name)")
    if writesFiles {
      try Self.makeFolder(of: path)
      try opened.clip.weights.write(to: path, provenance())
    }
    return Value(opened.facts)
  }
}

extension Engine.OpenedClip {
  /// What the model is, for people to read.
  fileprivate var facts: Record {
    let sizes = clip.clip.architecture
    var facts: [(String, Value)] = [
      ("model", Value(released ?? "of its own sizes")),
      ("images", Value("\(sizes.imageSize) pixels, \(sizes.vision.summary)")),
      ("texts", Value("\(sizes.contextLength) tokens, \(sizes.text.layers) × \(sizes.text.width)")),
      ("joint_width", .int(sizes.jointWidth)), ("parameters", .int(clip.parameterCount)),
      ("activation", Value(activation)), ("pooling", Value(pooling)),
    ]
    facts.append(("tokenizer", Value(tokenizer)))
    facts.append(("preprocessing", Value(clip.preprocessing.summary)))
    let counts = precisions.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    facts.append(("stored_as", Value("\(container): \(counts)")))
    facts.append(("digest", clip.digest.map { Value($0) } ?? .nil))
    return Record(facts.map { (key: $0.0, value: $0.1) })
  }

  /// The released model of the same sizes.
  private var released: String? {
    let sizes = clip.clip.architecture.sizes
    return Architecture.released.first { known in
      known.architecture.sizes.elementsEqual(sizes) { $0 == $1 }
    }?.name
  }

  private var activation: String {
    let text = clip.clip.architecture.text.activation.name
    guard let vision = clip.clip.architecture.vision.tower?.activation.name, vision != text else {
      return text
    }
    return "\(vision) for images, \(text) for texts"
  }

  private var pooling: String {
    switch clip.clip.architecture.pooling {
    case .largest: "at the first row of the largest id"
    case .first(let id): "at the first row of id \(id)"
    }
  }

  private var tokenizer: String {
    guard let tokenizer = clip.clip.tokenizer else {
      return "none: names of classes cannot be read; `make vocab`, then import again"
    }
    return "\(tokenizer.count) ids, cleaning \(tokenizer.cleaning.rawValue)"
  }
}
