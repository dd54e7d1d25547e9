/// The ids of a vocabulary: those of its symbols, and of the tokens that are no symbols.
struct TokenIDs {
  /// The id of each symbol, unless it is the symbol's number.
  private let listed: [Int]?
  /// The number of each listed id.
  private let numbers: [Int: Int]
  private let symbolCount: Int
  /// The texts of the tokens that are no symbols.
  private let texts: [Int: String]
  /// One more than the largest id.
  let count: Int

  init(_ vocabulary: Vocabulary, _ symbols: SymbolTable) throws(CLIPError) {
    listed = vocabulary.ids?.map(\.id)
    symbolCount = symbols.count
    var numbers: [Int: Int] = [:]
    for (number, id) in (listed ?? []).enumerated() {
      try Self.check(id)
      guard numbers.updateValue(number, forKey: id) == nil else { throw Self.twice(id) }
    }
    var texts: [Int: String] = [:]
    for token in vocabulary.added {
      try Self.check(token.id)
      guard texts.updateValue(token.text, forKey: token.id) == nil else {
        throw Self.twice(token.id)
      }
      let number = listed == nil ? token.id : numbers[token.id] ?? symbols.count
      guard number >= symbols.count || symbols.has(token.text, at: number) else {
        throw Self.twice(token.id)
      }
    }
    if listed == nil {
      for (place, mark) in [vocabulary.start, vocabulary.end].enumerated()
      where !texts.values.contains(mark) {
        let id = symbols.count + place
        guard texts.updateValue(mark, forKey: id) == nil else { throw Self.twice(id) }
      }
    }
    self.numbers = numbers
    self.texts = texts
    let largest = listed == nil ? symbols.count - 1 : numbers.keys.max() ?? -1
    count = max(largest, texts.keys.max() ?? -1) + 1
  }

  private static func check(_ id: Int) throws(CLIPError) {
    guard id >= 0, id < 1 << 31 else { throw .vocabulary("\(id) is no id") }
  }

  private static func twice(_ id: Int) -> CLIPError { .vocabulary("the id \(id) is given twice") }

  /// The id of a symbol.
  func id(of number: Int) -> Int { listed?[number] ?? number }

  /// The number of the symbol that has an id.
  func symbol(of id: Int) -> Int? {
    listed == nil ? ((0..<symbolCount).contains(id) ? id : nil) : numbers[id]
  }

  /// The text of a token that is no symbol.
  func text(of id: Int) -> String? { texts[id] }

  /// The id of a token that a vocabulary names.
  func id(named text: String, _ symbols: SymbolTable) throws(CLIPError) -> Int {
    if let added = texts.first(where: { $0.value == text }) { return added.key }
    guard let number = symbols.number(of: Array(text.utf8)[...]) else {
      throw .vocabulary("`\(text.prefix(40))` has no id")
    }
    return id(of: number)
  }
}
