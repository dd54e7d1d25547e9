/// CLIP's byte-pair encoding.
///
/// A text is cleaned (``TextCleaning``), cut into words (letters, single digits, runs of other marks),
/// each word's UTF-8 bytes become symbols of the ``ByteAlphabet``, the last one with the mark
/// `</w>`, and neighbouring symbols are joined in the order in which the vocabulary's merges were
/// learned (``MergeTable``).
///
/// The start and the end of a text, spelt out in it, are tokens, too. OpenAI finds these two among the
/// words of the cleaned text, so in capitals as well; Hugging Face finds them, as any added token, in
/// the text as it was given.
package final class Tokenizer {
  package let startOfText: Int
  package let endOfText: Int
  /// What fills a row behind the end of a text.
  package let padding: Int
  private let given: Vocabulary
  private let table: MergeTable
  private let ids: TokenIDs
  /// The tokens that are looked for before and after cleaning.
  private let raw: TokenFinder
  private let clean: TokenFinder
  private let cutter: WordCutter
  private var known: [ArraySlice<UInt8>: [Int]] = [:]

  /// Makes a tokenizer from what files keep; the first `limit` merges count.
  package init(_ vocabulary: Vocabulary, limit: Int = .max) throws(CLIPError) {
    table = try MergeTable(vocabulary, limit: limit)
    ids = try TokenIDs(vocabulary, table.symbols)
    given = vocabulary
    startOfText = try ids.id(named: vocabulary.start, table.symbols)
    endOfText = try ids.id(named: vocabulary.end, table.symbols)
    padding =
      if let text = vocabulary.padding { try ids.id(named: text, table.symbols) } else { 0 }
    let special: [Vocabulary.AddedToken] = [
      .init(vocabulary.start, startOfText), .init(vocabulary.end, endOfText),
    ]
    cutter = WordCutter(special, vocabulary.cleaning)
    var added = vocabulary.added
    switch vocabulary.cleaning {
    case .openAI:
      let ids = ids
      added.removeAll { token in
        ids.symbol(of: token.id) != nil || special.contains { $0.id == token.id }
      }
    case .huggingFace:
      let id = padding
      let padding = vocabulary.padding.map { [Vocabulary.AddedToken($0, id)] } ?? []
      for token in special + padding where !added.contains(where: { $0.id == token.id }) {
        added.append(token)
      }
    }
    raw = TokenFinder(added.filter { !$0.isNormalized }) { Array($0.utf8) }
    clean = TokenFinder(added.filter(\.isNormalized)) {
      TextCleaning.cleaned($0, vocabulary.cleaning)
    }
  }

  /// Reads CLIP's file of merges, of which the first `limit` count. The file of the released models
  /// holds five times as many as those use.
  package convenience init(merges text: String, limit: Int = .max) throws(CLIPError) {
    try self.init(Vocabulary(merges: text), limit: limit)
  }

  /// What a file keeps of this tokenizer: ``init(_:limit:)`` makes an equal one from it.
  package var vocabulary: Vocabulary {
    var result = given
    result.merges =
      "#version: 0.2\n" + table.merges.map { "\($0.left) \($0.right)\n" }.joined()
    return result
  }

  /// One more than the largest id.
  package var count: Int { ids.count }

  /// How texts are cleaned.
  package var cleaning: Vocabulary.Cleaning { given.cleaning }

  /// The ids of a text, without its ends.
  package func encode(_ text: String) -> [Int] {
    guard !raw.isEmpty else { return encode(part: text) }
    let bytes = Array(text.utf8)
    return raw.parts(of: bytes).flatMap { part in
      switch part {
      case .token(let id): [id]
      case .text(let range): encode(part: String(decoding: bytes[range], as: UTF8.self))
      }
    }
  }

  private func encode(part text: String) -> [Int] {
    let bytes = TextCleaning.cleaned(text, cleaning)
    guard !clean.isEmpty else { return encode(words: bytes) }
    return clean.parts(of: bytes).flatMap { part in
      switch part {
      case .token(let id): [id]
      case .text(let range): encode(words: Array(bytes[range]))
      }
    }
  }

  private func encode(words text: [UInt8]) -> [Int] {
    var result: [Int] = []
    for word in cutter.words(in: text) { result += encode(word: text[word]) }
    return result
  }

  private func encode(word: ArraySlice<UInt8>) -> [Int] {
    if let found = known[word] { return found }
    if cleaning == .openAI, let mark = cutter.marks.token(word) { return [mark] }
    let result = table.joined(table.start(of: word)).map(ids.id(of:))
    // Long words are rare, and could fill the memory.
    if known.count < 1 << 16, word.count < 128 { known[ArraySlice(Array(word))] = result }
    return result
  }

  /// The row of a text: start, ids, end, then padding up to `length`.
  ///
  /// Throws ``CLIPError/textTooLong(_:tokens:limit:)`` unless a longer text is cut, so that the end is
  /// the last token of the row.
  package func row(of text: String, length: Int, truncated: Bool = false) throws(CLIPError) -> [Int]
  {
    var row = [startOfText] + encode(text) + [endOfText]
    if row.count > length {
      guard truncated, length > 0 else {
        throw .textTooLong(text, tokens: row.count, limit: length)
      }
      row.removeSubrange(length...)
      row[length - 1] = endOfText
    }
    return row + [Int](repeating: padding, count: length - row.count)
  }

  /// The text of ids: words with a space after each. Bytes that are no UTF-8 become U+FFFD.
  ///
  /// Throws ``CLIPError/tokens(_:)`` for an id outside the vocabulary.
  package func decode(_ ids: [Int]) throws(CLIPError) -> String {
    try check(ids)
    var bytes: [UInt8] = []
    for id in ids {
      if let text = self.ids.text(of: id) {
        bytes += text.utf8
      } else if let number = self.ids.symbol(of: id) {
        let symbol = table.symbols[number]
        bytes += ByteAlphabet.bytes(of: symbol) ?? Array(symbol)
      }
    }
    // Among bytes: in a text, an accent that begins the next word would belong to the mark.
    return String(decoding: bytes.replacing(MergeTable.wordEnd, with: [32]), as: UTF8.self)
  }

  /// Throws ``CLIPError/tokens(_:)`` for an id outside the vocabulary.
  func check(_ ids: [Int]) throws(CLIPError) {
    for id in ids where self.ids.text(of: id) == nil && self.ids.symbol(of: id) == nil {
      throw .tokens("id \(id) is outside the vocabulary of \(count)")
    }
  }
}
