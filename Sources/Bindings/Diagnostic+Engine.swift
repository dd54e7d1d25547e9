internal import CLIP
internal import Datasets
internal import Language
internal import Pictures
internal import Store
internal import Tensor

/// The one place where the engine's facts become sentences.
extension Engine {
  /// What an error of the engine means to the author of a script; nil for an unknown one.
  func fault(for error: any Error) -> Fault? {
    // A stranger's file may have named what the sentence names: nothing that a terminal would obey
    // comes through, no line feed, and no megabytes.
    Self.sentence(for: error).map {
      Fault($0.code, TextWidth.excerpt($0.message, to: 4000), help: $0.help)
    }
  }

  private static func sentence(for error: any Error) -> Fault? {
    switch error {
    case let error as TensorError: fault(error)
    case let error as CLIPError: fault(error)
    case let error as PictureError: Fault("file", sentence(error))
    case let error as DatasetError: fault(error)
    case let error as DataFailure: fault(error)
    case let error as StoreError: fault(error)
    case let error as CheckpointFailure: fault(error)
    case let error as ConfigurationError: fault(error)
    case let error as StoreError.Fault: fault(StoreError(file: "the file", error))
    default: nil
    }
  }

  static func shape(_ shape: [Int]) -> String { TensorPrinting.shape(shape) }

  static func fault(_ error: TensorError) -> Fault {
    switch error {
    case .shapes(let operation, let a, let b):
      return Fault(
        .shape, "'\(operation)' does not fit \(shape(a)) with \(shape(b))",
        help: advice(operation, a, b))
    case .shape(let operation, let found, let expected):
      return Fault(.shape, "'\(operation)' needs \(expected), and this is \(shape(found))")
    case .axis(let operation, let axis, let rank):
      return Fault(
        .shape,
        rank == 0
          ? "'\(operation)' has no axis \(axis): this is a scalar"
          : "'\(operation)' has no axis \(axis): there are \(rank), from 0 to \(rank - 1)")
    case .index(let position, let count, let axis):
      return Fault(.index, "position \(position) is outside axis \(axis), which has \(count)")
    case .value(let operation, let what):
      return Fault(.value, "'\(operation)': \(what)")
    case .memory(let needed, let limit):
      if needed == .max { return Fault(.memory, "a tensor of this shape is beyond any memory") }
      return Fault(
        .memory,
        "this needs \(megabytes(needed)) of memory"
          // Below its own limit, the program has asked the system in vain: for `ulimit -v`, say.
          + (needed <= limit
            ? ", more than the system still gives" : ", and \(megabytes(limit)) may be used"))
    case .library(let name, let reason):
      return Fault(
        "library", "\(name) cannot be used: \(reason)",
        help: "`apt-get install libopenblas-dev` installs it")
    case .cancelled:
      return Fault(.interrupted, "interrupted")
    }
  }

  private static func advice(_ operation: String, _ a: [Int], _ b: [Int]) -> String? {
    guard operation == "@", a.last != nil, b.last == a.last, b.count >= 2 else { return nil }
    return "`x @ y.T` multiplies by the rows of y"
  }

  private static func megabytes(_ bytes: Int) -> String { "\(bytes / 1_000_000) MB" }

  static func fault(_ error: CLIPError) -> Fault {
    switch error {
    case .architecture(let flaw): Fault(.value, "this CLIP's sizes do not fit: \(flaw)")
    case .weight(let name, let found, let expected):
      Fault("file", "`\(name)` is \(shape(found)), expected \(shape(expected))")
    case .missingWeight(let name): Fault("file", "`\(name)` is missing")
    case .textTooLong(let text, let tokens, let limit):
      Fault(.value, "text too long: \(tokens) tokens, limit \(limit), for '\(Excerpt.of(text))'")
    case .noVocabulary:
      Fault(
        .value, "this CLIP has no vocabulary, so it cannot read names",
        help: "`make vocab` gets CLIP's own before a checkpoint is loaded; "
          + "`clip.class_tokens(ids, name_lens)` gives it tokens")
    case .vocabulary(let what): Fault("file", "this is no vocabulary: \(what)")
    case .tokens(let what): Fault(.value, "this table of tokens cannot be used: \(what)")
    case .noClasses: Fault(.value, "there are no classes")
    case .promptRows(let layer, let found, let expected):
      Fault(
        .shape, "the prompt rows of layer \(layer) are \(shape(found)), expected \(shape(expected))"
      )
    case .nameShift(let found, let expected):
      Fault(.shape, "'name_shift' is \(shape(found)), expected \(shape(expected))")
    case .depth(let depth, let layers):
      Fault(
        .value, "'depth' is \(depth), and the tower has \(layers) layers", help: "1 to \(layers)")
    case .images(let found, let size):
      Fault(
        .shape, "images are \(shape(found)), and this CLIP sees [B, 3, \(size), \(size)]",
        help: "`image(\"photo.jpg\", clip)` and `dataset(…, clip: clip)` prepare pictures for it")
    case .resNet(.prompts):
      Fault(
        .value, "this CLIP's image tower is a ResNet, which has no rows to put prompts among",
        help: "methods that learn in the text tower only work with it")
    case .resNet(.patches):
      Fault(.value, "this CLIP's image tower is a ResNet, which has no patches")
    case .resNet(.gradient):
      Fault(
        .value,
        "this CLIP's image tower is a ResNet, which can be neither trained nor differentiated"
      )
    }
  }

  static func sentence(_ error: PictureError) -> String {
    switch error {
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .unknownFormat: "this is neither a PNG nor a JPEG nor a WebP"
    case .otherFormat(let format):
      "this is a \(format.rawValue) and neither a PNG nor a JPEG nor a WebP: convert it"
    case .corrupt(let format, let reason): "this \(format.rawValue) is damaged: \(reason)"
    case .channels(let count): "this JPEG has \(count) channels"
    case .size(let width, let height): "a picture cannot be \(width) × \(height)"
    case .tooLarge(let width, let height): "a picture of \(width) × \(height) is too large"
    case .tooLong(let path, let bytes): "\(path) is too large: \(megabytes(bytes))"
    case .region(let region, let width, let height):
      "\(region.width) × \(region.height) at (\(region.left), \(region.top)) is not inside "
        + "\(width) × \(height)"
    }
  }
}
