extension Parser {
  /// A statement, or `nil` when it is broken; then the parser stands at the next one.
  mutating func statementOrRecovery() -> Statement? {
    let start = index
    do throws(Abandoned) {
      let statement = try statement()
      try endStatement()
      return statement
    } catch {
      recover(from: start)
      return nil
    }
  }

  /// What ends a statement: a line break, a semicolon, or the end of the block.
  private mutating func endStatement() throws(Abandoned) {
    if take(.semicolon) { return }
    if kind == .end || at(.rightBrace) || token.isFirstOnLine { return }
    if kind == .invalid { throw Abandoned() }
    if case .keyword(.else) = kind { throw fail(.elseWithoutIf, token.span) }
    if case .keyword(.catch) = kind { throw fail(.catchWithoutTry, token.span) }
    if at(.assign) { throw fail(.notAssignable, token.span) }
    throw fail(.statementsOnOneLine(found: found), token.span)
  }

  /// Skips to the next line that is not inside braces, at least one token.
  ///
  /// A brace that the broken statement left open may be the very mistake, so a line that begins
  /// with a keyword ends the search there; a brace met on the way is taken to be closed.
  private mutating func recover(from start: Int) {
    lineBreaksCount = true
    var leftOpen = 0
    for skipped in start..<index {
      if tokens[skipped].kind == .mark(.leftBrace) { leftOpen += 1 }
      if tokens[skipped].kind == .mark(.rightBrace) { leftOpen = max(0, leftOpen - 1) }
    }
    if index == start { advance() }
    var met = 0
    while kind != .end {
      if token.isFirstOnLine, met == 0 {
        if leftOpen == 0 { return }
        if case .keyword(let keyword) = kind, keyword.beginsStatement { return }
      }
      if at(.leftBrace) { met += 1 }
      if at(.rightBrace) {
        if met > 0 {
          met -= 1
        } else if leftOpen > 0 {
          leftOpen -= 1
        } else {
          return
        }
      }
      advance()
    }
  }

  /// `{ statement … }`
  mutating func block() throws(Abandoned) -> Block {
    let opening = token.span
    try expect(.leftBrace)
    let statements = try nested(lineBreaksCount: true) { parser throws(Abandoned) in
      var statements: [Statement] = []
      while !parser.at(.rightBrace), parser.kind != .end {
        if let statement = parser.statementOrRecovery() { statements.append(statement) }
      }
      return statements
    }
    try expectClosing(.leftBrace, at: opening)
    return Block(statements, opening.joined(to: previousSpan))
  }

  private mutating func statement() throws(Abandoned) -> Statement {
    let start = token.span
    let kind = try statementKind()
    let span = start.joined(to: previousSpan)
    return Statement(kind: kind, span: span, depth: try grown(kind.depth, span))
  }

  private mutating func statementKind() throws(Abandoned) -> Statement.Kind {
    guard case .keyword(let keyword) = kind else {
      return try startsInclude ? include() : expressionOrAssignment()
    }
    switch keyword {
    case .import: return try importStatement()
    case .let, .var, .param, .frozen, .state: return try binding(keyword)
    case .fn:
      if case .word = peekKind(1) { return .function(try declaration(isModule: false)) }
      return try expressionOrAssignment()
    case .module: return .module(try declaration(isModule: true))
    case .return:
      advance()
      return .return(endsHere ? nil : try expression())
    case .break:
      advance()
      return .break
    case .continue:
      advance()
      return .continue
    case .throw:
      advance()
      return .throw(try expression())
    case .assert:
      advance()
      let condition = try expression()
      return .assert(condition, message: take(.comma) ? try expression() : nil)
    case .for: return try forStatement()
    case .while:
      advance()
      let condition = try expression()
      return .while(condition, try block())
    case .try: return try tryStatement()
    case .else: throw fail(.elseWithoutIf, token.span)
    case .catch: throw fail(.catchWithoutTry, token.span)
    default: return try expressionOrAssignment()
    }
  }

  private var endsHere: Bool {
    token.isFirstOnLine || kind == .end || at(.rightBrace) || at(.semicolon)
  }

  private mutating func forStatement() throws(Abandoned) -> Statement.Kind {
    advance()
    let pattern = try pattern()
    guard take(.in) else { throw failExpecting("`in`") }
    let sequence = try expression()
    return .for(pattern, in: sequence, try block())
  }

  private mutating func tryStatement() throws(Abandoned) -> Statement.Kind {
    advance()
    let body = try block()
    guard take(.catch) else { throw failExpecting("`catch` and a name") }
    let name = try name("a name for the error")
    return .try(body, name, try block())
  }

  // Expressions and assignments begin alike.

  private mutating func expressionOrAssignment() throws(Abandoned) -> Statement.Kind {
    if case .word = kind, let habit = habit() { throw habit }
    let left = try expression()
    guard case .mark(let mark) = kind, continuesLine, mark == .assign || mark.update != nil else {
      return .expression(left)
    }
    let target = try target(of: left)
    advance()
    return .assign(target, mark.update, try expression())
  }

  private mutating func target(of expression: Expression) throws(Abandoned) -> Target {
    var steps: [Target.Step] = []
    var base = expression
    while true {
      switch base.kind {
      case .name(let use):
        return Target(
          root: use, steps: steps.reversed(), span: expression.span, depth: expression.depth)
      case .member(let object, let word):
        steps.append(.member(word))
        base = object
      case .index(let object, let parts):
        steps.append(.index(parts, base.span))
        base = object
      default: throw fail(.notAssignable, expression.span)
      }
    }
  }

  /// A word that begins a statement in another language.
  private mutating func habit() -> Abandoned? {
    let habits = [
      "def": "fn", "func": "fn", "function": "fn", "const": "let", "elif": "else if",
      "elseif": "else if", "class": "module", "from": "import path: name", "raise": "throw",
      "except": "catch", "del": "", "lambda": "fn(x) => …", "foreach": "for", "local": "let",
    ]
    let text = file[token.span]
    guard let meant = habits[text] else { return nil }
    // Two words in a row, or `lambda x:`, are no expression of ours.
    switch peekKind(1) {
    case .word, .keyword, .string: break
    default: return nil
    }
    guard !tokens[min(index + 1, tokens.count - 1)].isFirstOnLine else { return nil }
    return fail(.foreignWord(text, meant: meant), token.span)
  }
}

extension Mark {
  /// The operator of `+=` and its like.
  fileprivate var update: Expression.Operator? {
    switch self {
    case .plusAssign: .arithmetic(.add)
    case .minusAssign: .arithmetic(.subtract)
    case .starAssign: .arithmetic(.multiply)
    case .slashAssign: .arithmetic(.divide)
    default: nil
    }
  }
}
