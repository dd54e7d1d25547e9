/// Expressions, from the loosest operator to the tightest:
/// `|>`, `or`, `and`, `not`, comparison and `in`, range, `+ -`, `* / // % @`, `-x`, `**`, postfix.
///
/// The operators of two operands climb by precedence in one loop. Comparisons and ranges do not
/// chain; `**` is right-associative and binds tighter than the minus before it.
extension Parser {
  mutating func expression() throws(Abandoned) -> Expression {
    var left = try nested(lineBreaksCount: lineBreaksCount) { parser throws(Abandoned) in
      try parser.choice()
    }
    // A pipe may begin the next line.
    while take(.pipe) {
      let right = try choice()
      guard case .call(let callee, let arguments, _) = right.kind else {
        throw fail(.pipeNeedsCall, right.span)
      }
      let argument = Expression.Argument(label: nil, value: left)
      left = try node(
        .call(callee, [argument] + arguments, isPiped: true), left.span.joined(to: right.span),
        left, right)
    }
    return left
  }

  mutating func node(
    _ kind: Expression.Kind, _ span: Span, _ first: Expression, _ second: Expression? = nil
  ) throws(Abandoned) -> Expression {
    try node(kind, span, depth: max(first.depth, second?.depth ?? 0))
  }

  mutating func node(
    _ kind: Expression.Kind, _ span: Span, depth: Int
  ) throws(Abandoned) -> Expression {
    Expression(kind: kind, span: span, depth: try grown(depth, span))
  }

  func leaf(_ kind: Expression.Kind, _ span: Span) -> Expression {
    Expression(kind: kind, span: span, depth: 0)
  }

  // and, or, not

  private mutating func choice() throws(Abandoned) -> Expression {
    var left = try conjunction()
    while continuesLine, take(.or) {
      let right = try conjunction()
      left = try node(
        .logical(left, isAnd: false, right), left.span.joined(to: right.span), left, right)
    }
    return left
  }

  private mutating func conjunction() throws(Abandoned) -> Expression {
    var left = try negation()
    while continuesLine, take(.and) {
      let right = try negation()
      left = try node(
        .logical(left, isAnd: true, right), left.span.joined(to: right.span), left, right)
    }
    return left
  }

  private mutating func negation() throws(Abandoned) -> Expression {
    let start = token.span
    var count = 0
    while take(.not) { count += 1 }
    var operand = try comparison()
    for _ in 0..<count {
      operand = try node(.not(operand), start.joined(to: operand.span), operand)
    }
    return operand
  }

  // Comparisons and ranges

  private mutating func comparison() throws(Abandoned) -> Expression {
    let left = try range()
    guard continuesLine, let (operation, span) = try takeComparison() else { return left }
    let right = try range()
    if continuesLine, Self.comparisons[kind] != nil {
      throw fail(.chainedComparison, token.span)
    }
    return try node(
      .binary(left, operation, right, at: span), left.span.joined(to: right.span), left, right)
  }

  private static let comparisons: [Token.Kind: Expression.Operator] = [
    .mark(.equal): .equal, .mark(.notEqual): .notEqual, .mark(.less): .arithmetic(.less),
    .mark(.lessOrEqual): .arithmetic(.lessOrEqual), .mark(.greater): .arithmetic(.greater),
    .mark(.greaterOrEqual): .arithmetic(.greaterOrEqual), .keyword(.in): .contains,
  ]

  private mutating func takeComparison() throws(Abandoned) -> (Expression.Operator, Span)? {
    if at(.not), peekKind(1) == .keyword(.in) { throw fail(.notInOrder, token.span) }
    guard let operation = Self.comparisons[kind] else { return nil }
    let span = token.span
    advance()
    return (operation, span)
  }

  private mutating func range() throws(Abandoned) -> Expression {
    let left = try arithmetic(above: 0)
    guard continuesLine, at(.ellipsis) || at(.halfOpenRange) else { return left }
    let isInclusive = at(.ellipsis)
    advance()
    let right = try arithmetic(above: 0)
    return try node(
      .range(left, right, isInclusive: isInclusive), left.span.joined(to: right.span), left, right)
  }

  // Arithmetic

  private static func arithmeticOperator(_ mark: Mark) -> (BinaryOperator, level: Int)? {
    switch mark {
    case .plus: (.add, 1)
    case .minus: (.subtract, 1)
    case .star: (.multiply, 2)
    case .slash: (.divide, 2)
    case .doubleSlash: (.floorDivide, 2)
    case .percent: (.remainder, 2)
    case .at: (.matrixProduct, 2)
    default: nil
    }
  }

  private mutating func arithmetic(above level: Int) throws(Abandoned) -> Expression {
    var left = try unary()
    while continuesLine, case .mark(let mark) = kind,
      let (operation, own) = Self.arithmeticOperator(mark), own > level
    {
      let span = token.span
      advance()
      let right = try arithmetic(above: own)
      left = try node(
        .binary(left, .arithmetic(operation), right, at: span), left.span.joined(to: right.span),
        left, right)
    }
    return left
  }

  private mutating func unary() throws(Abandoned) -> Expression {
    let start = token.span
    var count = 0
    while at(.minus) {
      advance()
      count += 1
    }
    if at(.plus) { throw failExpecting("an operand") }
    if count > 0, kind == .intMinimumMagnitude {
      advance()
      count -= 1
      return try negated(leaf(.int(.min), start.joined(to: previousSpan)), count, from: start)
    }
    return try negated(try power(), count, from: start)
  }

  private mutating func negated(
    _ operand: Expression, _ count: Int, from start: Span
  ) throws(Abandoned) -> Expression {
    var result = operand
    for _ in 0..<count {
      result = try node(.negate(result), start.joined(to: operand.span), result)
    }
    return result
  }

  private mutating func power() throws(Abandoned) -> Expression {
    let base = try postfix()
    guard continuesLine, at(.power) else { return base }
    let span = token.span
    advance()
    let exponent = try nested(lineBreaksCount: lineBreaksCount) { parser throws(Abandoned) in
      try parser.unary()
    }
    return try node(
      .binary(base, .arithmetic(.power), exponent, at: span), base.span.joined(to: exponent.span),
      base, exponent)
  }
}
