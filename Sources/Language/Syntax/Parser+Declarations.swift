extension Parser {
  // import layers: Linear, Other           import "own.duet" as own
  mutating func importStatement() throws(Abandoned) -> Statement.Kind {
    advance()
    let (kind, pathSpan, lastWord) = try importPath()
    var names: [Word] = []
    if take(.colon) {
      repeat { names.append(try name("a name that the file offers")) } while take(.comma)
    }
    var alias: Word?
    if at(.as) {
      if names.count > 1 { throw fail(.severalNamesRenamed, token.span) }
      advance()
      alias = try name("a name")
    }
    if names.isEmpty, alias == nil {
      guard let lastWord, Keyword(rawValue: lastWord.text) == nil else {
        throw fail(.importNeedsName(file[pathSpan]), pathSpan)
      }
      alias = lastWord
    }
    return .import(ImportNode(kind: kind, pathSpan: pathSpan, names: names, alias: alias))
  }

  private mutating func importPath() throws(Abandoned) -> (ImportRequest.Kind, Span, Word?) {
    let start = token.span
    if case .string(let number) = kind {
      let path = texts[number]
      advance()
      return (.file(path), start, Self.stem(of: path).map { Word(text: $0, span: start) })
    }
    var words = [try anyWord("a path such as `protocols.few_shot`, or a file name in quotes")]
    while take(.dot) { words.append(try anyWord("a word of the path")) }
    let span = start.joined(to: previousSpan)
    return (.library(words.map(\.text)), span, words.last)
  }

  /// `own` for `lib/own.duet`, if that is a name.
  private static func stem(of path: String) -> String? {
    let file = path.split(separator: "/").last ?? ""
    let stem = file.split(separator: ".").first.map(String.init) ?? ""
    let isName = stem.unicodeScalars.enumerated().allSatisfy { index, scalar in
      scalar == "_"
        || (index == 0 ? scalar.properties.isXIDStart : scalar.properties.isXIDContinue)
    }
    return isName && !stem.isEmpty && Keyword(rawValue: stem) == nil ? stem : nil
  }

  // let [a, b]: [n] = expr
  mutating func binding(_ keyword: Keyword) throws(Abandoned) -> Statement.Kind {
    let doc = doc(of: token)
    guard let role = BindingNode.Role(rawValue: keyword.rawValue) else { throw Abandoned() }
    advance()
    let pattern = try pattern()
    let contract = take(.colon) ? try contract() : nil
    try expect(.assign, "`=` and a value")
    let value = try expression()
    return .binding(
      BindingNode(role: role, pattern: pattern, contract: contract, value: value, doc: doc))
  }

  /// Whether an `include` statement begins: the word is a name like any other elsewhere, but two
  /// names in a row are no expression.
  var startsInclude: Bool {
    guard case .word = kind, file[token.span] == ContextualWord.include, case .word = peekKind(1)
    else { return false }
    return !tokens[index + 1].isFirstOnLine
  }

  // include name: contract = expr
  mutating func include() throws(Abandoned) -> Statement.Kind {
    let doc = doc(of: token)
    advance()
    let word = try name("a name")
    let contract = take(.colon) ? try contract() : nil
    try expect(.assign, "`=` and a module")
    return .binding(
      BindingNode(
        role: .include, pattern: Pattern(kind: .name(word), span: word.span), contract: contract,
        value: try expression(), doc: doc))
  }

  mutating func pattern() throws(Abandoned) -> Pattern {
    let start = token.span
    switch kind {
    case .mark(.leftBracket):
      let words = try patternWords(.leftBracket)
      return Pattern(kind: .list(words), span: start.joined(to: previousSpan))
    case .mark(.leftBrace):
      let words = try patternWords(.leftBrace)
      return Pattern(kind: .record(words), span: start.joined(to: previousSpan))
    default:
      let word = try name("a name")
      return Pattern(kind: .name(word), span: word.span)
    }
  }

  private mutating func patternWords(_ opening: Mark) throws(Abandoned) -> [Word] {
    let start = token.span
    advance()
    let words = try nested(lineBreaksCount: false) { parser throws(Abandoned) in
      var words: [Word] = []
      while let closing = opening.closing, !parser.at(closing) {
        words.append(try parser.name("a name"))
        if !parser.take(.comma) { break }
      }
      return words
    }
    try expectClosing(opening, at: start)
    if words.isEmpty { throw fail(.patternEmpty, start.joined(to: previousSpan)) }
    return words
  }

  /// `fn name signature body`, `module name signature block`
  mutating func declaration(isModule: Bool) throws(Abandoned) -> FunctionNode {
    let start = token.span
    let doc = doc(of: token)
    advance()
    let name = try name(isModule ? "a name for the module" : "a name for the function")
    return try function(name, from: start, doc: doc, isModule: isModule)
  }

  /// The part of a function behind its name.
  mutating func function(
    _ name: Word?, from start: Span, doc: String?, isModule: Bool
  ) throws(Abandoned) -> FunctionNode {
    let parameters = try parameters()
    let result = take(.arrow) ? try contract() : nil
    let body: FunctionNode.Body
    if !isModule, take(.fatArrow) {
      body = .expression(
        try nested(lineBreaksCount: lineBreaksCount) { parser throws(Abandoned) in
          try parser.expression()
        })
    } else if at(.leftBrace) {
      body = .block(try block())
    } else {
      throw failExpecting(isModule ? "`{`" : "`{` or `=>`")
    }
    return FunctionNode(
      name: name, parameters: parameters, result: result, body: body, doc: doc,
      span: start.joined(to: previousSpan), isModule: isModule)
  }

  mutating func parameters() throws(Abandoned) -> [ParameterNode] {
    let start = token.span
    try expect(.leftParen, "`(` and the arguments")
    let parameters = try nested(lineBreaksCount: false) { parser throws(Abandoned) in
      var parameters: [ParameterNode] = []
      while !parser.at(.rightParen) {
        let parameter = try parser.parameter()
        try parser.check(parameter, after: parameters)
        parameters.append(parameter)
        if !parser.take(.comma) { break }
      }
      return parameters
    }
    try expectClosing(.leftParen, at: start)
    return parameters
  }

  private mutating func parameter() throws(Abandoned) -> ParameterNode {
    let doc = doc(of: token)
    let name = try name("the name of an argument")
    let isVariadic = file.isNativeSignature && take(.ellipsis)
    let contract = take(.colon) ? try contract() : nil
    let value = take(.assign) ? try expression() : nil
    return ParameterNode(
      name: name, contract: contract, defaultValue: value, doc: doc, isVariadic: isVariadic)
  }

  private mutating func check(
    _ parameter: ParameterNode, after others: [ParameterNode]
  ) throws(Abandoned) {
    if let first = others.first(where: { $0.name.text == parameter.name.text }) {
      throw fail(
        .parameterTwice(parameter.name.text), parameter.name.span, related: first.name.span)
    }
    let isRequired = parameter.defaultValue == nil && !parameter.isVariadic
    if isRequired, let last = others.last, last.defaultValue != nil {
      throw fail(
        .requiredAfterDefault(parameter.name.text), parameter.name.span, related: last.name.span)
    }
  }

  // Contracts: [B, 3, H, W]   Int?   Classes

  mutating func contract() throws(Abandoned) -> ContractNode {
    let start = token.span
    let kind: ContractNode.Kind
    if at(.leftBracket) {
      kind = .shape(try dimensions())
    } else {
      kind = .type(use(try name("a type or a shape such as `[B, 3]`")))
    }
    let isOptional = take(.question)
    return ContractNode(
      kind: kind, isOptional: isOptional, span: start.joined(to: previousSpan))
  }

  private mutating func dimensions() throws(Abandoned) -> [DimensionNode] {
    let start = token.span
    advance()
    let dimensions = try nested(lineBreaksCount: false) { parser throws(Abandoned) in
      var dimensions: [DimensionNode] = []
      while !parser.at(.rightBracket) {
        let dimension = try parser.dimension()
        if case .ellipsis = dimension.kind, dimensions.contains(where: \.isEllipsis) {
          throw parser.fail(.ellipsisTwice, dimension.span)
        }
        dimensions.append(dimension)
        if !parser.take(.comma) { break }
      }
      return dimensions
    }
    try expectClosing(.leftBracket, at: start)
    return dimensions
  }

  private mutating func dimension() throws(Abandoned) -> DimensionNode {
    if at(.ellipsis) {
      advance()
      return DimensionNode(kind: .ellipsis, span: previousSpan)
    }
    var left = try dimensionTerm()
    var depth = 0
    while true {
      let operation: DimensionOperator
      if take(.plus) {
        operation = .add
      } else if take(.minus) {
        operation = .subtract
      } else {
        return left
      }
      left = try combine(left, operation, try dimensionTerm(), &depth)
    }
  }

  private mutating func dimensionTerm() throws(Abandoned) -> DimensionNode {
    var left = try dimensionAtom()
    var depth = 0
    while true {
      let operation: DimensionOperator
      if take(.star) {
        operation = .multiply
      } else if take(.doubleSlash) {
        operation = .floorDivide
      } else {
        return left
      }
      left = try combine(left, operation, try dimensionAtom(), &depth)
    }
  }

  private mutating func combine(
    _ left: DimensionNode, _ operation: DimensionOperator, _ right: DimensionNode,
    _ depth: inout Int
  ) throws(Abandoned) -> DimensionNode {
    let span = left.span.joined(to: right.span)
    depth = try grown(depth, span)
    for side in [left, right] {
      switch side.kind {
      case .any, .ellipsis:
        throw fail(.expected("a size", found: "'\(file[side.span])'"), side.span)
      default: break
      }
    }
    return DimensionNode(kind: .arithmetic(left, operation, right), span: span)
  }

  private mutating func dimensionAtom() throws(Abandoned) -> DimensionNode {
    let span = token.span
    switch kind {
    case .int(let size):
      advance()
      return DimensionNode(kind: .size(size), span: span)
    case .word:
      let word = try name("a dimension")
      let kind: DimensionNode.Kind = word.text == "_" ? .any : .name(use(word))
      return DimensionNode(kind: kind, span: span)
    default: throw failExpecting("a dimension: a name, a number, `_` or `...`")
    }
  }
}

extension DimensionNode {
  var isEllipsis: Bool { if case .ellipsis = kind { true } else { false } }
}
