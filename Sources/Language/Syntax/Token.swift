/// A word, number, piece of string or mark of a text.
struct Token {
  enum Kind: Hashable {
    case word
    case keyword(Keyword)
    case int(Int)
    /// 9223372036854775808, which only a minus sign makes an `Int`.
    case intMinimumMagnitude
    case float(Double)
    /// A string without interpolation, or its last piece: its number among the lexer's texts.
    case string(Int)
    /// The piece of a string before `\(`; tokens of the expression follow, then another piece.
    case stringHead(Int)
    case mark(Mark)
    /// Something that is no token; the fact has been reported.
    case invalid
    case end
  }

  var kind: Kind
  let span: Span
  /// Whether a line break stands before it.
  let isFirstOnLine: Bool
  /// Which of the lexer's doc comments stands above it.
  let doc: Int?
}

/// The reserved words.
enum Keyword: String, CaseIterable {
  case `let`, `var`, param, frozen, state, fn, module, `import`, `as`, `return`, `break`, `continue`
  case `throw`, assert, `for`, `in`, `while`, `try`, `catch`, `if`, `else`, noGrad = "no_grad"
  case and, or, not, `true`, `false`, `nil`

  /// Whether a statement can begin with it: where the parser finds its feet after an error.
  var beginsStatement: Bool {
    switch self {
    case .let, .var, .param, .frozen, .state, .fn, .module, .import, .return, .break, .continue,
      .throw, .assert, .for, .while, .try, .if:
      true
    default: false
    }
  }
}

/// Words that mean something in one place only and are names elsewhere.
enum ContextualWord {
  static let include = "include"
}

/// Operators and punctuation, as they are written.
enum Mark: String, CaseIterable {
  case leftParen = "("
  case rightParen = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case colon = ":"
  case semicolon = ";"
  case dot = "."
  case ellipsis = "..."
  case halfOpenRange = "..<"
  case question = "?"
  case plus = "+"
  case minus = "-"
  case star = "*"
  case power = "**"
  case slash = "/"
  case doubleSlash = "//"
  case percent = "%"
  case at = "@"
  case assign = "="
  case plusAssign = "+="
  case minusAssign = "-="
  case starAssign = "*="
  case slashAssign = "/="
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case arrow = "->"
  case fatArrow = "=>"
  case pipe = "|>"

  /// What closes an opening bracket.
  var closing: Mark? {
    switch self {
    case .leftParen: .rightParen
    case .leftBracket: .rightBracket
    case .leftBrace: .rightBrace
    default: nil
    }
  }
}
