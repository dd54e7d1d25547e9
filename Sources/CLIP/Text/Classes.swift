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
    case .tokens(let table): return table.rows.indices.map { Array(table.name($0)) }
    case .names(let names):
      guard let tokenizer else { throw .noVocabulary }
      return names.map { tokenizer.name($0).name }
    }
  }

  /// `count` classes without a name, in the same vocabulary.
  package func nameless(_ count: Int) -> Classes {
    switch self {
    case .names: .names([String](repeating: "", count: count))
    case .tokens(let table): .tokens(table.nameless(count))
    }
  }
}

/// Prompts that were tokenised elsewhere: SOT, p₁ … p_n, the name's tokens, ".", EOT, padding.
///
/// The end is the largest id of a row. The p_i are words, or only keep the places of learned rows.
package struct TokenTable: Hashable, Sendable {
  /// Each row up to its end-of-text token.
  package let rows: [[Int]]
  /// How many tokens each name has.
  package let nameLengths: [Int]

  /// ids: [C, L]; nameLengths: [C].
  package init(ids: [[Int]], nameLengths: [Int]) throws(CLIPError) {
    guard ids.count == nameLengths.count else {
      throw .tokens("\(ids.count) rows and \(nameLengths.count) name lengths")
    }
    var rows: [[Int]] = []
    for (index, row) in ids.enumerated() {
      guard let largest = row.max(), let end = row.firstIndex(of: largest) else {
        throw .tokens("row \(index) is empty")
      }
      guard row.allSatisfy({ $0 >= 0 }) else { throw .tokens("row \(index) has a negative id") }
      guard nameLengths[index] >= 0, nameLengths[index] <= end - 2 else {
        throw .tokens(
          "row \(index) has \(end + 1) tokens: too few for a name of \(nameLengths[index])")
      }
      rows.append(Array(row[...end]))
    }
    self.rows = rows
    self.nameLengths = nameLengths
  }

  /// How many tokens stand between the start of text and the name.
  func prefixLength(_ row: Int) -> Int { rows[row].count - 3 - nameLengths[row] }

  func name(_ row: Int) -> ArraySlice<Int> {
    let start = 1 + prefixLength(row)
    return rows[row][start..<start + nameLengths[row]]
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
  fileprivate func nameless(_ count: Int) -> TokenTable {
    let row = rows[0].prefix(1 + prefixLength(0)) + ending(0)
    return TokenTable(
      rows: [[Int]](repeating: Array(row), count: count),
      nameLengths: [Int](repeating: 0, count: count))
  }

  /// The period and the end of text.
  func ending(_ row: Int) -> ArraySlice<Int> { rows[row].suffix(2) }
}

/// A few words given as text or as token ids.
package enum Words: Hashable, Sendable {
  case text(String)
  case tokens([Int])
}
