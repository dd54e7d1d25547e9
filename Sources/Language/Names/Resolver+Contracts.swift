extension Resolver {
  /// Resolves a contract and declares the dimensions that are new in it.
  ///
  /// - Parameter later: Arguments that are declared behind it and so have no value yet.
  func resolve(_ contract: ContractNode, before later: [String] = []) {
    switch contract.kind {
    case .type(let use): resolveType(use)
    case .shape(let dimensions):
      for dimension in dimensions { resolve(dimension, mayBind: true, before: later) }
    }
  }

  private func resolveType(_ use: NameUse) {
    guard isKnown(use) else {
      let types = vocabulary.words.compactMap { name, value in
        if case .type = value { name } else { nil }
      }
      let modules = visibleNames().filter { $0.first?.isUppercase == true }
      let suggestion = Spelling.nearest(to: use.text, among: types + modules)
      report(.unknownType(use.text, suggestion: suggestion), use.span)
      return
    }
    bindings[use.id] = lookUp(use)
    guard case .constant(let value) = bindings[use.id] else { return }
    guard case .type(let type) = value else {
      return report(.unknownType(use.text, suggestion: nil), use.span)
    }
    typeDimensions[use.id] = type.dimensions.map { declareDimension($0, at: use.span) }
  }

  private func isKnown(_ use: NameUse) -> Bool {
    var current: Scope? = scope
    while let scope = current {
      if scope.names[use.text] != nil { return true }
      current = scope.parent
    }
    return fileScope[use.text] != nil || vocabularyBinding(use.text) != nil
  }

  private func resolve(_ dimension: DimensionNode, mayBind: Bool, before later: [String]) {
    switch dimension.kind {
    case .any, .ellipsis, .size: break
    case .arithmetic(let left, _, let right):
      resolve(left, mayBind: false, before: later)
      resolve(right, mayBind: false, before: later)
    case .name(let use):
      if later.contains(use.text) {
        return report(.dimensionIsLaterArgument(use.text), use.span)
      }
      if let known = size(use) {
        bindings[use.id] = known
      } else if mayBind {
        bindings[use.id] = binding(to: declareDimension(use.text, at: use.span))
      } else {
        report(.dimensionUnbound(use.text), use.span)
      }
    }
  }

  /// What a name in a shape stands for, if it is a dimension or variable that is already there.
  private func size(_ use: NameUse) -> Binding? {
    var current: Scope? = scope
    while let scope = current {
      if let variable = scope.names[use.text], canBeSize(variable),
        variable.location.span.start < use.span.start
      {
        variable.isUsed = true
        return binding(to: variable)
      }
      current = scope.parent
    }
    if let variable = fileScope[use.text], canBeSize(variable) {
      return .global(variable)
    }
    return nil
  }

  private func canBeSize(_ variable: Variable) -> Bool {
    // The dimensions of a cell are its own: each call of a function begins anew.
    if variable.kind == .dimension, variable.owner.kind == .file { return function.kind == .file }
    return variable.kind != .function && variable.kind != .module
  }

  /// The dimension of a name in the function, module or cell around; declared if it is new.
  func declareDimension(_ name: String, at span: Span) -> Variable {
    var current = scope
    while current.kind != .signature, current.kind != .topLevel, let parent = current.parent {
      current = parent
    }
    if let known = current.names[name], known.kind == .dimension { return known }
    let owner = current.function
    let isField = owner.kind == .module
    let variable = Variable(
      name, .dimension, at: Location(file, span), in: owner, home: isField ? .field : .frame)
    variable.isUsed = true
    variable.isReached = true
    current.names[name] = variable
    if isField {
      // Two fields: its size, and which contract bound it first.
      number(variable, in: owner)
      owner.fields.append(variable)
    } else {
      owner.dimensions.append(variable)
    }
    return variable
  }
}
