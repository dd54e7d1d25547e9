/// Tokens to a syntax tree, by recursive descent.
///
/// A line break ends a statement only where it counts. That is decided by the innermost delimiter:
/// inside parentheses, brackets and records it does not count, inside a block it does, even if the
/// block stands in brackets. `lineBreaksCount` is that delimiter. Behind an operator that wants an
/// operand the parser simply does not look.
///
/// A fault throws to the statement it happened in; the parser then skips to what looks like the
/// next statement and goes on, so that all faults of a text are found at once. A fault at the end
/// of the text is kept apart: at a prompt it means that more is to come.
struct Parser {
  let file: SourceFile
  let tokens: [Token]
  /// The texts of strings, which their tokens number.
  let texts: [String]
  let docs: [Lexer.DocComment]
  var facts: [Located<SyntaxFact>]
  var index = 0
  var lineBreaksCount = true
  var nesting = 0
  let nestingLimit: Int
  var nameCount = 0
  /// Whether the first fault is that the text ended too early.
  private(set) var isUnfinished = false

  /// Thrown to leave a statement; the fact has been recorded.
  struct Abandoned: Error {}

  init(_ file: SourceFile, nestingLimit: Int) {
    var lexer = Lexer(file)
    lexer.run()
    self.file = file
    self.nestingLimit = nestingLimit
    tokens = lexer.tokens
    texts = lexer.texts
    docs = lexer.docs
    facts = lexer.facts
    isUnfinished = lexer.facts.first?.fact == .unterminatedText
  }

  /// The result of parsing a whole text.
  struct Result {
    let program: Program
    let facts: [Located<SyntaxFact>]
    let isUnfinished: Bool
  }

  static func parse(_ file: SourceFile, nestingLimit: Int) -> Result {
    var parser = Parser(file, nestingLimit: nestingLimit)
    let program = parser.program()
    return Result(
      program: program, facts: parser.independentFacts(), isUnfinished: parser.isUnfinished)
  }

  private mutating func program() -> Program {
    let head = takeHeadDoc()
    var statements: [Statement] = []
    var isQuiet = false
    while kind != .end {
      if at(.rightBrace) {
        let (fact, span) = (found, token.span)
        record(.expected("a statement", found: fact), span)
        advance()
        continue
      }
      if let statement = statementOrRecovery() {
        statements.append(statement)
        isQuiet = tokens[index - 1].kind == .mark(.semicolon)
      }
    }
    let block = Block(statements, Span(0..<file.bytes.count), isQuiet: isQuiet)
    return Program(file: file, block: block, doc: head, nameCount: nameCount)
  }

  /// The `##` lines at the top of a file that an empty line separates from the rest.
  private mutating func takeHeadDoc() -> String? {
    guard let first = docs.first, first.standsAlone,
      tokens.first.map({ first.span.start < $0.span.start }) == true
    else { return nil }
    return first.text
  }

  /// The facts worth showing: what the parser trips over on a line that the lexer could not read is
  /// an echo.
  private func independentFacts() -> [Located<SyntaxFact>] {
    var lines: Set<Int> = []
    let sorted = facts.enumerated().sorted {
      ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset)
    }
    return sorted.map(\.element).filter { located in
      let related = located.related.map { file.line(at: $0.start) }
      if let related, related != file.line(at: located.span.start), lines.contains(related) {
        return false
      }
      return lines.insert(file.line(at: located.span.start)).inserted
    }
  }

  // The next token.

  var token: Token { tokens[index] }
  var kind: Token.Kind { tokens[index].kind }
  var previousSpan: Span { index > 0 ? tokens[index - 1].span : Span(0..<0) }

  func peekKind(_ distance: Int) -> Token.Kind {
    tokens[min(index + distance, tokens.count - 1)].kind
  }

  func at(_ mark: Mark) -> Bool { kind == .mark(mark) }
  func at(_ keyword: Keyword) -> Bool { kind == .keyword(keyword) }

  /// Whether the next token goes on with the expression before it.
  var continuesLine: Bool { !lineBreaksCount || !token.isFirstOnLine }

  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  mutating func take(_ mark: Mark) -> Bool {
    guard at(mark) else { return false }
    advance()
    return true
  }

  mutating func take(_ keyword: Keyword) -> Bool {
    guard at(keyword) else { return false }
    advance()
    return true
  }

  // Faults.

  mutating func record(_ fact: SyntaxFact, _ span: Span, related: Span? = nil) {
    if case .unfinished = fact, facts.isEmpty { isUnfinished = true }
    facts.append(Located(fact, span, related: related))
  }

  mutating func fail(_ fact: SyntaxFact, _ span: Span, related: Span? = nil) -> Abandoned {
    record(fact, span, related: related)
    return Abandoned()
  }

  /// Something else was needed here.
  mutating func failExpecting(_ what: String) -> Abandoned {
    switch kind {
    case .end: return fail(.unfinished(expected: what), token.span)
    case .invalid: return Abandoned()
    // What is missing is missing on the line before.
    case _ where token.isFirstOnLine && index > 0:
      return fail(.expected(what, found: "the end of the line"), previousSpan.after)
    default: return fail(.expected(what, found: found), token.span)
    }
  }

  /// The next token, as messages quote it.
  var found: String {
    switch kind {
    case .end: "the end of the text"
    case .string, .stringHead: "a string"
    default: "'\(file[token.span])'"
    }
  }

  mutating func expect(_ mark: Mark, _ what: String? = nil) throws(Abandoned) {
    guard take(mark) else { throw failExpecting(what ?? "`\(mark.rawValue)`") }
  }

  /// The closing one of a pair of brackets.
  mutating func expectClosing(_ opening: Mark, at span: Span) throws(Abandoned) {
    guard let closing = opening.closing else { return }
    if take(closing) { return }
    switch kind {
    case .end:
      throw fail(.unfinished(expected: "`\(closing.rawValue)`"), token.span, related: span)
    case .invalid: throw Abandoned()
    case .keyword(let keyword) where token.isFirstOnLine && keyword.beginsStatement:
      let found = "the end of the line"
      throw fail(.unclosed(opening, found: found), previousSpan.after, related: span)
    default: throw fail(.unclosed(opening, found: found), token.span, related: span)
    }
  }

  /// Runs a rule one level deeper, with line breaks counting or not.
  mutating func nested<Node>(
    lineBreaksCount inner: Bool, _ rule: (inout Parser) throws(Abandoned) -> Node
  ) throws(Abandoned) -> Node {
    let outer = lineBreaksCount
    nesting += 1
    defer {
      nesting -= 1
      lineBreaksCount = outer
    }
    guard nesting <= nestingLimit else { throw fail(.tooDeep(limit: nestingLimit), token.span) }
    lineBreaksCount = inner
    return try rule(&self)
  }

  /// Checks the depth of a node that grew without nested brackets, as `1 + 1 + …` does.
  mutating func grown(_ depth: Int, _ span: Span) throws(Abandoned) -> Int {
    guard depth < nestingLimit * 2 else { throw fail(.tooDeep(limit: nestingLimit * 2), span) }
    return depth + 1
  }

  // Words.

  /// A name that is declared: not a keyword.
  mutating func name(_ what: String) throws(Abandoned) -> Word {
    switch kind {
    case .word:
      let word = Word(text: file[token.span], span: token.span)
      advance()
      return word
    case .keyword(let keyword): throw fail(.keywordAsName(keyword.rawValue), token.span)
    default: throw failExpecting(what)
    }
  }

  /// Any word: behind a dot, or before a colon in a label or key.
  mutating func anyWord(_ what: String) throws(Abandoned) -> Word {
    switch kind {
    case .word, .keyword:
      let word = Word(text: file[token.span], span: token.span)
      advance()
      return word
    default: throw failExpecting(what)
    }
  }

  mutating func use(_ word: Word) -> NameUse {
    nameCount += 1
    return NameUse(text: word.text, span: word.span, id: nameCount - 1)
  }

  /// The doc comment above a token.
  func doc(of token: Token) -> String? {
    guard let number = token.doc else { return nil }
    // The first comment of a file that stands alone is the file's own.
    return number == 0 && docs[0].standsAlone && docs[0].span.start < tokens[0].span.start
      ? nil : docs[number].text
  }
}

/// A parsed text.
struct Program {
  let file: SourceFile
  let block: Block
  /// The comment at the head of the file.
  let doc: String?
  /// How many names it uses.
  let nameCount: Int
}
