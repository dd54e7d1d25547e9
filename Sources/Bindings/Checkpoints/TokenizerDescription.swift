internal import CLIP
internal import Store

/// A vocabulary as the files of Hugging Face describe it: `tokenizer.json`, or `vocab.json` with
/// `merges.txt`.
///
/// `tokenizer.json` is a program: what cleans a text, what cuts it, what joins it. Only CLIP's is known
/// here, and whatever differs from it is refused by name. What comes behind the ids (truncation,
/// padding, the way back to text) is Duet's own.
struct TokenizerDescription {
  let vocabulary: Vocabulary

  private typealias Fault = StoreError.Fault
  private static let mostAddedTokens = 10_000

  /// Reads `tokenizer.json`.
  init(_ file: JSON, _ special: SpecialTokens) throws(StoreError.Fault) {
    try Self.checkNormalizer(file["normalizer"])
    try Self.checkCutting(file["pre_tokenizer"])
    guard let model = file["model"] else { throw .damaged("it has no `model`") }
    try Self.checkModel(model)
    var lines = ["#version: 0.2"]
    for (number, merge) in (try Self.array(model["merges"], "merges")).enumerated() {
      let parts = merge.array?.compactMap(\.string)
      guard let line = merge.string ?? (parts?.count == 2 ? parts?.joined(separator: " ") : nil),
        !line.utf8.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
      else { throw .damaged("merge \(number) is not two symbols") }
      lines.append(line)
    }
    var vocabulary = Vocabulary(merges: lines.joined(separator: "\n"))
    vocabulary.ids = try Self.ids(model["vocab"], "vocab")
    if let added = file["added_tokens"], !added.isNull {
      vocabulary.added = try Self.added(added)
    }
    let ends = try Self.ends(file["post_processor"])
    vocabulary.start = special["bos_token"] ?? ends?.start ?? vocabulary.start
    vocabulary.end = special["eos_token"] ?? ends?.end ?? vocabulary.end
    if let ends, ends != (vocabulary.start, vocabulary.end) {
      throw .damaged("its post_processor does not put `bos_token` and `eos_token` around a text")
    }
    vocabulary.padding = special["pad_token"] ?? vocabulary.end
    self.vocabulary = vocabulary
  }

  /// Reads `vocab.json`, `merges.txt` and `added_tokens.json`.
  init(ids: JSON, merges: String, added: JSON?, _ special: SpecialTokens) throws(StoreError.Fault) {
    var vocabulary = Vocabulary(merges: merges)
    vocabulary.ids = try Self.ids(ids, "vocab.json")
    vocabulary.start = special["bos_token"] ?? vocabulary.start
    vocabulary.end = special["eos_token"] ?? vocabulary.end
    vocabulary.padding = special["pad_token"] ?? vocabulary.end
    if !special.added.isEmpty {
      vocabulary.added = try Self.tokens(special.added.map { (Int($0.name), $0.value) })
    } else if let added {
      let names = [vocabulary.start, vocabulary.end, vocabulary.padding]
      vocabulary.added = try Self.ids(added, "added_tokens.json").map {
        .init($0.text, $0.id, isNormalized: !names.contains($0.text))
      }
    }
    self.vocabulary = vocabulary
  }

  // MARK: - Lists

  private static func array(_ list: JSON?, _ name: String) throws(Fault) -> [JSON] {
    guard let list = list?.array else { throw .damaged("it has no list `\(name)`") }
    return list
  }

  /// The object `name`, from symbols to their ids.
  static func ids(_ list: JSON?, _ name: String) throws(StoreError.Fault) -> [Vocabulary.Symbol] {
    guard let members = list?.object else { throw .damaged("it has no object `\(name)`") }
    var symbols: [Vocabulary.Symbol] = []
    symbols.reserveCapacity(members.count)
    for member in members {
      guard let id = member.value.int else {
        throw .damaged("`\(member.name.prefix(40))` in `\(name)` has no id")
      }
      symbols.append(.init(member.name, id))
    }
    return symbols
  }

  /// A list of tokens with `id` and `content`.
  static func added(_ list: JSON) throws(StoreError.Fault) -> [Vocabulary.AddedToken] {
    try tokens(array(list, "added_tokens").map { ($0["id"]?.int, $0) })
  }

  private static func tokens(_ list: [(id: Int?, token: JSON)]) throws(Fault)
    -> [Vocabulary.AddedToken]
  {
    guard list.count <= mostAddedTokens else {
      throw .tooMany("added tokens", limit: mostAddedTokens)
    }
    var tokens: [Vocabulary.AddedToken] = []
    for (id, token) in list {
      guard let id, let content = token["content"]?.string else {
        throw .damaged("an added token has no id or no content")
      }
      // White space counts for nothing, so `lstrip` and `rstrip` do not matter.
      tokens.append(
        .init(
          content, id, isNormalized: token["normalized"]?.bool ?? false,
          isWord: token["single_word"]?.bool ?? false))
    }
    return tokens
  }

  // MARK: - What is accepted

  private static func kind(_ part: JSON?) -> String { part?["type"]?.string ?? "none" }

  /// NFC, runs of white space as one space, lower case.
  private static func checkNormalizer(_ part: JSON?) throws(Fault) {
    let steps = part?["normalizers"]?.array ?? []
    guard kind(part) == "Sequence", steps.map({ kind($0) }) == ["NFC", "Replace", "Lowercase"]
    else {
      let found =
        kind(part) == "Sequence" ? steps.map { kind($0) }.joined(separator: ", ") : kind(part)
      throw .unsupported("the normalizer \(found)")
    }
    guard steps[1]["pattern"]?["Regex"]?.string == "\\s+", steps[1]["content"]?.string == " " else {
      throw .unsupported("a normalizer that replaces something else than white space")
    }
  }

  /// Cut by CLIP's expression, then bytes.
  private static func checkCutting(_ part: JSON?) throws(Fault) {
    let steps = part?["pretokenizers"]?.array ?? []
    guard kind(part) == "Sequence", steps.map({ kind($0) }) == ["Split", "ByteLevel"] else {
      let found =
        kind(part) == "Sequence" ? steps.map { kind($0) }.joined(separator: ", ") : kind(part)
      throw .unsupported("the pre_tokenizer \(found)")
    }
    let marks = "<\\|startoftext\\|>|<\\|endoftext\\|>|"
    let words = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"
    let expression = steps[0]["pattern"]?["Regex"]?.string
    guard expression == words || expression == marks + words,
      steps[0]["behavior"]?.string == "Removed", steps[0]["invert"]?.bool == true
    else { throw .unsupported("a pre_tokenizer that splits in another way than CLIP's") }
    // The expression of ByteLevel cuts the marks, once more, to pieces.
    guard steps[1]["add_prefix_space"]?.bool == false,
      steps[1]["use_regex"]?.bool ?? true || expression == words
    else { throw .unsupported("a pre_tokenizer ByteLevel of another kind") }
  }

  private static func checkModel(_ model: JSON) throws(Fault) {
    guard model["type"]?.string ?? "BPE" == "BPE" else {
      throw .unsupported("the model \(Self.kind(model))")
    }
    guard model["end_of_word_suffix"]?.string == "</w>" else {
      throw .unsupported("a model without the end_of_word_suffix </w>")
    }
    guard model["continuing_subword_prefix"]?.string ?? "" == "" else {
      throw .unsupported("a model with a continuing_subword_prefix")
    }
    guard model["dropout"]?.double ?? 0 == 0 else { throw .unsupported("a model with dropout") }
    guard model["ignore_merges"]?.bool ?? false == false else {
      throw .unsupported("a model with ignore_merges")
    }
  }

  /// The tokens around a text.
  private static func ends(_ part: JSON?) throws(Fault) -> (start: String, end: String)? {
    guard let part, !part.isNull else { return nil }
    switch kind(part) {
    case "RobertaProcessing":
      if let start = part["cls"]?.array?.first?.string, let end = part["sep"]?.array?.first?.string
      {
        return (start, end)
      }
    case "TemplateProcessing":
      let parts = part["single"]?.array ?? []
      if parts.count == 3, let start = parts[0]["SpecialToken"]?["id"]?.string,
        parts[1]["Sequence"] != nil, let end = parts[2]["SpecialToken"]?["id"]?.string
      {
        return (start, end)
      }
    case "ByteLevel": return nil
    default: break
    }
    throw .unsupported("the post_processor \(kind(part))")
  }
}
