extension Resolver {
  func resolve(_ block: Block) {
    within(.block, function) {
      for statement in block.statements { resolve(statement) }
    }
  }

  func resolve(_ statement: Statement) {
    switch statement.kind {
    case .expression(let value): resolve(value)
    case .binding(let binding): resolve(binding, statement.span)
    case .function(let node): resolveFunction(node)
    case .module(let node): resolveModule(node)
    case .import(let node): resolve(node, statement.span)
    case .assign(let target, _, let value):
      resolve(value)
      resolve(target)
    case .return(let value):
      if function.kind != .function { report(.returnOutside, statement.span) }
      if let value { resolve(value) }
    case .break: checkLoop("break", statement.span)
    case .continue: checkLoop("continue", statement.span)
    case .throw(let value): resolve(value)
    case .assert(let condition, let message):
      resolve(condition)
      if let message { resolve(message) }
    case .for(let pattern, let sequence, let body):
      resolve(sequence)
      within(.block, function) {
        for word in pattern.words { declare(word, .loop) }
        loop { resolve(body) }
      }
    case .while(let condition, let body):
      resolve(condition)
      loop { resolve(body) }
    case .try(let body, let name, let handler):
      resolve(body)
      within(.block, function) {
        declare(name, .caught)
        resolve(handler)
      }
    }
  }

  private func loop(_ body: () -> Void) {
    loopDepth += 1
    body()
    loopDepth -= 1
  }

  private func checkLoop(_ word: String, _ span: Span) {
    if loopDepth == 0 { report(.loopControlOutside(word), span) }
  }

  private func resolve(_ binding: BindingNode, _ span: Span) {
    if binding.role.belongsToModules, scope.kind != .moduleBody {
      report(.parameterOutside(binding.role.rawValue), span)
    }
    resolve(binding.value)
    // The contract is met by the value, so it cannot mention the names that are being bound.
    if let contract = binding.contract { resolve(contract) }
    for word in binding.pattern.words {
      let variable = declareHere(word, binding.role.variableKind)
      if case .name = binding.pattern.kind { variable.contract = binding.contract }
    }
  }

  private func resolve(_ target: Target) {
    for step in target.steps {
      if case .index(let parts, _) = step { resolve(parts) }
    }
    bindings[target.root.id] = lookUp(target.root, isRead: !target.steps.isEmpty)
    switch bindings[target.root.id] {
    case .unknown: break
    case .constant: report(.builtinNotAssignable(target.root.text), target.root.span)
    case .prelude(let variable):
      report(.notAssignable(variable.name, variable.kind), target.root.span)
    case .local(let variable), .captured(_, let variable), .capturedByModule(_, let variable),
      .itself(let variable), .field(let variable), .method(let variable), .global(let variable):
      if variable.kind.isAssignable {
        variable.isAssigned = true
      } else {
        let isHere = variable.location.file === file
        report(
          .notAssignable(variable.name, variable.kind), target.root.span,
          related: isHere ? variable.location.span : nil)
      }
    }
  }

  // Functions and modules

  func resolveFunction(_ node: FunctionNode) {
    // Within a block, a function is known from its declaration on; at the top of a file or module
    // it was entered before.
    let itself = node.name.map { declareHere($0, .function) }
    itself?.declaration = node
    let scope = FunctionScope(
      .function, name: node.name?.text, parent: function,
      itself: itself?.home == .frame ? itself : nil)
    functions[ObjectIdentifier(node)] = scope
    within(.signature, scope) {
      resolveParameters(node) { declare($0.name, .argument) }
      switch node.body {
      case .block(let block): resolve(block)
      case .expression(let value): resolve(value)
      case .native: break
      }
      if let result = node.result { resolve(result) }
    }
  }

  func resolveParameters(_ node: FunctionNode, declare: (ParameterNode) -> Variable) {
    var later = node.parameters.map(\.name.text)
    for parameter in node.parameters {
      if let value = parameter.defaultValue { resolve(value) }
      later.removeFirst()
      let variable = declare(parameter)
      variable.contract = parameter.contract
      if let contract = parameter.contract { resolve(contract, before: later) }
    }
  }

  func resolveModule(_ node: FunctionNode) {
    guard let name = node.name else { return }
    if function.module != nil { report(.moduleInside, name.span) }
    let itself = declareHere(name, .module)
    itself.declaration = node
    let module = FunctionScope(.module, name: name.text, parent: function)
    functions[ObjectIdentifier(node)] = module
    within(.signature, module) {
      resolveParameters(node) { parameter in
        let variable = self.declare(parameter.name, .argument, home: .field)
        number(variable, in: module)
        return variable
      }
      if let result = node.result { resolve(result) }
      guard case .block(let block) = node.body else { return }
      within(.moduleBody, module) {
        enterFields(block, of: module)
        for statement in block.statements where !statement.isFunction { resolve(statement) }
        for statement in block.statements where statement.isFunction { resolve(statement) }
      }
    }
  }

  // Imports

  private func resolve(_ node: ImportNode, _ span: Span) {
    if scope.kind != .topLevel { report(.importInside, span) }
    if defersImports {
      for (word, source) in node.boundWords {
        declareHere(word, .imported).deferredImport = DeferredImport(node: node, name: source?.text)
      }
      return
    }
    do {
      let offered = try interface(node)
      for (word, source) in node.boundWords {
        let variable = declareHere(word, .imported)
        guard let source else { continue }
        guard let target = offered[source.text] else {
          let suggestion = Spelling.nearest(to: source.text, among: offered.order)
          report(.notOffered(source.text, by: node.path, suggestion: suggestion), source.span)
          continue
        }
        variable.declaration = target.declaration
      }
    } catch {
      for (word, _) in node.boundWords { _ = declareHere(word, .imported) }
      report(NameFact(failing: error, path: node.path), node.pathSpan)
    }
  }
}

extension ImportNode {
  /// The path as it is written.
  var path: String { ImportRequest(kind: kind, importer: "").path }
}

extension Statement {
  var isFunction: Bool { if case .function = kind { true } else { false } }
}
