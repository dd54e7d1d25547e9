/// The syntax tree: what a text says, with the span of every part.
///
/// Nothing is decided here. A name is a ``NameUse`` with a number; the resolver keeps what it means
/// in a table beside the tree. `x |> f(y)` is the only form that the parser rewrites, into a call
/// that remembers that it was piped. Each expression knows its depth, because everything that walks
/// the tree recurses.

/// A name where it is used.
struct NameUse {
  let text: String
  let span: Span
  /// Its place in the resolver's table.
  let id: Int
}

/// A word that is not looked up: a name being declared, a label, a member, a key.
struct Word {
  let text: String
  let span: Span
}

struct Expression {
  let kind: Kind
  let span: Span
  let depth: Int

  indirect enum Kind {
    case `nil`
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    /// Pieces of text and expressions, in order.
    case interpolation([Expression])
    case ellipsis
    case name(NameUse)
    case list([Expression])
    case record([Field])
    case negate(Expression)
    case not(Expression)
    case binary(Expression, Operator, Expression, at: Span)
    case logical(Expression, isAnd: Bool, Expression)
    case range(Expression, Expression, isInclusive: Bool)
    case member(Expression, Word)
    case call(Expression, [Argument], isPiped: Bool)
    case index(Expression, [Part])
    case conditional(Expression, then: Block, else: Block?)
    case function(FunctionNode)
    case block(Block)
    case noGrad(Block)
  }

  /// Operators of two operands, except `and`, `or` and ranges.
  enum Operator: Equatable {
    case arithmetic(BinaryOperator)
    case equal
    case notEqual
    case contains
  }

  struct Field {
    let key: Word
    let value: Expression
  }

  struct Argument {
    let label: Word?
    let value: Expression
  }

  /// One part of an index.
  enum Part {
    case value(Expression)
    case slice(start: Expression?, stop: Expression?, step: Expression?, Span)
    case ellipsis(Span)
  }
}

/// Statements between braces, or a whole text.
struct Block {
  let statements: [Statement]
  let span: Span
  let depth: Int
  /// Whether a semicolon follows the last statement.
  let isQuiet: Bool

  init(_ statements: [Statement], _ span: Span, isQuiet: Bool = false) {
    self.statements = statements
    self.span = span
    self.isQuiet = isQuiet
    depth = statements.map(\.depth).max() ?? 0
  }
}

struct Statement {
  let kind: Kind
  let span: Span
  let depth: Int

  enum Kind {
    case expression(Expression)
    case binding(BindingNode)
    case function(FunctionNode)
    case module(FunctionNode)
    case `import`(ImportNode)
    case assign(Target, Expression.Operator?, Expression)
    case `return`(Expression?)
    case `break`
    case `continue`
    case `throw`(Expression)
    case assert(Expression, message: Expression?)
    case `for`(Pattern, in: Expression, Block)
    case `while`(Expression, Block)
    case `try`(Block, Word, Block)

    /// The depth of the deepest part.
    var depth: Int {
      switch self {
      case .expression(let value), .throw(let value): value.depth
      case .binding(let binding): binding.value.depth
      case .function(let function), .module(let function): function.depth
      case .import, .break, .continue: 0
      case .assign(let target, _, let value): max(target.depth, value.depth)
      case .return(let value): value?.depth ?? 0
      case .assert(let condition, let message): max(condition.depth, message?.depth ?? 0)
      case .for(_, let sequence, let body): max(sequence.depth, body.depth)
      case .while(let condition, let body): max(condition.depth, body.depth)
      case .try(let body, _, let handler): max(body.depth, handler.depth)
      }
    }
  }
}

/// `let [a, b]: [n] = …`, and likewise `var`, `param`, `frozen`, `state`; `include a = …`.
struct BindingNode {
  enum Role: String {
    case `let`, `var`, param, frozen, state, include

    var parameterRole: ParameterRole? { ParameterRole(rawValue: rawValue) }
  }

  let role: Role
  let pattern: Pattern
  let contract: ContractNode?
  let value: Expression
  let doc: String?
}

struct Pattern {
  enum Kind {
    case name(Word)
    case list([Word])
    case record([Word])
  }

  let kind: Kind
  let span: Span

  var words: [Word] {
    switch kind {
    case .name(let word): [word]
    case .list(let words), .record(let words): words
    }
  }
}

struct ImportNode {
  let kind: ImportRequest.Kind
  let pathSpan: Span
  let names: [Word]
  let alias: Word?
}

/// What is assigned to: a variable and the way into it.
struct Target {
  enum Step {
    case member(Word)
    case index([Expression.Part], Span)
  }

  let root: NameUse
  let steps: [Step]
  let span: Span
  let depth: Int
}

/// A function or a module: both have a signature and a body.
final class FunctionNode {
  let name: Word?
  let parameters: [ParameterNode]
  let result: ContractNode?
  let body: Body
  let doc: String?
  /// The whole declaration.
  let span: Span
  let isModule: Bool

  enum Body {
    case block(Block)
    case expression(Expression)
    /// The body of a native is in Swift.
    case native

    var depth: Int {
      switch self {
      case .block(let block): block.depth
      case .expression(let expression): expression.depth
      case .native: 0
      }
    }
  }

  /// The depth of the deepest part, defaults included.
  var depth: Int {
    max(body.depth, parameters.map { $0.defaultValue?.depth ?? 0 }.max() ?? 0)
  }

  init(
    name: Word?, parameters: [ParameterNode], result: ContractNode?, body: Body, doc: String?,
    span: Span, isModule: Bool
  ) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.body = body
    self.doc = doc
    self.span = span
    self.isModule = isModule
  }
}

struct ParameterNode {
  let name: Word
  let contract: ContractNode?
  let defaultValue: Expression?
  let doc: String?
  let isVariadic: Bool
}

struct ContractNode {
  enum Kind {
    case type(NameUse)
    case shape([DimensionNode])
  }

  let kind: Kind
  let isOptional: Bool
  let span: Span

  /// The contract as it is written, without the question mark.
  func text(in file: SourceFile) -> String {
    let text = file[span]
    return isOptional ? String(text.dropLast()) : text
  }
}

struct DimensionNode {
  indirect enum Kind {
    case any
    case ellipsis
    case size(Int)
    case name(NameUse)
    case arithmetic(DimensionNode, DimensionOperator, DimensionNode)
  }

  let kind: Kind
  let span: Span
}

enum DimensionOperator: String {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case floorDivide = "//"
}
