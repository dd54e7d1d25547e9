/// What a vocabulary consists of, as files keep it; a ``Tokenizer`` is made from it.
///
/// OpenAI's file is a list of merges, and ids follow from their order: the 256 bytes, the same at the
/// end of a word, one for each merge, then the start and the end of a text. Hugging Face's files name
/// the id of every symbol, may have further tokens, which stand in a text as they are, and clean a
/// text less than OpenAI does.
package struct Vocabulary: Equatable, Sendable {
  /// One line for each merge, two symbols and a space between them, below a first line that says
  /// nothing.
  package var merges: String
  /// The id of each symbol, where it does not follow from the merges.
  package var ids: [Symbol]?
  /// Further tokens.
  package var added: [AddedToken] = []
  /// The token at the start of a text.
  package var start = Self.startMark
  /// The token at the end of a text.
  package var end = Self.endMark
  /// The token behind the end, up to the length that a model reads; without one it is id 0.
  package var padding: String?
  /// What is done to a text before it is cut into words.
  package var cleaning = Cleaning.openAI

  /// A vocabulary whose ids follow from its merges.
  package init(merges: String) { self.merges = merges }

  /// A symbol and its id.
  package struct Symbol: Equatable, Sendable {
    /// In the alphabet of bytes.
    package let text: String
    /// Its number in the model.
    package let id: Int

    /// A symbol with its id.
    package init(_ text: String, _ id: Int) {
      self.text = text
      self.id = id
    }
  }

  /// A token that is found in a text as it stands.
  package struct AddedToken: Equatable, Sendable {
    /// What is looked for.
    package let text: String
    /// Its number in the model.
    package let id: Int
    /// Whether it is looked for in the cleaned text instead of the text as it was given.
    package let isNormalized: Bool
    /// Whether it counts only where no letter, digit or underscore touches it.
    package let isWord: Bool

    /// A token with its id.
    package init(_ text: String, _ id: Int, isNormalized: Bool = false, isWord: Bool = false) {
      self.text = text
      self.id = id
      self.isNormalized = isNormalized
      self.isWord = isWord
    }
  }

  /// How a text is made ready for cutting.
  package enum Cleaning: String, Sendable, CaseIterable {
    /// Repaired, HTML resolved, lower case with the final sigma; as models are trained.
    case openAI = "openai"
    /// Normal form C and lower case, scalar by scalar; as the library `tokenizers` does.
    case huggingFace = "hf"
  }

  static let startMark = "<|startoftext|>"
  static let endMark = "<|endoftext|>"
}

extension Vocabulary {
  /// The same vocabulary without its list of ids, if they are those that follow from the merges.
  package func simplified() throws(CLIPError) -> Vocabulary {
    guard let ids else { return self }
    var plain = self
    plain.ids = nil
    let symbols = try MergeTable(plain, limit: .max).symbols
    let marks = [AddedToken(start, symbols.count), AddedToken(end, symbols.count + 1)]
    var matching = 0
    var found = added.filter { marks.contains($0) }
    for symbol in ids {
      let mark = AddedToken(symbol.text, symbol.id)
      if marks.contains(mark) {
        found.append(mark)
      } else if symbols.has(symbol.text, at: symbol.id) {
        matching += 1
      } else {
        return self
      }
    }
    guard matching == symbols.count, marks.allSatisfy(found.contains) else { return self }
    plain.added.removeAll { marks.contains($0) }
    return plain
  }
}
