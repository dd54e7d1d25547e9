/// The words for ``SyntaxFact``.
extension Diagnostic {
  init(_ located: Located<SyntaxFact>, in file: SourceFile) {
    let fact = located.fact
    let note = located.related.map { span in
      [Label(Location(file, span), fact.relatedText)]
    }
    self.init(
      fact.code, fact.message, at: Label(Location(file, located.span), fact.label),
      notes: note ?? [], help: fact.help)
  }
}

extension SyntaxFact {
  fileprivate var code: DiagnosticCode {
    switch self {
    case .integerTooLarge, .floatTooLarge: .overflow
    case .tooDeep: .depth
    default: .syntax
    }
  }

  fileprivate var message: String {
    switch self {
    case .unexpectedCharacter(let scalar): "\(Self.describe(scalar)) cannot stand here"
    case .lookAlike(let scalar, let meant):
      "\(Self.describe(scalar)) looks like '\(meant)' but is another character"
    case .foreignOperator(let text, _): "'\(text)' is not an operator"
    case .singleQuotes: "strings stand in double quotes"
    case .unterminatedString: "this string does not end on its line"
    case .unterminatedText: "this text has no closing quotes"
    case .unknownEscape(let character) where character.isNewline:
      "a line break cannot be escaped"
    case .unknownEscape(let character): "'\\\(character)' is not an escape"
    case .invalidCodePoint(let digits): "'\\u{\(digits)}' is not a Unicode character"
    case .lineBreakInInterpolation: "this string does not end on its line"
    case .malformedNumber(let text): "'\(text)' is not a number"
    case .integerTooLarge: "this number does not fit in an Int"
    case .floatTooLarge: "this number does not fit in a Float"
    case .expected(let what, let found): "expected \(what), found \(found)"
    case .unfinished(let what): "expected \(what), found the end of the text"
    case .unclosed(let mark, let found):
      "expected '\(mark.closing?.rawValue ?? "")' or ',', found \(found)"
    case .statementsOnOneLine(let found): "expected a new line, found \(found)"
    case .tooDeep(let limit): "this is nested more than \(limit) deep"
    case .notAssignable: "this cannot be assigned to"
    case .chainedComparison: "comparisons cannot be chained"
    case .notInOrder: "expected an operator, found 'not'"
    case .pipeNeedsCall: "'|>' needs a call on its right"
    case .labelTwice(let label): "the label '\(label)' is given twice"
    case .positionalAfterLabel: "an argument without a label follows labelled ones"
    case .keyTwice(let key): "the key '\(key)' is given twice"
    case .emptyIndex: "an index cannot be empty"
    case .requiredAfterDefault(let name): "'\(name)' needs a default, like the argument before it"
    case .parameterTwice(let name): "the argument '\(name)' is declared twice"
    case .keywordAsName(let word): "'\(word)' is a word of the language and cannot be a name"
    case .importNeedsName: "this import needs a name"
    case .severalNamesRenamed: "'as' gives a name to one thing, not to several"
    case .ellipsisTwice: "'...' can stand only once in a shape"
    case .foreignWord(let text, _): "'\(text)' is not a word of the language"
    case .elseWithoutIf: "'else' without 'if'"
    case .catchWithoutTry: "'catch' without 'try'"
    case .patternEmpty: "a pattern needs at least one name"
    }
  }

  fileprivate var label: String {
    switch self {
    case .integerTooLarge: "the largest is 9_223_372_036_854_775_807"
    case .floatTooLarge: "the largest is about 1.8e308"
    default: ""
    }
  }

  fileprivate var relatedText: String {
    switch self {
    case .labelTwice, .keyTwice: "given here first"
    case .parameterTwice: "declared here first"
    case .requiredAfterDefault: "this one has a default"
    default: "opened here"
    }
  }

  fileprivate var help: String? {
    switch self {
    case .lookAlike(_, let meant): "write `\(meant)`"
    case .foreignOperator(_, let meant): "write `\(meant)`"
    case .singleQuotes: "write `\"…\"`"
    case .unterminatedString: "close it with `\"`, or open a text of several lines with `\"\"\"`"
    case .unterminatedText: "close it with `\"\"\"`"
    case .lineBreakInInterpolation: "close the interpolation with `)` and the string with `\"`"
    case .unknownEscape: "the escapes are `\\n \\t \\r \\0 \\\\ \\\" \\u{…}` and `\\(expression)`"
    case .unclosed(let mark, _) where mark == .leftBrace: "close the `{` with `}`"
    case .statementsOnOneLine: "begin a new line, or separate statements with `;`"
    case .notAssignable: "assign to a name, `x.member` or `x[index]`; compare with `==`"
    case .chainedComparison: "join two comparisons with `and`"
    case .notInOrder: "write `not x in y`"
    case .pipeNeedsCall: "write `x |> f()`"
    case .positionalAfterLabel: "give it before the labelled ones, or with its label"
    case .foreignWord(_, let meant) where !meant.isEmpty: "write `\(meant)`"
    case .elseWithoutIf: "`else` follows the `}` of an `if`"
    case .catchWithoutTry: "`catch` follows the `}` of a `try`"
    case .importNeedsName(let path): "add `as` and a name: `import \(path) as name`"
    case .severalNamesRenamed: "import one name, or leave out `as`"
    case .keywordAsName(let word): "call it `\(word)_`, say"
    default: nil
    }
  }

  private static func describe(_ scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .unassigned, .surrogate, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return "the character \(code)"
    default: return "'\(scalar)' (\(code))"
    }
  }
}
