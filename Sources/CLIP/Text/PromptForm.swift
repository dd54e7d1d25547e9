/// How a class becomes a row of tokens and learned rows.
package enum PromptForm: Hashable, Sendable {
  /// The text as it is given: a whole sentence.
  case plain
  /// SOT, `count` learned rows, name, ".", EOT; the learned rows are shared by all classes, or each
  /// class has its own. With `shiftsNames` each class adds a learned vector to the rows of its name.
  case context(count: Int, perClass: Bool, position: Position, shiftsNames: Bool = false)
  /// SOT, words, name, ".", EOT, where the first `learned` rows of the words are learned and deeper
  /// blocks may replace the first `rows`. Where there are fewer words than that, `rows` placeholders
  /// "X" stand instead of them.
  case words(Words?, learned: Int, rows: Int)

  /// Where the name stands among the learned rows.
  package enum Position: String, Hashable, Sendable, CaseIterable {
    case end, middle, front
  }
}

/// Where one row of a prompt comes from.
enum RowSource: Hashable {
  case token(Int)
  /// A token whose embedding is moved by a learned vector of its class.
  case shifted(Int, class: Int)
  /// A row of the learned matrix; those of class-specific contexts lie one class after the other.
  case learned(Int)

  /// Whether it is a token as it stands in the vocabulary.
  var isToken: Bool { if case .token = self { true } else { false } }

  /// The number of the learned row, if it is one.
  var learned: Int? { if case .learned(let row) = self { row } else { nil } }

  /// The token, if it is one.
  var token: Int? {
    switch self {
    case .token(let id), .shifted(let id, _): id
    case .learned: nil
    }
  }
}

extension PromptForm {
  /// The numbers of rows that a prompt asks for.
  private var counts: [Int] {
    switch self {
    case .plain: []
    case .context(let count, _, _, _): [count]
    case .words(_, let learned, let rows): [learned, rows]
    }
  }

  /// The rows of each class, from the start of text to the row that is read, of which a text may have as
  /// many as the model reads.
  func sequences(_ classes: Classes, _ tokenizer: Tokenizer?, _ architecture: Architecture)
    throws(CLIPError) -> [[RowSource]]
  {
    let limit = architecture.contextLength
    guard classes.count > 0 else { throw .noClasses }
    for count in counts where count < 0 || count > limit {
      guard count < 0 else {
        // Start of text, full stop and end of text at least.
        throw .textTooLong(classes.name(0), tokens: min(count, .max - 3) + 3, limit: limit)
      }
      throw .tokens("\(count) prompt rows")
    }
    var sequences: [[RowSource]] = []
    for index in 0..<classes.count {
      let parts = try Parts(classes, index, self, tokenizer)
      var sequence = parts.assembled(self, index)
      // A name may spell the end of text, and then the row that is read is not the last one.
      let pooling = architecture.pooling
      guard let end = pooling.position(in: sequence.map(\.token)) else {
        throw .tokens("\(classes.name(index)) has \(pooling.absence)")
      }
      sequence.removeSubrange((end + 1)...)
      sequences.append(sequence)
      if sequences[index].count > limit {
        throw .textTooLong(classes.name(index), tokens: sequences[index].count, limit: limit)
      }
    }
    return sequences
  }

  /// What a class's prompt is made of.
  private struct Parts {
    var start: [Int] = []
    /// What stands before the name, where it is not learned.
    var words: [Int] = []
    var name: [Int] = []
    var ending: [Int] = []

    init(_ classes: Classes, _ index: Int, _ form: PromptForm, _ tokenizer: Tokenizer?)
      throws(CLIPError)
    {
      switch classes {
      case .tokens(let table):
        guard form != .plain else {
          start = table.rows[index]
          return
        }
        let parts = try table.parts(index)
        (start, words) = (Array(parts.start), Array(parts.words))
        (name, ending) = (Array(parts.name), Array(parts.ending))
      case .names(let names):
        guard let tokenizer else { throw .noVocabulary }
        start = [tokenizer.startOfText]
        ending = [tokenizer.endOfText]
        if form == .plain {
          name = tokenizer.encode(names[index])
        } else {
          let (own, period) = tokenizer.name(names[index])
          name = own
          ending = period + ending
        }
        if case .words(let given, _, let rows) = form {
          words = if let given { try tokenizer.tokens(of: given) } else { [] }
          if words.count < rows {
            words = [Int](repeating: tokenizer.encode("X").first ?? 0, count: rows)
          }
        }
      }
    }

    func assembled(_ form: PromptForm, _ index: Int) -> [RowSource] {
      let tokens = { (ids: [Int]) in ids.map(RowSource.token) }
      switch form {
      case .plain:
        return tokens(start + words + name + ending)
      case .words(_, let learned, _):
        let rest = words.dropFirst(learned)
        return tokens(start) + (0..<learned).map(RowSource.learned)
          + tokens(Array(rest) + name + ending)
      case .context(let count, let perClass, let position, let shiftsNames):
        let name = name.map { shiftsNames ? .shifted($0, class: index) : RowSource.token($0) }
        let rows = (0..<count).map { RowSource.learned(perClass ? index * count + $0 : $0) }
        let before =
          switch position {
          case .end: count
          case .middle: count / 2
          case .front: 0
          }
        return tokens(start) + rows[..<before] + name + rows[before...] + tokens(ending)
      }
    }
  }
}

extension Tokenizer {
  /// The ids of a class's name, in which underscores are spaces, and of the period behind it.
  func name(_ name: String) -> (name: [Int], period: [Int]) {
    let plain = name.replacing("_", with: " ")
    let both = encode("\(plain).")
    let count = encode(plain).count
    return (Array(both.prefix(count)), Array(both.dropFirst(count)))
  }

  /// The ids of words.
  package func tokens(of words: Words) throws(CLIPError) -> [Int] {
    switch words {
    case .text(let text): return encode(text)
    case .tokens(let ids):
      try check(ids)
      return ids
    }
  }
}
