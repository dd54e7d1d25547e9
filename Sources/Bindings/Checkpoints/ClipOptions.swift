internal import CLIP
internal import Language
internal import Tensor

/// What the user says of a checkpoint that its files do not say, or say wrongly.
struct ClipOptions {
  private(set) var activation: Elementwise?
  private(set) var visionHeads: Int?
  private(set) var textHeads: Int?
  /// How texts are cleaned; nil leaves it to the file.
  private(set) var cleaning: Vocabulary.Cleaning?
  /// Whether tensors that nobody asks for are left out instead of refused.
  private(set) var allowsSurplus = false

  /// How the options stand in a signature.
  static let signature =
    "activation: String? = nil, vision_heads: Int? = nil, text_heads: Int? = nil, "
    + "cleaning: String? = nil, allow_surplus: Bool = false"

  /// Reads the options of a call, the first of which stands at `place`.
  init(_ arguments: borrowing Arguments, from place: Int) throws {
    if let name = try arguments.optionalString(place) {
      guard let activation = Elementwise(activation: name) else {
        throw arguments.fault(place, "must be \"quick_gelu\" or \"gelu\"")
      }
      self.activation = activation
    }
    visionHeads = try arguments.optionalInt(place + 1)
    textHeads = try arguments.optionalInt(place + 2)
    for (heads, at) in [(visionHeads, place + 1), (textHeads, place + 2)] {
      if let heads, heads < 1 { throw arguments.fault(at, "must be at least 1") }
    }
    if let name = try arguments.optionalString(place + 3) {
      guard let cleaning = Vocabulary.Cleaning(rawValue: name) else {
        throw arguments.fault(place + 3, "must be \"openai\" or \"hf\"")
      }
      self.cleaning = cleaning
    }
    allowsSurplus = try arguments.bool(place + 4)
  }

  /// Whether anything is said that changes what a model computes.
  var changesModel: Bool {
    activation != nil || visionHeads != nil || textHeads != nil || cleaning != nil
  }

  /// A configuration in which what the user says comes first.
  func applied(to configuration: Configuration) -> Configuration {
    var result = configuration
    result.vision.activation = activation ?? result.vision.activation
    result.text.activation = activation ?? result.text.activation
    result.vision.heads = visionHeads ?? result.vision.heads
    result.text.heads = textHeads ?? result.text.heads
    return result
  }

  /// The same for an architecture that is known.
  func applied(to architecture: Architecture) -> Architecture {
    var result = architecture
    switch result.vision {
    case .transformer(var tower, let patchSize):
      tower.activation = activation ?? tower.activation
      tower.heads = visionHeads ?? tower.heads
      result.vision = .transformer(tower, patchSize: patchSize)
    case .resNet(var resNet):
      resNet.heads = visionHeads ?? resNet.heads
      result.vision = .resNet(resNet)
    }
    result.text.activation = activation ?? result.text.activation
    result.text.heads = textHeads ?? result.text.heads
    return result
  }

  /// The same for a tokenizer.
  func applied(to tokenizer: Tokenizer) throws(CLIPError) -> Tokenizer {
    guard let cleaning, cleaning != tokenizer.cleaning else { return tokenizer }
    var vocabulary = tokenizer.vocabulary
    vocabulary.cleaning = cleaning
    return try Tokenizer(vocabulary)
  }
}
