/// Contracts at work. A dimension is bound by the first contract that meets it in a call, and the
/// register or field behind it keeps the number of that contract, so that a disagreement can say
/// where the size came from.
extension Interpreter {
  /// What a contract is checked in: a frame of script, or the window of a native call.
  struct CheckContext {
    let registers: Registers
    /// Of a native call.
    var declaration: NativeDeclaration?
    var site: CallSite?
  }

  func check(_ i: Instruction, _ r: Registers) throws(Fault) {
    let contract = stack[depth].contract(i.wide)
    if let tag = contract.fittingTag, r[i.first].tag == tag { return }
    try check(contract, i.first, CheckContext(registers: r))
  }

  func check(
    _ contract: Contract, _ register: Int, in window: Registers,
    declaration: NativeDeclaration, site: CallSite
  ) throws(Fault) {
    if let tag = contract.fittingTag, window[register].tag == tag { return }
    try check(
      contract, register,
      CheckContext(registers: window, declaration: declaration, site: site))
  }

  private func check(
    _ contract: Contract, _ register: Int, _ context: CheckContext
  ) throws(Fault) {
    let slot = context.registers[register]
    if slot.tag == .nil && contract.isOptional { return }
    switch contract.kind {
    case .type(let type, let targets):
      if type.widensInt, slot.tag == .int {
        return context.registers.setFloat(register, Double(slot.int))
      }
      let value = slot.value
      guard type.accepts(value) else {
        throw Fault(.kind(contract, type.article, value, advice: type.advice(value)))
      }
      guard !targets.isEmpty else { return }
      for (target, size) in zip(targets, type.sizes(value)) {
        try bind(target, to: size, contract, context) { .sizes(type.name, $0) }
      }
    case .dynamic(let place): try check(slot.value, contract, place)
    case .shape(let dimensions):
      try check(slot.value, contract, dimensions, context)
    }
  }

  private func check(_ value: Value, _ contract: Contract, _ place: Place) throws(Fault) {
    let type = try self.value(at: place) ?? .nil
    switch type {
    case .type(let type):
      if type.accepts(value) { return }
      throw Fault(.kind(contract, type.article, value, advice: type.advice(value)))
    case .definition(let definition):
      if let module = value.module, module.definition === definition { return }
      let article = HostType.withArticle(definition.name)
      throw Fault(.kind(contract, article, value, advice: nil))
    default: throw Fault(.notType(contract.text, type))
    }
  }

  // Shapes

  private func check(
    _ value: Value, _ contract: Contract, _ dimensions: [Contract.Dimension],
    _ context: CheckContext
  ) throws(Fault) {
    if contract.isElementwise, let elements = value.elementsOfParameter {
      for element in elements where !element.isNil {
        try check(element, contract, dimensions, context)
      }
      return
    }
    guard let shape = value.shape else {
      throw Fault(.noShape(contract, value))
    }
    let given = dimensions.count { !$0.isEllipsis }
    let leading = dimensions.firstIndex { $0.isEllipsis }
    guard shape.count == given || (leading != nil && shape.count > given) else {
      throw Fault(
        .rank(contract, value, shape, expected: given, atLeast: leading != nil))
    }
    let skipped = shape.count - given
    var axis = 0
    for dimension in dimensions {
      if dimension.isEllipsis {
        axis += skipped
        continue
      }
      try check(dimension, axis, value, shape, contract, context)
      axis += 1
    }
  }

  private func check(
    _ dimension: Contract.Dimension, _ axis: Int, _ value: Value, _ shape: [Int],
    _ contract: Contract, _ context: CheckContext
  ) throws(Fault) {
    let size = shape[axis]
    switch dimension {
    case .any, .ellipsis: break
    case .bind(let target):
      try bind(target, to: size, contract, context) { expected in
        .axis(value, shape, axis, expected: expected, target.name)
      }
    case .size(let wanted):
      let expected = try self.size(wanted, context)
      guard expected != size else { return }
      let mismatch = SizeMismatch.axis(value, shape, axis, expected: expected, wanted.name)
      throw Fault(.size(contract, mismatch, bound: wanted.declaration(expected)))
    }
  }

  private func bind(
    _ target: Contract.Dimension.Target, to size: Int, _ contract: Contract,
    _ context: CheckContext, _ mismatch: (Int) -> SizeMismatch
  ) throws(Fault) {
    switch target.place {
    case .field(let number):
      guard let module = stack[depth].module else { return }
      if let known = module.fields[number]?.int {
        guard known != size else { return }
        let origin = module.fields[number + 1]?.int
        let label = origin.flatMap { boundLabel(module, contract: $0, target.name, known) }
        throw Fault(.size(contract, mismatch(known), bound: label))
      }
      module.fields[number] = .int(size)
      // A function's contract may be the first to meet it; then there is nothing to point to.
      let isConstructing = constructions.last.map { $0.module === module } ?? false
      if isConstructing { module.fields[number + 1] = .int(contract.number) }
    case .register(let register):
      let registers = context.registers
      guard registers[register].tag != .unset else {
        registers.setInt(register, size)
        return registers.setInt(register + 1, contract.number)
      }
      let known = registers[register].int
      guard known != size else { return }
      let label = boundLabel(registers[register + 1].int, target.name, known, context)
      throw Fault(.size(contract, mismatch(known), bound: label))
    default: break
    }
  }

  /// The size that a contract asks for.
  private func size(_ size: Contract.Size, _ context: CheckContext) throws(Fault) -> Int {
    switch size {
    case .fixed(let number): return number
    case .known(let name, let place, _):
      if case .register(let register) = place, context.declaration != nil {
        guard context.registers[register].tag == .int else {
          throw Fault(.dimensionUnbound(name))
        }
        return context.registers[register].int
      }
      guard let value = try value(at: place) else { throw Fault(.dimensionUnbound(name)) }
      guard let number = value.int else { throw Fault(.notSize(name, value)) }
      return number
    case .arithmetic(let left, let operation, let right):
      let (a, b) = (try self.size(left, context), try self.size(right, context))
      switch operation {
      case .add: return try exact(a.addingReportingOverflow(b), .add, a, b)
      case .subtract: return try exact(a.subtractingReportingOverflow(b), .subtract, a, b)
      case .multiply: return try exact(a.multipliedReportingOverflow(by: b), .multiply, a, b)
      case .floorDivide:
        guard case .int(let number) = try combine(.floorDivide, .int(a), .int(b)) else { return 0 }
        return number
      }
    }
  }

  private func exact(
    _ result: (partialValue: Int, overflow: Bool), _ operation: BinaryOperator, _ a: Int, _ b: Int
  ) throws(Fault) -> Int {
    guard !result.overflow else { throw Fault(.overflow(operation, a, b)) }
    return result.partialValue
  }

  // Where a dimension was bound

  /// The label for a dimension of a function: at the argument of the call, if it was an argument.
  private func boundLabel(
    _ number: Int, _ name: String, _ size: Int, _ context: CheckContext
  ) -> Diagnostic.Label? {
    let text = "`\(name)` was bound to \(size) here"
    if let declaration = context.declaration, let site = context.site {
      guard number < declaration.contracts.count,
        case .argument(let parameter, let position) = declaration.contracts[number].subject,
        let span = site.span(ofParameter: position, parameter)
      else { return nil }
      return Diagnostic.Label(Location(stack[depth].code.file, span), text)
    }
    let code = stack[depth].code
    guard number < code.tables.contracts.count else { return nil }
    let contract = code.tables.contracts[number]
    switch contract.subject {
    case .argument(let parameter, let position):
      if let caller = callSiteBelow(),
        let span = caller.site.span(ofParameter: position, parameter)
      {
        return Diagnostic.Label(Location(caller.code.file, span), text)
      }
    case .binding(_, let span): return Diagnostic.Label(Location(code.file, span), text)
    case .result: break
    }
    return Diagnostic.Label(Location(code.file, contract.span), text)
  }

  /// The label for a dimension of a module: at the contract of its declaration.
  private func boundLabel(
    _ module: ModuleValue, contract number: Int, _ name: String, _ size: Int
  ) -> Diagnostic.Label? {
    let code = module.definition.template.constructor
    guard number < code.tables.contracts.count else { return nil }
    let contract = code.tables.contracts[number]
    return Diagnostic.Label(
      Location(code.file, contract.span), "`\(name)` was bound to \(size) here")
  }

  // Dimensions as numbers

  func getDimension(_ i: Instruction, _ r: Registers) throws(Fault) {
    guard r[i.second].tag == .int else {
      guard case .string(let name) = stack[depth].constants[i.third].value else { return }
      throw Fault(.dimensionUnbound(name.text))
    }
    r.setInt(i.first, r[i.second].int)
  }
}

/// How a size and a contract disagree.
enum SizeMismatch {
  /// An axis of a shape; the name is that of the dimension, if the contract has one.
  case axis(Value, [Int], Int, expected: Int, String?)
  /// A size that a type contributes, such as the number of classes.
  case sizes(String, Int)
}

extension Contract.Dimension {
  var isEllipsis: Bool { if case .ellipsis = self { true } else { false } }
}

extension Contract.Size {
  /// The name it is written with, if it is a plain one.
  var name: String? { if case .known(let name, _, _) = self { name } else { nil } }

  /// The label at the declaration of a plain name: what it stands for may be a surprise.
  func declaration(_ size: Int) -> Diagnostic.Label? {
    guard case .known(let name, _, let location?) = self else { return nil }
    return Diagnostic.Label(location, "`\(name)` stands for \(size) here")
  }
}

extension Value {
  /// The lengths of its axes, if it can meet a shape contract; a number has none.
  var shape: [Int]? {
    switch self {
    case .int, .float: []
    case .host(let box): (box.object as? any HostShaped)?.shape
    default: nil
    }
  }

  /// The elements of a list or record of parameters.
  fileprivate var elementsOfParameter: [Value]? {
    switch self {
    case .list(let box): box.items
    case .record(let box): box.record.values
    default: nil
    }
  }
}
