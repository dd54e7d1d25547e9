/// The classes of a task: names, or rows of tokens for a model without a vocabulary.
package enum Classes: Hashable, Sendable {
  case names([String])
  case tokens(TokenTable)

  package var count: Int {
    switch self {
    case .names(let names): names.count
    case .tokens(let table): table.rows.count
    }
  }

  /// What an error calls a class.
  func name(_ index: Int) -> String {
    switch self {
    case .names(let names): names[index]
    case .tokens: "row \(index)"
    }
  }

  /// The tokens of each class's name, as a prompt with learned rows spells it.
  package func nameTokens(_ tokenizer: Tokenizer?) throws(CLIPError) -> [[Int]] {
    switch self {
    case .tokens(let table):
      var names: [[Int]] = []
      for row in table.rows.indices { names.append(Array(try table.parts(row).name)) }
      return names
    case .names(let names):
      guard let tokenizer else { throw .noVocabulary }
      return names.map { tokenizer.name($0).name }
    }
  }

  /// `count` classes without a name, in the same vocabulary.
  package func nameless(_ count: Int) throws(CLIPError) -> Classes {
    switch self {
    case .names: .names([String](repeating: "", count: count))
    case .tokens(let table): .tokens(try table.nameless(count))
    }
  }
}

/// Prompts that were tokenised elsewhere: SOT, p₁ … p_n, the name's tokens, ".", EOT, padding.
///
/// Each row ends where the model reads it (``Pooling``). The p_i are words, or only keep the places of
/// learned rows. A row that is read as it stands, as a whole sentence, needs none of these parts.
package struct TokenTable: Hashable, Sendable {
  /// Each row up to its end-of-text token.
  package let rows: [[Int]]
  /// How many tokens each name has.
  package let nameLengths: [Int]

  /// ids: [C, L]; nameLengths: [C].
  package init(ids: [[Int]], nameLengths: [Int], pooling: Pooling = .largest) throws(CLIPError) {
    guard ids.count == nameLengths.count else {
      throw .tokens("\(ids.count) rows and \(nameLengths.count) name lengths")
    }
    var rows: [[Int]] = []
    for (index, row) in ids.enumerated() {
      guard !row.isEmpty else { throw .tokens("row \(index) is empty") }
      guard row.allSatisfy({ $0 >= 0 }) else { throw .tokens("row \(index) has a negative id") }
      guard let end = pooling.position(in: row) else {
        throw .tokens("row \(index) has \(pooling.absence)")
      }
      let length = nameLengths[index]
      guard length >= 0, length == 0 || length <= end - 2 else {
        throw .tokens("row \(index) has \(end + 1) tokens: too few for a name of \(length)")
      }
      rows.append(Array(row[...end]))
    }
    self.rows = rows
    self.nameLengths = nameLengths
  }

  /// What a row is made of.
  struct Parts {
    let start, words, name, ending: ArraySlice<Int>
  }

  /// A row as start of text, words, name, and the period with the end of text.
  func parts(_ index: Int) throws(CLIPError) -> Parts {
    let row = rows[index]
    let words = row.count - 3 - nameLengths[index]
    guard words >= 0 else {
      throw .tokens("row \(index) has \(row.count) tokens: too few for a prompt around a name")
    }
    return Parts(
      start: row[..<1], words: row[1..<1 + words],
      name: row[(1 + words)..<1 + words + nameLengths[index]], ending: row.suffix(2))
  }

  private init(rows: [[Int]], nameLengths: [Int]) {
    self.rows = rows
    self.nameLengths = nameLengths
  }

  /// Some of the classes, or all of them in another order.
  package func classes(at places: [Int]) -> TokenTable {
    TokenTable(rows: places.map { rows[$0] }, nameLengths: places.map { nameLengths[$0] })
  }

  /// The classes of both tables.
  package func joined(with other: TokenTable) -> TokenTable {
    TokenTable(rows: rows + other.rows, nameLengths: nameLengths + other.nameLengths)
  }

  /// `count` classes as the first one, but without a name.
  fileprivate func nameless(_ count: Int) throws(CLIPError) -> TokenTable {
    let parts = try parts(0)
    return TokenTable(
      rows: [[Int]](repeating: Array(parts.start + parts.words + parts.ending), count: count),
      nameLengths: [Int](repeating: 0, count: count))
  }
}

/// A few words given as text or as token ids.
package enum Words: Hashable, Sendable {
  case text(String)
  case tokens([Int])
}
