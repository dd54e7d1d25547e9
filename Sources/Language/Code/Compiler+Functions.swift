extension Compiler {
  // Declarations and function expressions

  func function(_ node: FunctionNode) {
    guard let name = node.name, let variable = variable(declaredBy: name), !variable.isMethod else {
      return
    }
    allotRegister(variable)
    temporarily {
      let value = allocate()
      closure(node, to: value)
      define(variable, from: value)
    }
  }

  func closure(_ node: FunctionNode, to target: Int) {
    guard let inner = shared.functions[ObjectIdentifier(node)] else { return }
    tables.children.append(child(node, inner))
    emitWide(.makeClosure, target, tables.children.count - 1)
  }

  /// Compiles a function inside this one.
  func child(_ node: FunctionNode, _ inner: FunctionScope) -> Code {
    let module = inner.module
    let compiler = Compiler(shared, inner, moduleName: module?.name)
    compiler.tables.captures = inner.captures.map { place(of: $0.source) }
    compiler.tables.captureNames = inner.captures.map(\.variable.name)
    compiler.signature(node)
    compiler.body(node)
    return compiler.finish(
      compiler.description(of: node), parameters: node.parameters.map(\.name.text),
      requiredCount: node.requiredCount)
  }

  private func description(of node: FunctionNode) -> FunctionDescription {
    let name = node.name?.text
    let plain = name ?? "a function"
    return FunctionDescription(
      name: name, qualifiedName: moduleName.map { "\($0).\(plain)" } ?? plain,
      signature: node.signature(in: shared.file), doc: node.doc, span: node.span)
  }

  /// Arguments, their defaults and contracts.
  func signature(_ node: FunctionNode) {
    for parameter in node.parameters {
      if let variable = variable(declaredBy: parameter.name) { variable.number = allocate() }
    }
    allotDimensions()
    for (position, parameter) in node.parameters.enumerated() {
      at(parameter.name.span) { argument(parameter, position) }
    }
  }

  func argument(_ parameter: ParameterNode, _ position: Int) {
    if let value = parameter.defaultValue {
      let given = emitJump(.skipIfSet, position)
      temporarily { compile(value, to: position) }
      land(given)
    }
    if let contract = parameter.contract {
      let number = prepare(contract, .argument(parameter.name.text, position: position))
      emitWide(.check, position, number)
    }
  }

  private func body(_ node: FunctionNode) {
    if let result = node.result {
      resultContract = prepare(result, .result(of: node.name?.text ?? "this function"))
    }
    switch node.body {
    case .expression(let value):
      at(value.span) {
        temporarily {
          let result = operand(value)
          finishFunction(result.register, at: value.span)
        }
      }
    case .block(let block):
      let result = allocate()
      statements(block.statements, to: result)
      let last = block.statements.last?.span ?? block.span
      at(last) { finishFunction(result, at: last) }
    case .native: break
    }
  }

  // The top level of a text

  /// Compiles a whole text.
  static func compile(_ program: Program, _ resolver: Resolver, symbols: Symbols) -> Code? {
    let shared = Shared(resolver, symbols: symbols)
    let compiler = Compiler(shared, resolver.main, moduleName: nil)
    // The registers of the top level begin with the names of the file.
    _ = compiler.allocate(resolver.slotCount)
    compiler.allotDimensions()
    let result = compiler.allocate()
    compiler.statements(program.block.statements, to: result)
    compiler.at(program.block.span) { compiler.emit(.giveBack, result) }
    guard !shared.isTooLarge else { return nil }
    return compiler.finish(
      FunctionDescription(
        name: nil, qualifiedName: "the script", signature: Signature(parameters: [], result: nil),
        doc: program.doc, span: program.block.span),
      parameters: [], requiredCount: 0)
  }
}

extension FunctionNode {
  var requiredCount: Int {
    parameters.count { $0.defaultValue == nil && !$0.isVariadic }
  }

  /// The signature as people read it.
  func signature(in file: SourceFile) -> Signature {
    Signature(
      parameters: parameters.map { parameter in
        Signature.Parameter(
          name: parameter.name.text, contract: parameter.contract.map { file[$0.span] },
          defaultText: parameter.defaultValue.map { file[$0.span] }, doc: parameter.doc,
          isVariadic: parameter.isVariadic)
      }, result: result.map { file[$0.span] })
  }
}
