/// Assignments to variables and into them.
///
/// A list or record has value semantics, so `r.a[0].b = 1` changes the variable `r`. One instruction
/// does it all, after every index and the new value have been evaluated: it cannot be interrupted
/// half-way, and a part that does not exist is noticed before anything has changed.
extension Compiler {
  func assign(_ target: Target, _ operation: Expression.Operator?, _ value: Expression) {
    let binding = binding(of: target.root)
    if target.steps.isEmpty { return assign(target, binding, operation, value) }
    temporarily {
      if operation == nil, let register = register(of: binding), target.steps.count == 1 {
        return assignPart(target.steps[0], of: register, target, value)
      }
      let steps = target.steps.map(step)
      let value = operand(value)
      emitPath(target, binding, steps, operation, value)
    }
  }

  private func assign(
    _ target: Target, _ binding: Binding, _ operation: Expression.Operator?, _ value: Expression
  ) {
    let contract = renewedContract(of: binding)
    temporarily {
      guard case .arithmetic(let arithmetic)? = operation else {
        if contract == nil, let register = register(of: binding) {
          return compile(value, to: register)
        }
        let new = allocate()
        compile(value, to: new)
        check(contract, of: target.root, in: new, value.span)
        return store(binding, from: new)
      }
      if contract == nil, let register = register(of: binding) {
        return update(register, arithmetic, value)
      }
      if contract == nil {
        return emitPath(target, binding, [], operation, operand(value))
      }
      let new = allocate()
      load(binding, name: target.root.text, to: new)
      update(new, arithmetic, value)
      check(contract, of: target.root, in: new, value.span)
      store(binding, from: new)
    }
  }

  /// `x += 1` where `x` is a register.
  private func update(_ register: Int, _ arithmetic: BinaryOperator, _ value: Expression) {
    let operation = Expression.Operator.arithmetic(arithmetic)
    if let (immediate, number) = operation.immediate(value) {
      return emitImmediate(immediate, flags: 0, register, register, number)
    }
    let operand = operand(value)
    let flags = operand.isTemporary ? Instruction.dropsThird : 0
    emit(arithmetic.instruction, flags: flags, register, register, operand.register)
  }

  private func check(
    _ contract: ContractNode?, of root: NameUse, in register: Int, _ valueSpan: Span
  ) {
    check(
      contract, of: Word(text: root.text, span: root.span), in: register, valueSpan: valueSpan)
  }

  /// The contract that a newly assigned value must meet again: that of the declaration, if its
  /// dimensions are at hand where the assignment stands.
  private func renewedContract(of binding: Binding) -> ContractNode? {
    switch binding {
    case .local(let variable), .field(let variable): variable.contract
    case .global(let variable)
    where isMain
      && shared.declared[
        variable.location.span.start] === variable:
      variable.contract
    default: nil
    }
  }

  // Assigning parts

  /// `x.member = value` or `x[index] = value` where `x` is a register.
  private func assignPart(
    _ step: Target.Step, of register: Int, _ target: Target, _ value: Expression
  ) {
    switch step {
    case .member(let word):
      let value = operand(value)
      at(target.span) {
        emit(.setMember, register, constant(named: word.text), value.register)
        emitWide(.word, 0, 0)
      }
    case .index(let parts, let span):
      guard parts.count == 1, case .value(let index) = parts[0] else {
        let value = operand(value)
        return emitPath(target, binding(of: target.root), [.part(span)], nil, value)
      }
      let position = operand(index, before: [value])
      let value = operand(value)
      at(span) { emit(.setIndex, register, position.register, value.register) }
    }
  }

  private func step(_ step: Target.Step) -> AssignmentPath.Step {
    switch step {
    case .member(let word): return .member(shared.symbols[word.text], word.span)
    case .index(let parts, let span):
      guard parts.count == 1, case .value(let index) = parts[0] else { return .part(span) }
      let register = allocate()
      compile(index, to: register)
      return .index(register, span)
    }
  }

  private func emitPath(
    _ target: Target, _ binding: Binding, _ steps: [AssignmentPath.Step],
    _ operation: Expression.Operator?, _ value: Operand
  ) {
    var arithmetic: BinaryOperator?
    if case .arithmetic(let operation)? = operation { arithmetic = operation }
    tables.paths.append(
      AssignmentPath(
        root: place(of: binding), rootName: target.root.text, steps: steps,
        operation: arithmetic, span: target.span))
    at(target.span) { emitWide(.assign, value.register, tables.paths.count - 1) }
  }
}
