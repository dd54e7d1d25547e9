extension Compiler {
  func module(_ node: FunctionNode) {
    guard let name = node.name, let variable = variable(declaredBy: name),
      let inner = shared.functions[ObjectIdentifier(node)]
    else { return }
    allotRegister(variable)
    tables.modules.append(template(node, inner))
    temporarily {
      let value = allocate()
      emitWide(.makeModule, value, tables.modules.count - 1)
      define(variable, from: value)
    }
  }

  private func template(_ node: FunctionNode, _ inner: FunctionScope) -> ModuleTemplate {
    let name = node.name?.text ?? ""
    let compiler = Compiler(shared, inner, moduleName: name)
    let description = FunctionDescription(
      name: name, qualifiedName: name, signature: node.signature(in: shared.file), doc: node.doc,
      span: node.span)
    let selfRegister = compiler.constructor(node)
    let constructor = compiler.finish(
      description, parameters: node.parameters.map(\.name.text),
      requiredCount: node.requiredCount)
    var members: [String: ModuleTemplate.Member] = [:]
    // A `let` may have the name of an argument, and then hides it.
    let (arguments, own) = (
      inner.fields.filter { $0.kind == .argument }, inner.fields.filter { $0.kind != .argument }
    )
    for field in arguments + own where field.kind != .dimension {
      members[field.name] = .field(field.number)
    }
    for method in inner.methods { members[method.name] = .method(method.number) }
    let methods = inner.methods.compactMap { method in
      method.declaration.flatMap { node in
        shared.functions[ObjectIdentifier(node)].map { compiler.child(node, $0) }
      }
    }
    return ModuleTemplate(
      description: description, file: shared.file, constructor: constructor, methods: methods,
      fields: inner.fields.map { .init(name: $0.name, kind: $0.kind, span: $0.location.span) },
      members: members,
      captures: inner.captures.map { place(of: $0.source) },
      captureNames: inner.captures.map(\.variable.name), selfRegister: selfRegister,
      classDependence: classDependence(node))
  }

  /// The body, run once with the new module at hand: its names are fields.
  private func constructor(_ node: FunctionNode) -> Int {
    let first = allocate(node.parameters.count)
    let selfRegister = allocate()
    for (position, parameter) in node.parameters.enumerated() {
      at(parameter.name.span) {
        argument(parameter, first + position)
        if let variable = variable(declaredBy: parameter.name) {
          emit(.setField, first + position, variable.number)
        }
      }
    }
    if case .block(let block) = node.body {
      for statement in block.statements where !statement.isFunction { self.statement(statement) }
    }
    if let result = node.result {
      let own = allocate()
      emit(.copy, own, selfRegister)
      emitWide(.check, own, prepare(result, .result(of: node.name?.text ?? "")))
    }
    if scope.fields.contains(where: { $0.kind == .include }) { emit(.checkPaths) }
    emit(.giveModule, selfRegister)
    return selfRegister
  }

  /// `include x = …`: what comes must be a module.
  func include(_ node: BindingNode) {
    guard let word = node.pattern.words.first, let variable = variable(declaredBy: word) else {
      return
    }
    temporarily {
      let value = allocate()
      compile(node.value, to: value)
      check(node.contract, of: word, in: value, valueSpan: node.value.span)
      at(node.value.span) { emit(.include, value, variable.number) }
    }
  }

  /// `param x: [n] = …`: the initial value becomes a parameter of the module; while the module is
  /// rebuilt, the parameter of the original takes its place and the value is not even computed.
  func parameter(_ node: BindingNode) {
    let words = node.pattern.words
    temporarily {
      let first = allocate(words.count)
      for (offset, word) in words.enumerated() {
        guard let variable = variable(declaredBy: word) else { continue }
        emit(.beginParameter, first + offset, variable.number)
        let replayed = emitJump(.word)
        if offset == 0 { initialValues(node, into: first) }
        at(node.value.span) { emit(.adoptParameter, first + offset, variable.number) }
        land(replayed)
        if case .name = node.pattern.kind {
          check(
            node.contract, of: word, in: first, valueSpan: node.value.span, isElementwise: true)
        }
        emit(.setField, first + offset, variable.number)
        emit(.logParameter, 0, variable.number)
      }
    }
  }

  private func initialValues(_ node: BindingNode, into first: Int) {
    temporarily {
      if case .name = node.pattern.kind { return compile(node.value, to: first) }
      let value = allocate()
      compile(node.value, to: value)
      if let word = node.pattern.words.first {
        check(
          node.contract, of: word, in: value, valueSpan: node.value.span, isElementwise: true)
      }
      at(node.value.span) { unpack(node.pattern, from: value, into: first) }
    }
  }

  /// The first parameter whose contract mentions a dimension that the argument `classes`, or another
  /// whose type has a size, binds.
  private func classDependence(_ node: FunctionNode) -> ModuleTemplate.ClassDependence? {
    guard case .block(let block) = node.body else { return nil }
    let contracts = node.parameters.compactMap { parameter in
      parameter.contract.flatMap { parameter.name.text == "classes" || $0.isType ? $0 : nil }
    }
    let dimensions = Set(contracts.flatMap(boundNames))
    for statement in block.statements {
      guard case .binding(let binding) = statement.kind, binding.role.parameterRole != nil,
        let own = binding.contract,
        let name = mentionedNames(own).first(where: dimensions.contains)
      else { continue }
      return ModuleTemplate.ClassDependence(
        declaration: binding.pattern.words.first?.text ?? "", dimension: name, span: own.span)
    }
    return nil
  }

  private func boundNames(_ contract: ContractNode) -> [String] {
    switch contract.kind {
    case .type(let use): (shared.typeDimensions[use.id] ?? []).map(\.name)
    case .shape(let dimensions): dimensions.flatMap(mentionedNames)
    }
  }

  private func mentionedNames(_ contract: ContractNode) -> [String] {
    guard case .shape(let dimensions) = contract.kind else { return [] }
    return dimensions.flatMap(mentionedNames)
  }

  private func mentionedNames(_ dimension: DimensionNode) -> [String] {
    switch dimension.kind {
    case .name(let use): [use.text]
    case .arithmetic(let left, _, let right): mentionedNames(left) + mentionedNames(right)
    case .any, .ellipsis, .size: []
    }
  }
}

extension ContractNode {
  fileprivate var isType: Bool { if case .type = kind { true } else { false } }
}
