package import Autograd
package import Tensor

/// A contrastive language-image model: two towers into one space, and the scale of their cosines.
///
/// The target reads like the model. `Architecture` names the sizes and the tensors; `Weights` holds
/// them; `Block` is the transformer block of both towers. `Text/` turns classes into packed rows
/// (`Classes`, `PromptForm`, `TextLayout`) and those into features (`TextEncoder`); `Vision/` does the
/// same for images. `Prompts` is the one hook by which learned rows enter a tower; no method's name
/// occurs here. `Tokenizer/` is CLIP's byte-pair encoding. Features are never normalised here.
package final class CLIP {
  package let weights: Weights
  package let tokenizer: Tokenizer?
  package let text: TextEncoder
  package let image: ImageEncoder

  package init(_ weights: Weights, tokenizer: Tokenizer?) throws(CLIPError) {
    try Self.check(tokenizer, of: weights.architecture)
    self.weights = weights
    self.tokenizer = tokenizer
    text = TextEncoder(weights)
    image = ImageEncoder(weights)
  }

  /// Whether a model has rows for all ids of a tokenizer.
  package static func check(_ tokenizer: Tokenizer?, of architecture: Architecture)
    throws(CLIPError)
  {
    guard let tokenizer, tokenizer.count > architecture.vocabularySize else { return }
    throw .vocabulary("\(tokenizer.count) ids, and the model has \(architecture.vocabularySize)")
  }

  package var architecture: Architecture { weights.architecture }

  /// Changes whenever a weight does.
  package var version: Int { weights.entries.reduce(0) { $0 &+ $1.variable.version } }

  /// exp of the stored logarithm: what cosines are multiplied by to become logits.
  package func logitScale() throws -> Variable {
    try weights["logit_scale"].mapped(.exponential)
  }

  /// The token embeddings of words, without positions: [n, D]
  package func wordVectors(_ words: Words) throws -> Tensor {
    switch words {
    case .tokens(let ids):
      if let tokenizer { return try text.embeddings(of: tokenizer.tokens(of: words)) }
      return try text.embeddings(of: ids)
    case .text:
      guard let tokenizer else { throw CLIPError.noVocabulary }
      return try text.embeddings(of: tokenizer.tokens(of: words))
    }
  }
}
