/// Finds out what can be known about a text without running it.
///
/// The parser and the resolver have found what does not compile. This walk over the resolved tree
/// adds what would fail or is pointless: calls that do not fit a signature known from the text,
/// values that cannot meet a contract, conditions that are no Bool, statements that are never
/// reached, names that nothing uses. It says nothing about what it cannot be sure of.
struct Checker {
  let file: SourceFile
  let resolver: Resolver
  let interpreter: Interpreter
  private(set) var diagnostics: [Diagnostic] = []

  init(_ program: Program, _ resolver: Resolver, _ interpreter: Interpreter) {
    file = program.file
    self.resolver = resolver
    self.interpreter = interpreter
    check(program.block)
    reportUnused()
  }

  mutating func report(_ fact: CheckFact, _ span: Span, notes: [Diagnostic.Label] = []) {
    diagnostics.append(Diagnostic(fact, at: Location(file, span), notes: notes))
  }

  private mutating func reportUnused() {
    let unused = resolver.declared.values.filter { variable in
      guard !variable.isUsed, !variable.name.hasPrefix("_") else { return false }
      switch variable.kind {
      case .imported: return true
      case .let, .var, .function, .module: return variable.home == .frame
      default: return false
      }
    }
    for variable in unused.sorted(by: { $0.location.span.start < $1.location.span.start }) {
      report(.unused(variable.name, isImport: variable.kind == .imported), variable.location.span)
    }
  }

  // Statements

  private mutating func check(_ block: Block) {
    for (index, statement) in block.statements.enumerated() {
      check(statement)
      if statement.neverGoesOn, index + 1 < block.statements.count {
        report(.unreachable, block.statements[index + 1].span)
        return
      }
    }
  }

  private mutating func check(_ statement: Statement) {
    switch statement.kind {
    case .expression(let value), .throw(let value): check(value)
    case .return(let value): if let value { check(value) }
    case .binding(let binding):
      check(binding.value)
      if let contract = binding.contract, let word = binding.pattern.words.first {
        let isParameter = binding.role.parameterRole != nil
        if !isParameter { compare(binding.value, with: contract, of: "'\(word.text)'") }
      }
      if binding.role == .include, let word = binding.pattern.words.first,
        case .type(let kind) = known(binding.value)
      {
        report(.kind("'\(word.text)'", "a module", found: kind), binding.value.span)
      }
    case .function(let node), .module(let node): check(node)
    case .import, .break, .continue: break
    case .assign(let target, _, let value):
      check(value)
      for case .index(let parts, _) in target.steps { check(parts.flatMap(\.expressions)) }
    case .assert(let condition, let message):
      checkCondition(condition)
      if let message { check(message) }
    case .for(_, let sequence, let body):
      check(sequence)
      check(body)
    case .while(let condition, let body):
      checkCondition(condition)
      check(body)
    case .try(let body, _, let handler):
      check(body)
      check(handler)
    }
  }

  private mutating func check(_ node: FunctionNode) {
    for parameter in node.parameters {
      guard let value = parameter.defaultValue else { continue }
      check(value)
      if let contract = parameter.contract {
        compare(value, with: contract, of: "'\(parameter.name.text)'")
      }
    }
    switch node.body {
    case .block(let block): check(block)
    case .expression(let value): check(value)
    case .native: break
    }
  }

  // Expressions

  private mutating func check(_ expressions: [Expression]) {
    for expression in expressions { check(expression) }
  }

  private mutating func check(_ expression: Expression) {
    switch expression.kind {
    case .nil, .bool, .int, .float, .string, .ellipsis, .name: break
    case .interpolation(let parts), .list(let parts): check(parts)
    case .record(let fields): check(fields.map(\.value))
    case .negate(let operand), .member(let operand, _): check(operand)
    case .not(let operand): checkCondition(operand)
    case .logical(let left, _, let right):
      checkCondition(left)
      checkCondition(right)
    case .binary(let left, _, let right, _), .range(let left, let right, _): check([left, right])
    case .call(let callee, let arguments, _):
      check([callee] + arguments.map(\.value))
      checkCall(callee, arguments, expression.span)
    case .index(let object, let parts): check([object] + parts.flatMap(\.expressions))
    case .conditional(let condition, let then, let otherwise):
      checkCondition(condition)
      check(then)
      if let otherwise { check(otherwise) }
    case .function(let node): check(node)
    case .block(let block), .noGrad(let block): check(block)
    }
  }

  private mutating func checkCondition(_ condition: Expression) {
    check(condition)
    if case .type(let kind) = known(condition), kind != "Bool" {
      report(.condition(kind), condition.span)
    }
  }
}

extension Statement {
  /// Whether what stands behind it in the same block is never reached.
  fileprivate var neverGoesOn: Bool {
    switch kind {
    case .return, .break, .continue, .throw: true
    default: false
    }
  }
}

extension Session {
  /// What is wrong or pointless in a text, without running it: errors first, then warnings.
  ///
  /// Names of the session are known to it; imported files are read.
  package func check(_ text: String, name: String) -> [Diagnostic] {
    let source = SourceFile(name: name, text: text)
    let parsed = Parser.parse(source, nestingLimit: interpreter.host.limits.nesting)
    if !parsed.facts.isEmpty { return parsed.facts.map { Diagnostic($0, in: source) } }
    let resolver = Resolver(
      parsed.program, into: scope, vocabulary: interpreter.vocabulary, defersImports: false
    ) { [interpreter] node in
      try interpreter.file(importedBy: node, in: source).scope
    }
    resolver.run(parsed.program)
    let facts = resolver.uniqueFacts.map { Diagnostic($0, in: source) }
    let checker = Checker(parsed.program, resolver, interpreter)
    let found = (facts + checker.diagnostics).sorted {
      $0.primary.location.span.start < $1.primary.location.span.start
    }
    return found.filter { $0.severity == .error } + found.filter { $0.severity == .warning }
  }
}
