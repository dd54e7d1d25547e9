/// What is wrong with a text, found by the lexer or the parser. `Wording+Syntax` says it in words.
enum SyntaxFact: Equatable {
  case unexpectedCharacter(Unicode.Scalar)
  /// A character that looks like one of ours, such as a typographic quote.
  case lookAlike(Unicode.Scalar, meant: String)
  case foreignOperator(String, meant: String)
  case singleQuotes
  case unterminatedString
  case unterminatedText
  case unknownEscape(Character)
  case invalidCodePoint(String)
  case lineBreakInInterpolation
  case malformedNumber(String)
  case integerTooLarge
  case floatTooLarge

  /// One thing was expected, another found.
  case expected(String, found: String)
  /// The text ends inside something: at a prompt, more is to come.
  case unfinished(expected: String)
  case unclosed(Mark, found: String)
  case statementsOnOneLine(found: String)
  case tooDeep(limit: Int)
  case notAssignable
  case chainedComparison
  case notInOrder
  case pipeNeedsCall
  case labelTwice(String)
  case positionalAfterLabel
  case keyTwice(String)
  case emptyIndex
  case requiredAfterDefault(String)
  case parameterTwice(String)
  case keywordAsName(String)
  case importNeedsName(String)
  case severalNamesRenamed
  case ellipsisTwice
  case foreignWord(String, meant: String)
  case elseWithoutIf
  case catchWithoutTry
  case patternEmpty
}

/// A fact and its place.
struct Located<Fact> {
  let fact: Fact
  let span: Span
  /// Another place that explains it, such as the bracket that was never closed.
  var related: Span?

  init(_ fact: Fact, _ span: Span, related: Span? = nil) {
    self.fact = fact
    self.span = span
    self.related = related
  }
}
