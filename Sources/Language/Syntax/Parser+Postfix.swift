extension Parser {
  /// A primary expression with members, calls and indices behind it.
  mutating func postfix() throws(Abandoned) -> Expression {
    var base = try primary()
    while true {
      // A dot may begin the next line.
      if at(.dot) {
        advance()
        let word = try anyWord("the name of a member")
        base = try node(.member(base, word), base.span.joined(to: word.span), base)
      } else if continuesLine, at(.leftParen) {
        base = try call(base)
      } else if continuesLine, at(.leftBracket) {
        let (parts, depth) = try indexParts()
        base = try node(
          .index(base, parts), base.span.joined(to: previousSpan), depth: max(base.depth, depth))
      } else {
        return base
      }
    }
  }

  private mutating func call(_ callee: Expression) throws(Abandoned) -> Expression {
    let opening = token.span
    advance()
    let arguments = try nested(lineBreaksCount: false) { parser throws(Abandoned) in
      var arguments: [Expression.Argument] = []
      while !parser.at(.rightParen) {
        arguments.append(try parser.argument(after: arguments))
        if !parser.take(.comma) { break }
      }
      return arguments
    }
    try expectClosing(.leftParen, at: opening)
    let depth = arguments.map(\.value.depth).max() ?? 0
    return try node(
      .call(callee, arguments, isPiped: false), callee.span.joined(to: previousSpan),
      depth: max(callee.depth, depth))
  }

  private mutating func argument(
    after others: [Expression.Argument]
  ) throws(Abandoned) -> Expression.Argument {
    guard isWord(kind), peekKind(1) == .mark(.colon) else {
      let value = try expression()
      if others.last?.label != nil { throw fail(.positionalAfterLabel, value.span) }
      return Expression.Argument(label: nil, value: value)
    }
    let label = try anyWord("a label")
    advance()
    if let first = others.first(where: { $0.label?.text == label.text }) {
      throw fail(.labelTwice(label.text), label.span, related: first.label?.span)
    }
    return Expression.Argument(label: label, value: try expression())
  }

  private func isWord(_ kind: Token.Kind) -> Bool {
    switch kind {
    case .word, .keyword: true
    default: false
    }
  }

  // [0]   [:, 1:4]   [..., -1]   [::2]

  private mutating func indexParts() throws(Abandoned) -> ([Expression.Part], depth: Int) {
    let opening = token.span
    advance()
    var depth = 0
    let parts = try nested(lineBreaksCount: false) { parser throws(Abandoned) in
      var parts: [Expression.Part] = []
      while !parser.at(.rightBracket) {
        parts.append(try parser.part(&depth))
        if !parser.take(.comma) { break }
      }
      return parts
    }
    try expectClosing(.leftBracket, at: opening)
    if parts.isEmpty { throw fail(.emptyIndex, opening.joined(to: previousSpan)) }
    return (parts, depth)
  }

  private mutating func part(_ depth: inout Int) throws(Abandoned) -> Expression.Part {
    let start = token.span
    if isLoneEllipsis {
      advance()
      return .ellipsis(start)
    }
    let first = try boundary(&depth)
    guard take(.colon) else {
      guard let first else { throw failExpecting("an index") }
      return .value(first)
    }
    let stop = try boundary(&depth)
    let step = take(.colon) ? try boundary(&depth) : nil
    return .slice(start: first, stop: stop, step: step, start.joined(to: previousSpan))
  }

  private mutating func boundary(_ depth: inout Int) throws(Abandoned) -> Expression? {
    if at(.colon) || at(.comma) || at(.rightBracket) { return nil }
    let expression = try expression()
    depth = max(depth, expression.depth)
    return expression
  }

  /// `...` as an element of a list or index, not as the operator of a range.
  private var isLoneEllipsis: Bool {
    guard at(.ellipsis) else { return false }
    return peekKind(1) == .mark(.comma) || peekKind(1) == .mark(.rightBracket)
  }

  // Primary expressions

  private mutating func primary() throws(Abandoned) -> Expression {
    let span = token.span
    switch kind {
    case .int(let value): return literal(.int(value))
    case .float(let value): return literal(.float(value))
    case .intMinimumMagnitude:
      let failure = fail(.integerTooLarge, span)
      advance()
      throw failure
    case .string(let number): return literal(.string(texts[number]))
    case .stringHead: return try interpolation()
    case .word:
      let word = Word(text: file[span], span: span)
      advance()
      return leaf(.name(use(word)), span)
    case .keyword(let keyword): return try keywordExpression(keyword)
    case .mark(let mark): return try bracketed(mark)
    case .invalid:
      advance()
      throw Abandoned()
    case .end: throw failExpecting("an expression")
    }
  }

  private mutating func literal(_ kind: Expression.Kind) -> Expression {
    advance()
    return leaf(kind, previousSpan)
  }

  private mutating func keywordExpression(_ keyword: Keyword) throws(Abandoned) -> Expression {
    let start = token.span
    switch keyword {
    case .nil: return literal(.nil)
    case .true: return literal(.bool(true))
    case .false: return literal(.bool(false))
    case .if: return try conditional()
    case .fn:
      advance()
      if case .word = kind { throw fail(.expected("`(`", found: found), token.span) }
      let function = try function(nil, from: start, doc: nil, isModule: false)
      return try node(.function(function), function.span, depth: function.depth)
    case .noGrad:
      advance()
      let block = try block()
      return try node(.noGrad(block), start.joined(to: previousSpan), depth: block.depth)
    case .not: throw failExpecting("an operand; put `not …` in parentheses")
    default: throw failExpecting("an expression")
    }
  }

  private mutating func bracketed(_ mark: Mark) throws(Abandoned) -> Expression {
    let start = token.span
    switch mark {
    case .leftParen:
      advance()
      let inner = try nested(lineBreaksCount: false) { parser throws(Abandoned) in
        try parser.expression()
      }
      try expectClosing(.leftParen, at: start)
      return try node(inner.kind, start.joined(to: previousSpan), inner)
    case .leftBracket: return try list()
    case .leftBrace:
      if opensRecord { return try record() }
      let block = try block()
      return try node(.block(block), block.span, depth: block.depth)
    default: throw failExpecting("an expression")
    }
  }

  private mutating func list() throws(Abandoned) -> Expression {
    let opening = token.span
    advance()
    let items = try nested(lineBreaksCount: false) { parser throws(Abandoned) in
      var items: [Expression] = []
      while !parser.at(.rightBracket) {
        if parser.isLoneEllipsis {
          items.append(parser.literal(.ellipsis))
        } else {
          items.append(try parser.expression())
        }
        if !parser.take(.comma) { break }
      }
      return items
    }
    try expectClosing(.leftBracket, at: opening)
    return try node(
      .list(items), opening.joined(to: previousSpan), depth: items.map(\.depth).max() ?? 0)
  }

  /// `{}`, or `{` and a word or string and a colon: anything else opens a block.
  private var opensRecord: Bool {
    switch peekKind(1) {
    case .mark(.rightBrace): true
    case .word, .keyword, .string: peekKind(2) == .mark(.colon)
    default: false
    }
  }

  private mutating func record() throws(Abandoned) -> Expression {
    let opening = token.span
    advance()
    let fields = try nested(lineBreaksCount: false) { parser throws(Abandoned) in
      var fields: [Expression.Field] = []
      var keys: Set<String> = []
      while !parser.at(.rightBrace) {
        let key = try parser.key()
        if !keys.insert(key.text).inserted {
          let first = fields.first { $0.key.text == key.text }?.key.span
          throw parser.fail(.keyTwice(key.text), key.span, related: first)
        }
        try parser.expect(.colon, "`:` and a value")
        fields.append(Expression.Field(key: key, value: try parser.expression()))
        if !parser.take(.comma) { break }
      }
      return fields
    }
    try expectClosing(.leftBrace, at: opening)
    return try node(
      .record(fields), opening.joined(to: previousSpan),
      depth: fields.map(\.value.depth).max() ?? 0)
  }

  private mutating func key() throws(Abandoned) -> Word {
    if case .string(let number) = kind {
      advance()
      return Word(text: texts[number], span: previousSpan)
    }
    return try anyWord("a key")
  }

  private mutating func interpolation() throws(Abandoned) -> Expression {
    let start = token.span
    var pieces: [Expression] = []
    while true {
      switch kind {
      case .stringHead(let number):
        pieces.append(literal(.string(texts[number])))
        pieces.append(
          try nested(lineBreaksCount: false) { parser throws(Abandoned) in
            try parser.expression()
          })
      case .string(let number):
        pieces.append(literal(.string(texts[number])))
        return try node(
          .interpolation(pieces), start.joined(to: previousSpan),
          depth: pieces.map(\.depth).max() ?? 0)
      default: throw failExpecting("`)` of the interpolation")
      }
    }
  }

  private mutating func conditional() throws(Abandoned) -> Expression {
    let start = token.span
    advance()
    let condition = try expression()
    let then = try block()
    var otherwise: Block?
    if take(.else) {
      if at(.if) {
        let next = try nested(lineBreaksCount: lineBreaksCount) { parser throws(Abandoned) in
          try parser.conditional()
        }
        let statement = Statement(kind: .expression(next), span: next.span, depth: next.depth)
        otherwise = Block([statement], next.span)
      } else {
        otherwise = try block()
      }
    }
    let depth = max(condition.depth, then.depth, otherwise?.depth ?? 0)
    return try node(
      .conditional(condition, then: then, else: otherwise), start.joined(to: previousSpan),
      depth: depth)
  }
}
