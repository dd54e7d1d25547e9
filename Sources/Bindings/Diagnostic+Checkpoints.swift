internal import CLIP
internal import Language
internal import Store

extension Engine {
  static func fault(_ failure: CheckpointFailure) -> Fault {
    let file = "'\(failure.file)'"
    switch failure.error {
    case .layout(let first):
      let names =
        first.isEmpty
        ? "it has no tensors"
        : "its tensors are \(first.map(tensorName).joined(separator: ", ")), …"
      return Fault("file", "\(file) is no CLIP that Duet knows: \(names)")
    case .part(let part, let name):
      return Fault(
        "file", "\(file) has \(tensorName(name)), \(words(part)), which Duet does not have")
    case .names(let mismatch):
      return Fault("file", "\(file) does not fit: \(sentence(mismatch))", help: advice(mismatch))
    case .shape(let name, let found):
      return Fault("file", "\(file): \(tensorName(name)) is \(shape(found)), which tells no size")
    case .size(let name, let stated, let found):
      let own = found.map { "\($0)" } ?? "none"
      return Fault(
        "file", "\(file): the configuration says \(name) \(stated), and the weights have \(own)")
    case .flaw(let flaw): return Fault("file", "\(file): its sizes do not fit: \(flaw)")
    case .heads(let tower, let width):
      let option = tower == .vision ? "vision_heads" : "text_heads"
      return Fault(
        "file", "\(file): a tower of width \(width) does not tell how many heads it has",
        help: "`\(option): n` tells it, `--\(option.replacing("_", with: "-")) n` of `duet import`")
    }
  }

  private static func words(_ part: CheckpointError.Part) -> String {
    switch part {
    case .timmTower: "an image tower of timm"
    case .cocaPool: "the attention pool of CoCa"
    case .cocaDecoder: "the text decoder of CoCa"
    case .textTransformer: "a text tower of Hugging Face's in an open_clip model"
    case .layerScale: "a LayerScale"
    case .logitBias: "the bias of SigLIP's loss"
    }
  }

  private static func sentence(_ mismatch: CheckpointError.Mismatch) -> String {
    let misshapen = { (tensor: CheckpointError.Mismatch.Shape) in
      "\(tensorName(tensor.name)) (\(shape(tensor.found)), expected \(shape(tensor.expected)))"
    }
    return [
      listed("missing", mismatch.missing, tensorName),
      listed("surplus", mismatch.surplus, tensorName),
      listed("misshapen", mismatch.misshapen, misshapen),
    ].compactMap { $0 }.joined(separator: "; ")
  }

  /// At most five of a kind; nil where there is none.
  private static func listed<Item>(_ kind: String, _ items: [Item], _ words: (Item) -> String)
    -> String?
  {
    if items.isEmpty { return nil }
    let rest = items.count - 5
    return "\(kind) " + items.prefix(5).map(words).joined(separator: ", ")
      + (rest > 0 ? " and \(rest) more" : "")
  }

  /// The name of a tensor, of which a file may have made megabytes.
  static func tensorName(_ name: String) -> String { "`\(TextWidth.excerpt(name, to: 120))`" }

  private static func advice(_ mismatch: CheckpointError.Mismatch) -> String? {
    guard mismatch.missing.isEmpty, mismatch.misshapen.isEmpty else { return nil }
    return "`allow_surplus: true` leaves them out, `--allow-surplus` of `duet import`"
  }

  static func fault(_ error: ConfigurationError) -> Fault {
    let file = "'\(error.file)'"
    return switch error.fault {
    case .kind(let key, let expected): Fault("file", "\(file): \(key) is not \(expected)")
    case .unknown(let key):
      Fault(
        "file",
        "\(file): \(TextWidth.excerpt(key, to: 120)) changes the network in a way that Duet does not know"
      )
    case .value(let key, let value):
      Fault("file", "\(file): \(key) is \(Excerpt.of(value)), which Duet does not know")
    }
  }

  /// What was taken for granted, as a notice.
  static func sentence(_ assumption: Assumption, _ name: String) -> String {
    switch assumption {
    case .quickGELU:
      "nothing in \(name) tells its activation: QuickGELU is assumed; `activation: \"gelu\"` says otherwise"
    case .visionHeads(let width, let headWidth):
      "\(name) does not tell its heads: an image tower of width \(width) is taken to have heads of "
        + "\(headWidth)"
    case .configuration:
      "\(name) has no config.json: heads of 64, epsilon 1e-5 and that the largest id ends a text are "
        + "assumed"
    }
  }
}
