/// The symbols of a vocabulary, and which neighbours are joined into which.
///
/// Symbols have numbers of their own; where ids follow from the merges, these are the ids.
struct MergeTable {
  let symbols: SymbolTable
  /// The number of what each merge makes, and how many bytes of it are the left symbol.
  private let products: [(number: Int, split: Int)]
  /// The rank of the merge of two neighbours.
  private let ranks: [UInt64: Int]
  /// The number of each byte inside a word, and at its end.
  private let inside: [Int]
  private let atEnd: [Int]

  static let wordEnd = Array("</w>".utf8)

  init(_ vocabulary: Vocabulary, limit: Int) throws(CLIPError) {
    let lines = try MergeLines(vocabulary.merges.utf8, limit: limit)
    try self.init(lines, vocabulary.ids)
  }

  private init(_ lines: MergeLines, _ listed: [Vocabulary.Symbol]?) throws(CLIPError) {
    let symbols = listed.map(Self.listed) ?? Self.following(lines)
    var products: [(number: Int, split: Int)] = []
    var ranks: [UInt64: Int] = [:]
    products.reserveCapacity(lines.merges.count)
    ranks.reserveCapacity(lines.merges.count)
    for (rank, merge) in lines.merges.enumerated() {
      let (left, right) = (lines.text[merge.left], lines.text[merge.right])
      let joined = (left + right)[...]
      guard let product = symbols.number(of: joined) else { throw Self.missing(joined) }
      products.append((product, left.count))
      // Without a list, a merge of what nothing makes is useless, no more.
      guard let first = symbols.number(of: left), let second = symbols.number(of: right) else {
        if listed != nil { throw Self.missing(symbols.number(of: left) == nil ? left : right) }
        continue
      }
      ranks[Self.pair(first, second)] = rank
    }
    func numbers(_ ending: [UInt8]) throws(CLIPError) -> [Int] {
      var result: [Int] = []
      for spelling in ByteAlphabet.spellings {
        let symbol = (spelling + ending)[...]
        guard let number = symbols.number(of: symbol) else { throw Self.missing(symbol) }
        result.append(number)
      }
      return result
    }
    inside = try numbers([])
    atEnd = try numbers(Self.wordEnd)
    self.symbols = symbols
    self.products = products
    self.ranks = ranks
  }

  private static func missing(_ symbol: ArraySlice<UInt8>) -> CLIPError {
    .vocabulary("`\(String(decoding: symbol, as: UTF8.self).prefix(40))` has no id")
  }

  private static func listed(_ symbols: [Vocabulary.Symbol]) -> SymbolTable {
    SymbolTable(count: symbols.count) { $1 += symbols[$0].text.utf8 }
  }

  /// The bytes, the bytes at the end of a word, and what the merges make.
  private static func following(_ lines: MergeLines) -> SymbolTable {
    SymbolTable(count: 512 + lines.merges.count) { number, text in
      if number < 512 {
        text += ByteAlphabet.spellings[Int(ByteAlphabet.order[number % 256])]
        if number >= 256 { text += wordEnd }
      } else {
        let merge = lines.merges[number - 512]
        text += lines.text[merge.left]
        text += lines.text[merge.right]
      }
    }
  }

  private static func pair(_ left: Int, _ right: Int) -> UInt64 {
    UInt64(left) << 32 | UInt64(right)
  }

  /// The rank of the merge of two neighbours, if they are ever joined.
  func rank(_ left: Int, _ right: Int) -> Int? { ranks[Self.pair(left, right)] }

  /// What a merge makes.
  func product(of rank: Int) -> Int { products[rank].number }

  /// The numbers of a word's bytes, from which joining starts.
  func start(of word: ArraySlice<UInt8>) -> [Int] {
    var numbers = word.map { inside[Int($0)] }
    if let last = word.last { numbers[numbers.count - 1] = atEnd[Int(last)] }
    return numbers
  }

  /// The two symbols of each merge, in order.
  var merges: [(left: String, right: String)] {
    products.map { product in
      let joined = symbols[product.number]
      return (
        String(decoding: joined.prefix(product.split), as: UTF8.self),
        String(decoding: joined.dropFirst(product.split), as: UTF8.self)
      )
    }
  }
}
