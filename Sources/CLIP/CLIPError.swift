/// What can go wrong around the encoders: facts, which `Bindings` turns into sentences. Faults of
/// shapes and memory inside them are ``Tensor/TensorError``s.
package enum CLIPError: Error, Equatable, Sendable {
  /// Sizes that contradict each other.
  case architecture(String)
  /// A weight whose shape is not what the architecture says.
  case weight(String, found: [Int], expected: [Int])
  case missingWeight(String)
  /// A text of more tokens than the model reads.
  case textTooLong(String, tokens: Int, limit: Int)
  /// A model without a vocabulary was given text instead of tokens.
  case noVocabulary
  /// A vocabulary file that cannot be read.
  case vocabulary(String)
  /// A token table whose rows are not what the prompt needs.
  case tokens(String)
  /// No classes at all.
  case noClasses
  /// Learned rows that do not fit the tower.
  case promptRows(layer: Int, found: [Int], expected: [Int])
  /// Vectors for the names that do not fit the images and classes.
  case nameShift(found: [Int], expected: [Int])
  /// A prompt depth outside 1 ... layers.
  case depth(Int, layers: Int)
  /// Images of another size than the model's.
  case images(found: [Int], size: Int)
  /// Something that only a transformer can give was asked of a ResNet.
  case resNet(Asked)

  /// What a ResNet cannot give.
  package enum Asked: Equatable, Sendable {
    case prompts, patches, gradient
  }
}
