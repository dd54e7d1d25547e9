/// A register with a value, and whether it is a temporary one that nobody reads afterwards.
struct Operand {
  let register: Int
  let isTemporary: Bool
}

extension Compiler {
  func binding(of use: NameUse) -> Binding { shared.bindings[use.id] }

  /// The register in which a variable of this frame stands, if it is in one and always set.
  func register(of binding: Binding) -> Int? {
    switch binding {
    case .local(let variable):
      return variable.isBoxed || variable.kind == .dimension ? nil : variable.number
    case .global(let variable) where isMain && variable.deferredImport == nil:
      return variable.number
    default: return nil
    }
  }

  func load(_ binding: Binding, name: String, to target: Int) {
    if let register = register(of: binding) {
      if register != target { emit(.copy, target, register) }
      return
    }
    switch binding {
    case .unknown: emit(.loadNil, target)
    case .local(let variable) where variable.kind == .dimension:
      emit(.getDimension, target, variable.number, constant(named: name))
    case .local(let variable): emit(.getCell, target, variable.number)
    case .captured(let index, let variable):
      emit(variable.isBoxed ? .getCapturedCell : .getCapture, target, index)
    case .capturedByModule(let index, let variable):
      emit(variable.isBoxed ? .getModuleCell : .getModuleCapture, target, index)
    case .itself: emit(.getItself, target)
    case .field(let variable): emit(.getField, target, variable.number)
    case .method(let variable): emit(.bindMethod, target, variable.number)
    case .global(let variable): emitWide(.getGlobal, target, variable.number)
    case .prelude(let variable): emitWide(.getPrelude, target, variable.number)
    case .constant(let value): loadConstant(value, to: target)
    }
  }

  func loadConstant(_ value: Value, to target: Int) {
    switch value {
    case .nil: emit(.loadNil, target)
    case .bool(let value): emit(.loadBool, flags: value ? 1 : 0, target)
    case .int(let value) where Int(Int32(truncatingIfNeeded: value)) == value:
      emitWide(.loadInt, target, value)
    default: emitWide(.loadConstant, target, constant(value))
    }
  }

  /// Gives a variable that is being declared a register of its own, if it lives in the frame.
  func allotRegister(_ variable: Variable) {
    if variable.home == .frame { variable.number = allocate() }
  }

  /// Stores a register in a variable that is being declared.
  func define(_ variable: Variable, from source: Int) {
    switch variable.home {
    case .field: emit(.setField, source, variable.number)
    case .frame where variable.isBoxed: emit(.makeCell, variable.number, source)
    case .frame, .file: if source != variable.number { emit(.move, variable.number, source) }
    }
  }

  /// Stores a register in a variable that is assigned.
  func store(_ binding: Binding, from source: Int) {
    switch binding {
    case .local(let variable) where variable.isBoxed: emit(.setCell, source, variable.number)
    case .local(let variable): if source != variable.number { emit(.move, variable.number, source) }
    case .captured(let index, _): emit(.setCapturedCell, source, index)
    case .capturedByModule(let index, _): emit(.setModuleCell, source, index)
    case .field(let variable): emit(.setField, source, variable.number)
    case .global(let variable) where isMain:
      if source != variable.number { emit(.move, variable.number, source) }
    case .global(let variable): emitWide(.setGlobal, source, variable.number)
    case .unknown, .itself, .method, .prelude, .constant: break
    }
  }

  /// Where the machine finds a variable: for captures, contracts and assignments into it.
  func place(of binding: Binding) -> Place {
    switch binding {
    case .unknown: .constant(.nil)
    case .local(let variable) where variable.isBoxed: .cell(variable.number)
    case .local(let variable): .register(variable.number)
    case .captured(let index, let variable):
      variable.isBoxed ? .capturedCell(index) : .capture(index)
    case .capturedByModule(let index, let variable):
      variable.isBoxed ? .moduleCell(index) : .moduleCapture(index)
    case .itself: .itself
    case .field(let variable): .field(variable.number)
    case .method(let variable): .method(variable.number)
    case .global(let variable): isMain ? .register(variable.number) : .global(variable.number)
    case .prelude(let variable): .prelude(variable.number)
    case .constant(let value): .constant(value)
    }
  }

  // Operands

  /// A register that holds the value of an expression while `others` are evaluated, and during the
  /// call of it if it is called.
  func operand(
    _ expression: Expression, before others: [Expression] = [], isCalled: Bool = false
  ) -> Operand {
    if case .name(let use) = expression.kind {
      let binding = binding(of: use)
      let isExposed = isCalled && binding.isAssignableFromAnywhere
      if let register = register(of: binding), !isExposed, !mayChange(binding, during: others) {
        return Operand(register: register, isTemporary: false)
      }
    }
    let register = allocate()
    compile(expression, to: register)
    return Operand(register: register, isTemporary: true)
  }

  private func mayChange(_ binding: Binding, during others: [Expression]) -> Bool {
    guard !others.isEmpty, let variable = binding.variable, variable.kind.isAssignable else {
      return false
    }
    return others.contains { $0.mayAssign(throughCalls: variable.home == .file) }
  }
}

extension Binding {
  /// Whether a function of the file may assign the variable while another one runs.
  fileprivate var isAssignableFromAnywhere: Bool {
    guard let variable else { return false }
    return variable.home == .file && variable.kind.isAssignable
  }
}

extension Expression {
  /// Whether evaluating it may assign a variable of the same frame; with `throughCalls`, one that
  /// functions of the file can reach as well.
  func mayAssign(throughCalls: Bool) -> Bool {
    func any(_ parts: [Expression]) -> Bool {
      parts.contains { $0.mayAssign(throughCalls: throughCalls) }
    }
    switch kind {
    case .nil, .bool, .int, .float, .string, .ellipsis, .name, .function: return false
    case .interpolation(let parts), .list(let parts): return any(parts)
    case .record(let fields): return any(fields.map(\.value))
    case .negate(let operand), .not(let operand), .member(let operand, _): return any([operand])
    case .binary(let left, _, let right, _), .logical(let left, _, let right),
      .range(let left, let right, _):
      return any([left, right])
    case .call(let callee, let arguments, _):
      return throughCalls || any([callee] + arguments.map(\.value))
    case .index(let object, let parts): return any([object] + parts.flatMap(\.expressions))
    case .conditional, .block, .noGrad: return true
    }
  }
}

extension Expression.Part {
  /// The expressions in it, in order.
  var expressions: [Expression] {
    switch self {
    case .value(let value): [value]
    case .slice(let start, let stop, let step, _): [start, stop, step].compactMap { $0 }
    case .ellipsis: []
    }
  }
}
