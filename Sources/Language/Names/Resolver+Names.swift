extension Resolver {
  func resolve(_ expressions: [Expression]) {
    for expression in expressions { resolve(expression) }
  }

  func resolve(_ expression: Expression) {
    switch expression.kind {
    case .nil, .bool, .int, .float, .string, .ellipsis: break
    case .name(let use): bindings[use.id] = lookUp(use)
    case .interpolation(let parts), .list(let parts): resolve(parts)
    case .record(let fields): for field in fields { resolve(field.value) }
    case .negate(let operand), .not(let operand), .member(let operand, _): resolve(operand)
    case .binary(let left, _, let right, _), .logical(let left, _, let right),
      .range(let left, let right, _):
      resolve(left)
      resolve(right)
    case .call(let callee, let arguments, let isPiped):
      if isPiped, let first = arguments.first { resolve(first.value) }
      resolve(callee)
      for argument in arguments.dropFirst(isPiped ? 1 : 0) { resolve(argument.value) }
    case .index(let object, let parts):
      resolve(object)
      resolve(parts)
    case .conditional(let condition, let then, let otherwise):
      resolve(condition)
      resolve(then)
      if let otherwise { resolve(otherwise) }
    case .function(let node): resolveFunction(node)
    case .block(let block), .noGrad(let block): resolve(block)
    }
  }

  func resolve(_ parts: [Expression.Part]) {
    for part in parts {
      switch part {
      case .value(let value): resolve(value)
      case .slice(let start, let stop, let step, _): resolve([start, stop, step].compactMap { $0 })
      case .ellipsis: break
      }
    }
  }

  // Looking names up

  /// What a name means where it stands; reports it when it means nothing.
  func lookUp(_ use: NameUse, isRead: Bool = true) -> Binding {
    let (found, isTooEarly) = find(use.text)
    if let found {
      if isRead { found.isUsed = true }
      return binding(to: found)
    }
    if let variable = fileScope[use.text] { return earlier(variable, use) }
    if let known = vocabularyBinding(use.text) { return known }
    if isTooEarly {
      report(.tooEarly(use.text), use.span, related: declarationSpan(of: use.text))
    } else {
      reportUndefined(use, isRead: isRead)
    }
    return .unknown
  }

  /// The variable of a name in the scopes of this text. A name of the same frame that is declared
  /// further down is not there yet.
  private func find(_ name: String) -> (Variable?, isTooEarly: Bool) {
    var isTooEarly = false
    var current: Scope? = scope
    while let scope = current {
      if let variable = scope.names[name] {
        if variable.isReached || variable.owner !== function { return (variable, false) }
        isTooEarly = true
      }
      current = scope.parent
    }
    return (nil, isTooEarly)
  }

  private func declarationSpan(of name: String) -> Span? {
    var current: Scope? = scope
    while let scope = current {
      if let variable = scope.names[name] { return variable.location.span }
      current = scope.parent
    }
    return nil
  }

  /// A name of an earlier cell of the same session.
  private func earlier(_ variable: Variable, _ use: NameUse) -> Binding {
    if !fileScope.hasValue(variable), function.kind == .file {
      report(.hasNoValue(use.text), use.span)
    }
    variable.isUsed = true
    return .global(variable)
  }

  func vocabularyBinding(_ name: String) -> Binding? {
    if let variable = vocabulary.prelude?[name], vocabulary.prelude !== fileScope {
      return .prelude(variable)
    }
    return vocabulary.words[name].map { .constant($0) }
  }

  func binding(to variable: Variable) -> Binding {
    switch variable.home {
    case .file: return .global(variable)
    case .field: return variable.isMethod ? .method(variable) : .field(variable)
    case .frame: return capture(variable, into: function)
    }
  }

  /// Makes a variable of an enclosing function reachable from an inner one.
  private func capture(_ variable: Variable, into inner: FunctionScope) -> Binding {
    if variable.owner === inner { return .local(variable) }
    if let itself = inner.itself, itself === variable { return .itself(variable) }
    // A module's definition captures once for all of its functions.
    if let module = inner.module, module !== inner, isOutside(variable, module) {
      return capture(variable, into: module)
    }
    variable.isCaptured = true
    let known = inner.captures.firstIndex { $0.variable === variable }
    let index = known ?? inner.captures.count
    if known == nil {
      guard let parent = inner.parent else { return .unknown }
      inner.captures.append(
        FunctionScope.Capture(variable: variable, source: capture(variable, into: parent)))
    }
    return inner.kind == .module
      ? .capturedByModule(index, variable) : .captured(index, variable)
  }

  private func isOutside(_ variable: Variable, _ module: FunctionScope) -> Bool {
    var current: FunctionScope? = variable.owner
    while let scope = current {
      if scope === module { return false }
      current = scope.parent
    }
    return true
  }

  // Undefined names

  private func reportUndefined(_ use: NameUse, isRead: Bool) {
    let foreign = [
      "True": "true", "False": "false", "None": "nil", "null": "nil", "undefined": "nil",
      "self": "the field's own name", "this": "the field's own name", "elif": "else if",
      "str": "string", "bool": "a comparison", "dict": "a record `{key: value}`",
    ]
    if let meant = foreign[use.text] {
      return report(.foreignConstant(use.text, meant: meant), use.span)
    }
    if isRead {
      let suggestion = Spelling.nearest(to: use.text, among: visibleNames())
      report(.undefined(use.text, suggestion: suggestion), use.span)
    } else {
      let suggestion = Spelling.nearest(to: use.text, among: declaredNames())
      report(.undeclared(use.text, suggestion: suggestion), use.span)
    }
  }

  /// Adds to the undefined names where they are declared, if that is somewhere out of reach: in a
  /// block that has ended, or further down in the same one.
  func locateHiddenNames() {
    for (index, located) in facts.enumerated() {
      let name: String
      switch located.fact {
      case .undefined(let undefined, _), .undeclared(let undefined, _): name = undefined
      default: continue
      }
      let places = declared.values.filter { $0.name == name }.map(\.location.span)
      let before = places.filter { $0.start < located.span.start }.max { $0.start < $1.start }
      facts[index].related = before ?? places.min { $0.start < $1.start }
    }
  }

  func visibleNames() -> [String] { declaredNames().union(vocabulary.names).sorted() }

  /// The visible names that texts of this session have declared.
  private func declaredNames() -> Set<String> {
    var names: Set<String> = []
    var current: Scope? = scope
    while let scope = current {
      names.formUnion(scope.names.keys)
      current = scope.parent
    }
    names.formUnion(fileScope.order)
    return names
  }
}
