package import CLIP
internal import Foundation
internal import Store

/// Where the vocabulary of a checkpoint comes from.
///
/// A folder's own files win: `tokenizer.json`, else `vocab.json` with `merges.txt`, else a list of merges
/// `bpe*.txt.gz`. Without them it is the file that `make vocab` gets, in the user's data folder or
/// where `DUET_VOCABULARY` says.
package enum TokenizerFiles {
  /// Bytes of a vocabulary file; the largest known ones have four million.
  static let mostBytes = 1 << 26
  /// Merges of the released models: their file has five times as many.
  static let releasedMerges = 48_894

  /// The tokenizer of a folder's own files; nil if it has none.
  package static func tokenizer(inFolder folder: String, cleaning: Vocabulary.Cleaning = .openAI)
    throws
    -> Tokenizer?
  {
    func file(_ name: String) -> String? {
      let path = "\(folder)/\(name)"
      return FileManager.default.fileExists(atPath: path) ? path : nil
    }
    let special = SpecialTokens(
      configuration: try file("tokenizer_config.json").map(object),
      map: try file("special_tokens_map.json").map(object))
    if let path = file("tokenizer.json") {
      return try tokenizer(path, cleaning) { try TokenizerDescription(json(path), special) }
    }
    if let ids = file("vocab.json"), let merges = file("merges.txt") {
      return try tokenizer(ids, cleaning) {
        try TokenizerDescription(
          ids: json(ids), merges: text(merges), added: file("added_tokens.json").map(json), special)
      }
    }
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    let lists = (names ?? []).filter { $0.hasPrefix("bpe") && $0.hasSuffix(".txt.gz") }.sorted()
    return try lists.first.map { try tokenizer(ofMerges: "\(folder)/\($0)", cleaning: cleaning) }
  }

  /// The tokenizer of a list of merges, compressed or not. Of OpenAI's list those count that the
  /// released models use.
  package static func tokenizer(ofMerges path: String, cleaning: Vocabulary.Cleaning = .openAI)
    throws
    -> Tokenizer
  {
    var vocabulary = Vocabulary(merges: try text(path))
    vocabulary.cleaning = cleaning
    return try damaged(path) { () throws(CLIPError) in
      try Tokenizer(vocabulary, limit: releasedMerges)
    }
  }

  /// The user's own vocabulary; nil if there is none.
  package static func usersTokenizer(cleaning: Vocabulary.Cleaning = .openAI) throws -> Tokenizer? {
    let path = usersPath
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try tokenizer(ofMerges: path, cleaning: cleaning)
  }

  /// Where the user's vocabulary is looked for.
  package static var usersPath: String {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment["DUET_VOCABULARY"], !path.isEmpty { return path }
    let home = FileManager.default.homeDirectoryForCurrentUser.path
    let data = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return "\(data ?? "\(home)/.local/share")/duet/bpe_simple_vocab_16e6.txt.gz"
  }

  private static func tokenizer(
    _ path: String, _ cleaning: Vocabulary.Cleaning, _ read: () throws -> TokenizerDescription
  ) throws -> Tokenizer {
    do {
      var vocabulary = try read().vocabulary
      vocabulary.cleaning = cleaning
      return try damaged(path) { () throws(CLIPError) in
        try Tokenizer(vocabulary.simplified())
      }
    } catch let fault as StoreError.Fault {
      throw StoreError(file: path, fault)
    }
  }

  private static func damaged<Result>(_ path: String, _ body: () throws(CLIPError) -> Result) throws
    -> Result
  {
    do throws(CLIPError) {
      return try body()
    } catch {
      if case .vocabulary(let what) = error { throw StoreError(file: path, .damaged(what)) }
      throw error
    }
  }

  private static func json(_ path: String) throws -> JSON {
    try JSON(reading: path, limit: mostBytes)
  }

  private static func object(_ path: String) throws -> JSON {
    let json = try json(path)
    guard json.object != nil else { throw StoreError(file: path, .damaged("it is no object")) }
    return json
  }

  private static func text(_ path: String) throws -> String {
    let bytes = try Gzip.bytes(of: path, limit: mostBytes)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StoreError(file: path, .damaged("it is not UTF-8"))
    }
    return text
  }
}
