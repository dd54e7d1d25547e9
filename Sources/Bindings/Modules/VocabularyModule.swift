internal import CLIP
internal import Foundation
internal import Language

/// Vocabularies: learned from texts, or those of checkpoints.
extension Engine {
  func vocabularyNatives() -> [Native] {
    [
      Native(
        "train_vocabulary(texts: List, merges: Int) -> Vocabulary",
        "Learns a byte-pair vocabulary in CLIP's format; each word counts with the square root of its "
          + "frequency.",
        example: "train_vocabulary([\"aa ab\"], 10).encode(\"aa\")\n[512]"
      ) { arguments in
        Value(
          VocabularyValue(
            try Tokenizer.trained(on: try arguments.strings(0), limit: try arguments.int(1))))
      },
      Native(
        "load_vocabulary(path: String? = nil, cleaning: String = \"openai\") -> Vocabulary",
        """
        A vocabulary from a checkpoint's folder or a list of merges; without a path the user's own, \
        which `make vocab` gets. `cleaning` is "openai", as models are trained, or "hf", as Hugging \
        Face's library cleans a text.
        """
      ) { try Self.loadVocabulary($0) },
    ]
  }

  private static func loadVocabulary(_ arguments: borrowing Arguments) throws -> Value {
    guard let cleaning = Vocabulary.Cleaning(rawValue: try arguments.string(1)) else {
      throw arguments.fault(1, "must be \"openai\" or \"hf\"")
    }
    guard let path = try arguments.optionalString(0) else {
      guard let tokenizer = try TokenizerFiles.usersTokenizer(cleaning: cleaning) else {
        throw Fault(
          "file", "there is no vocabulary at \(TokenizerFiles.usersPath)",
          help: "`make vocab` gets it; or give a path")
      }
      return Value(VocabularyValue(tokenizer))
    }
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      isFolder.boolValue
    else {
      return Value(
        VocabularyValue(try TokenizerFiles.tokenizer(ofMerges: path, cleaning: cleaning)))
    }
    guard let tokenizer = try TokenizerFiles.tokenizer(inFolder: path, cleaning: cleaning) else {
      throw arguments.fault(
        0, "is a folder without a vocabulary",
        help: "`tokenizer.json`, `vocab.json` with `merges.txt`, or a list of merges bpe*.txt.gz")
    }
    return Value(VocabularyValue(tokenizer))
  }
}
