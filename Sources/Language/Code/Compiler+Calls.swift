/// Calls: arguments are evaluated into consecutive registers, which become the first registers of
/// the called frame.
extension Compiler {
  func call(_ callee: Expression, _ arguments: [Expression.Argument], to target: Int) {
    if arguments.count > 255 { shared.isTooLarge = true }
    temporarily {
      switch callee.kind {
      case .name(let use): call(named: use, callee, arguments, to: target)
      case .member(let object, let word):
        let values = arguments.map(\.value)
        let base = operand(object, before: values, isCalled: true)
        let first = consecutive(values)
        emitCall(
          .callMember, target, base.register, first, arguments, callee, member: word.text)
        if base.isTemporary { emit(.clear, base.register) }
      default: callValue(callee, arguments, to: target)
      }
    }
  }

  private func call(
    named use: NameUse, _ callee: Expression, _ arguments: [Expression.Argument], to target: Int
  ) {
    let values = arguments.map(\.value)
    switch binding(of: use) {
    case .constant(let value):
      emitCall(
        .callConstant, target, constant(value), consecutive(values), arguments, callee)
    case .method(let variable):
      emitCall(
        .callMethod, target, variable.number, consecutive(values), arguments, callee)
    case .global(let variable) where !isMain && variable.kind == .function:
      emitCall(
        .callGlobal, target, variable.number, consecutive(values), arguments, callee)
    default: callValue(callee, arguments, to: target)
    }
  }

  private func callValue(
    _ callee: Expression, _ arguments: [Expression.Argument], to target: Int
  ) {
    let values = arguments.map(\.value)
    let function = operand(callee, before: values, isCalled: true)
    let first = consecutive(values)
    emitCall(.call, target, function.register, first, arguments, callee)
    if function.isTemporary { emit(.clear, function.register) }
  }

  private func emitCall(
    _ operation: Instruction.Operation, _ target: Int, _ callee: Int, _ first: Int,
    _ arguments: [Expression.Argument], _ calleeNode: Expression, member: String? = nil
  ) {
    let labels = arguments.map { $0.label?.text }
    tables.callSites.append(
      CallSite(
        member: member.map { shared.symbols[$0] }, labels: labels,
        spans: arguments.map(\.value.span), labelSpans: arguments.map { $0.label?.span },
        hasLabels: labels.contains { $0 != nil },
        calleeText: calleeNode.calleeText))
    emit(
      operation, flags: UInt8(truncatingIfNeeded: arguments.count), target, callee, first)
    let hasLabels = labels.contains { $0 != nil }
    emitWide(.word, hasLabels ? 1 : 0, tables.callSites.count - 1)
  }
}

extension Expression {
  /// What a callee is called in messages.
  fileprivate var calleeText: String {
    switch kind {
    case .name(let use): use.text
    case .member(_, let word): word.text
    default: "this value"
    }
  }
}
