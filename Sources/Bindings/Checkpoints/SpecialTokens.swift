internal import CLIP
internal import Store

/// What `tokenizer_config.json` and `special_tokens_map.json` say about a tokenizer's special tokens.
struct SpecialTokens {
  private let files: [JSON]
  /// The tokens that `tokenizer_config.json` adds to a vocabulary.
  let added: [JSON.Member]

  init(configuration: JSON?, map: JSON?) {
    files = [configuration, map].compactMap { $0 }
    added = configuration?["added_tokens_decoder"]?.object ?? []
  }

  /// A token that one of the files names, as a text or as an object with its content.
  subscript(role: String) -> String? {
    files.lazy.compactMap { $0[role]?.string ?? $0[role]?["content"]?.string }.first
  }
}
