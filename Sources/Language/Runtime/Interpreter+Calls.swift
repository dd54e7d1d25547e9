extension Interpreter {
  /// Begins a call that is not of the simplest kind. `true` when a frame has been pushed; otherwise
  /// the call is over and its result is in place.
  func beginCall(
    _ callee: Slot, _ i: Instruction, _ r: Registers, site number: Int
  ) throws(Fault) -> Bool {
    let site = stack[depth].callSite(number)
    let arguments = ArgumentWindow(registers: r, first: i.third, count: Int(i.flags))
    if callee.tag == .native, case .native(let native) = callee.value {
      try callNative(native, receiver: native.receiver, arguments, site, r, result: i.first)
      return false
    }
    return try begin(callee.value, arguments, site, result: i.first)
  }

  /// `object.name(…)`
  func beginMemberCall(
    _ i: Instruction, _ r: Registers, site number: Int
  ) throws(Fault) -> Bool {
    let site = stack[depth].callSite(number)
    let arguments = ArgumentWindow(registers: r, first: i.third, count: Int(i.flags))
    guard let name = site.member else { return false }
    let object = r[i.second].value
    switch object {
    case .module(let module):
      if let (method, owner) = module.method(name.text) {
        try push(
          method, arguments, site, result: i.first, kind: .call, owner: .module(owner),
          module: owner)
        return true
      }
    case .host(let box):
      if let method = method(of: box.object, name.text) {
        try callNative(method, receiver: object, arguments, site, r, result: i.first)
        return false
      }
    default: break
    }
    let callee = try member(of: object, name.text)
    return try begin(callee, arguments, site, result: i.first)
  }

  /// A function of the module that the running function belongs to.
  func beginMethodCall(
    _ i: Instruction, _ r: Registers, site number: Int
  ) throws(Fault) {
    let frame = stack[depth]
    guard let module = frame.module else { return }
    let site = frame.callSite(number)
    let arguments = ArgumentWindow(registers: r, first: i.third, count: Int(i.flags))
    try push(
      module.definition.template.methods[i.second], arguments, site, result: i.first, kind: .call,
      owner: nil, module: module)
  }

  /// A call by Swift, with its arguments in registers that nobody else uses.
  func call(
    _ callee: Value, _ window: Registers, _ count: Int, _ site: CallSite
  ) throws(Fault) -> Value {
    let arguments = ArgumentWindow(registers: window, first: 0, count: count)
    switch callee {
    case .function(let closure):
      return try enter(
        frame(
          closure.code, arguments, site, kind: .entry, closure: closure, module: closure.module))
    case .definition(let definition):
      return try construct(definition, arguments, site)
    case .module(let module):
      guard let (method, owner) = module.method("call") else { break }
      return try enter(
        frame(method, arguments, site, kind: .entry, owner: .module(owner), module: owner))
    default: break
    }
    // What is left runs in Swift; its result goes where the first argument was.
    let result = top
    guard stack.reserve(1, at: result) else { throw Fault(.tooManyCalls(stack.depthLimit)) }
    top = result.advanced(by: 1)
    defer {
      result.clear(0)
      top = result
    }
    try callInSwift(callee, arguments, site, result, at: 0)
    return result.take(0)
  }

  private func begin(
    _ callee: Value, _ arguments: ArgumentWindow, _ site: CallSite, result: Int
  ) throws(Fault) -> Bool {
    switch callee {
    case .function(let closure):
      try push(
        closure.code, arguments, site, result: result, kind: .call, owner: callee,
        closure: closure, module: closure.module)
      return true
    case .definition(let definition):
      try pushConstruction(definition, arguments, site, result: result)
      return true
    case .module(let module):
      guard let (method, owner) = module.method("call") else {
        throw notCallable(callee, site)
      }
      try push(
        method, arguments, site, result: result, kind: .call, owner: .module(owner), module: owner)
      return true
    default:
      try callInSwift(callee, arguments, site, stack[depth].registers, at: result)
      return false
    }
  }

  private func callInSwift(
    _ callee: Value, _ arguments: ArgumentWindow, _ site: CallSite, _ target: Registers,
    at result: Int
  ) throws(Fault) {
    switch callee {
    case .native(let native):
      try callNative(
        native, receiver: native.receiver, arguments, site, target, result: result)
    case .host(let box):
      guard let native = self.callee(of: box.object) else {
        throw notCallable(callee, site)
      }
      try callNative(native, receiver: callee, arguments, site, target, result: result)
    default: throw notCallable(callee, site)
    }
  }

  private func notCallable(_ callee: Value, _ site: CallSite) -> Fault {
    let meant = callee.string.flatMap { isCallable(named: $0) ? $0 : nil }
    return Fault(.notCallable(callee, name: site.calleeText, meant: meant))
  }

  /// Whether a name of a running file, of the prelude or of the host can be called.
  private func isCallable(named name: String) -> Bool {
    if let value = vocabulary.words[name] { return value.isCallable }
    for level in stride(from: depth, through: 0, by: -1) {
      if let value = stack[level].code.fileScope.value(name) { return value.isCallable }
    }
    guard let prelude = vocabulary.prelude, let variable = prelude[name] else { return false }
    return (try? preludeValue(variable.number))?.isCallable ?? false
  }

  // Frames

  /// Pushes a frame on top of the running one.
  func push(
    _ code: Code, _ arguments: ArgumentWindow, _ site: CallSite, result: Int, kind: Frame.Kind,
    owner: Value?, closure: Closure? = nil, module: ModuleValue? = nil
  ) throws(Fault) {
    let frame = try frame(
      code, arguments, site, result: result, kind: kind, owner: owner, closure: closure,
      module: module)
    depth += 1
    stack[depth] = frame
    top = frame.registers.advanced(by: frame.size)
  }

  /// A frame with its arguments moved into place.
  ///
  /// - Parameter owner: What must live as long as the frame, if nothing else is sure to keep it:
  ///   it is put into a register behind the frame's own.
  func frame(
    _ code: Code, _ arguments: ArgumentWindow, _ site: CallSite, result: Int = 0,
    kind: Frame.Kind, owner: Value? = nil, closure: Closure? = nil, module: ModuleValue? = nil
  ) throws(Fault) -> Frame {
    let size = code.entry.frameSize + (owner == nil ? 0 : 1)
    guard depth + 1 < stack.depthLimit, stack.reserve(size, at: top) else {
      throw Fault(.tooManyCalls(stack.depthLimit))
    }
    if !site.hasLabels, arguments.count <= code.entry.parameterCount,
      arguments.count >= code.entry.requiredCount
    {
      arguments.registers.moveOut(arguments.first, count: arguments.count, to: top)
    } else {
      let positions = try match(
        arguments, site, code.parameters, required: code.entry.requiredCount,
        callee: code.function.qualifiedName)
      for (index, position) in positions.enumerated() {
        arguments.registers.move(arguments.first + index, to: position, in: top)
      }
    }
    if let owner { top.set(size - 1, owner) }
    return Frame(
      code, top, size: size, result: result, kind: kind, closure: closure, module: module)
  }

  /// The parameter that each argument is for.
  func match(
    _ arguments: ArgumentWindow, _ site: CallSite, _ parameters: [String], required: Int,
    variadic: Int? = nil, isOptional: (Int) -> Bool = { _ in false }, callee: String
  ) throws(Fault) -> [Int] {
    var positions: [Int] = []
    var given = Set<Int>()
    for index in 0..<arguments.count {
      let span = index < site.spans.count ? site.spans[index] : nil
      let blame = span.map(Fault.Blame.span) ?? .call
      if let label = site.labels[index] {
        guard let position = parameters.firstIndex(of: label), position != variadic else {
          let suggestion = Spelling.nearest(to: label, among: parameters)
          let known = parameters.enumerated().filter { $0.offset != variadic }.map(\.element)
          throw Fault(.unknownLabel(label, of: callee, suggestion: suggestion, known: known))
            .blaming(site.blame(ofLabel: index))
        }
        guard given.insert(position).inserted else {
          throw Fault(.givenTwice(label)).blaming(site.blame(ofLabel: index))
        }
        positions.append(position)
      } else if let variadic, index >= variadic {
        positions.append(variadic)
      } else {
        guard index < parameters.count else {
          let allowed = parameters.count
          throw Fault(.tooManyArguments(callee, given: arguments.count, allowed: allowed))
            .blaming(blame)
        }
        given.insert(index)
        positions.append(index)
      }
    }
    for position in 0..<min(required, parameters.count)
    where !given.contains(position) && position != variadic && !isOptional(position) {
      throw Fault(.missingArgument(parameters[position], of: callee))
    }
    return positions
  }
}

extension CallSite {
  /// Where a label stands, to blame it.
  fileprivate func blame(ofLabel index: Int) -> Fault.Blame {
    guard index < labelSpans.count, let span = labelSpans[index] else { return .call }
    return .span(span)
  }
}

/// The registers in which a caller has put the arguments of a call.
struct ArgumentWindow {
  let registers: Registers
  let first: Int
  let count: Int
}

extension Value {
  /// What it is called as a callee, in messages.
  var calleeName: String {
    switch self {
    case .function(let closure): closure.code.function.qualifiedName
    case .native(let native): native.name
    case .definition(let definition): definition.name
    default: kind
    }
  }

  /// Whether a script can call it.
  package var isCallable: Bool {
    switch self {
    case .function, .native, .definition: true
    case .module(let module): module.hasFunction("call")
    case .host(let box): box.object is any HostCallable
    default: false
    }
  }
}
