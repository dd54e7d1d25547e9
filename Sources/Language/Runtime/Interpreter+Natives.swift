extension Interpreter {
  /// Calls a native: arguments into a window of their own, defaults, contracts, body, result.
  func callNative(
    _ native: Native, receiver: Value?, _ arguments: ArgumentWindow, _ site: CallSite,
    _ target: Registers, result: Int
  ) throws(Fault) {
    let declaration = try declaration(of: native)
    let window = top
    // One more for the result, whose contract shares the dimensions of the arguments'.
    let outcome = declaration.registerCount
    guard stack.reserve(outcome + 1, at: window) else {
      throw Fault(.tooManyCalls(stack.depthLimit))
    }
    do throws(Fault) {
      try arrange(arguments, site, declaration, native.name, in: window)
      top = window.advanced(by: outcome + 1)
      defer {
        window.clear(below: outcome + 1)
        top = window
      }
      try complete(declaration, site, in: window)
      let value = try hosted {
        try native.body(
          Arguments(window, of: native, declaration, receiver: receiver, in: self))
      }
      if value.depth > host.limits.valueDepth { try checkNesting(value) }
      if let contract = declaration.result {
        window.set(outcome, value)
        try check(contract, outcome, in: window, declaration: declaration, site: site)
        target.set(result, window[outcome].value)
      } else {
        target.set(result, value)
      }
    } catch {
      throw error.blaming(argumentsOf: site, declaration)
    }
    if host.isInterrupted() { throw Fault(.interrupted) }
  }

  func declaration(of native: Native) throws(Fault) -> NativeDeclaration {
    if let known = native.knownDeclaration { return known }
    return try native.declaration { [vocabulary] name in
      if case .type(let type)? = vocabulary.words[name] { type } else { nil }
    }
  }

  private func arrange(
    _ arguments: ArgumentWindow, _ site: CallSite, _ declaration: NativeDeclaration,
    _ name: String, in window: Registers
  ) throws(Fault) {
    if !site.hasLabels, declaration.variadic == nil,
      arguments.count <= declaration.parameters.count,
      arguments.count >= declaration.requiredCount
    {
      return arguments.registers.moveOut(arguments.first, count: arguments.count, to: window)
    }
    let positions = try match(
      arguments, site, declaration.parameters.map(\.name),
      required: declaration.parameters.count, variadic: declaration.variadic,
      isOptional: { declaration.parameters[$0].defaultValue != nil }, callee: name)
    var rest: [Value] = []
    for (index, position) in positions.enumerated() {
      if position == declaration.variadic {
        rest.append(arguments.registers.take(arguments.first + index))
      } else {
        arguments.registers.move(arguments.first + index, to: position, in: window)
      }
    }
    if let variadic = declaration.variadic { window.set(variadic, Value(rest)) }
  }

  /// Fills defaults and checks contracts.
  private func complete(
    _ declaration: NativeDeclaration, _ site: CallSite, in window: Registers
  ) throws(Fault) {
    guard !declaration.isPlain else { return }
    for (position, parameter) in declaration.parameters.enumerated() {
      if window[position].tag == .unset, let value = parameter.defaultValue {
        window.set(position, value)
      }
      if let contract = parameter.contract {
        try check(contract, position, in: window, declaration: declaration, site: site)
      }
    }
  }

  // What host objects offer

  /// The native behind `object.name(…)`.
  func method(of object: any HostObject, _ name: String) -> Native? {
    guard let methods = object as? any HostMethods else { return nil }
    let identity = ObjectIdentifier(type(of: object))
    if let table = methodTables[identity] { return table[name] }
    var table: [String: Native] = [:]
    for native in type(of: methods).methods { table[native.name] = native }
    methodTables[identity] = table
    return table[name]
  }

  /// The names of an object's methods.
  func methodNames(of object: any HostObject) -> [String] {
    _ = method(of: object, "")
    return methodTables[ObjectIdentifier(type(of: object))].map { Array($0.keys) } ?? []
  }

  /// The native behind `object(…)`.
  func callee(of object: any HostObject) -> Native? {
    guard let callable = object as? any HostCallable else { return nil }
    let identity = ObjectIdentifier(type(of: object))
    if let known = callees[identity] { return known }
    let native = type(of: callable).callee
    callees[identity] = native
    return native
  }
}

extension Fault {
  /// The same fault with the blame on the place where the call gives the argument.
  func blaming(argumentsOf site: CallSite, _ declaration: NativeDeclaration) -> Fault {
    guard case .argument(let position) = blame, located == nil else { return self }
    guard position < declaration.parameters.count else { return blaming(.call) }
    let name = declaration.parameters[position].name
    return blaming(site.span(ofParameter: position, name).map(Blame.span) ?? .call)
  }
}

extension CallSite {
  /// Where a call gives the argument for a parameter.
  func span(ofParameter position: Int, _ name: String) -> Span? {
    guard !spans.isEmpty else { return nil }
    if let index = labels.firstIndex(of: name) { return spans[index] }
    return position < spans.count && labels[position] == nil ? spans[position] : nil
  }
}
