extension Compiler {
  /// Prepares a contract for checking and gives its number in the function's table.
  func prepare(
    _ node: ContractNode, _ subject: Contract.Subject, isElementwise: Bool = false
  ) -> Int {
    let number = tables.contracts.count
    let contract = Contract(
      subject, kind(of: node), isOptional: node.isOptional, isElementwise: isElementwise,
      text: node.text(in: shared.file), span: node.span, number: number)
    tables.contracts.append(contract)
    return number
  }

  private func kind(of node: ContractNode) -> Contract.Kind {
    switch node.kind {
    case .shape(let dimensions): return .shape(dimensions.map(prepare))
    case .type(let use):
      let binding = binding(of: use)
      guard case .constant(.type(let type)) = binding else { return .dynamic(place(of: binding)) }
      let bound = shared.typeDimensions[use.id] ?? []
      return .type(type, binds: bound.map(target))
    }
  }

  private func prepare(_ node: DimensionNode) -> Contract.Dimension {
    switch node.kind {
    case .any: return .any
    case .ellipsis: return .ellipsis
    case .size(let size): return .size(.fixed(size))
    case .arithmetic: return .size(size(node))
    case .name(let use):
      switch binding(of: use) {
      // A dimension of this very function or module: the contract may be the one that binds it.
      case .local(let variable) where variable.kind == .dimension,
        .field(let variable) where variable.kind == .dimension:
        return .bind(target(variable))
      case let binding:
        return .size(.known(use.text, place(of: binding), binding.variable?.location))
      }
    }
  }

  private func size(_ node: DimensionNode) -> Contract.Size {
    switch node.kind {
    case .any, .ellipsis: .fixed(0)  // refused by the parser
    case .size(let size): .fixed(size)
    case .name(let use):
      .known(use.text, place(of: binding(of: use)), binding(of: use).variable?.location)
    case .arithmetic(let left, let operation, let right):
      .arithmetic(size(left), operation, size(right))
    }
  }

  private func target(_ variable: Variable) -> Contract.Dimension.Target {
    let isField = variable.home == .field
    return Contract.Dimension.Target(
      name: variable.name, place: isField ? .field(variable.number) : .register(variable.number))
  }

  /// Reserves the registers of the dimensions that contracts of this function bind: two each, the
  /// size and the number of the contract that bound it.
  func allotDimensions() {
    for variable in scope.dimensions { variable.number = allocate(2) }
  }
}
