/// Constructing, including and rebuilding modules.
///
/// While a module's body runs, the parameters that come into being are logged: its own by their
/// field, those of a module that the body constructs as that module's whole log, those of a module
/// that it copies as the list of all modules which the copy has made. Flattened, the log is the
/// order in which the parameters appear. Rebuilding a module runs the body again with other
/// arguments; the k-th parameter that is declared or copied then is the k-th of the log, by name,
/// instead of a new initial value. So everything that the body computes from its parameters comes
/// out right, and contracts are checked against the new dimensions.
extension Interpreter {
  /// The parameters that a rebuilt module takes over.
  struct Replay {
    var parameters: [(name: String, value: Value)]
    var next = 0
  }

  // Construction

  func pushConstruction(
    _ definition: ModuleDefinition, _ arguments: ArgumentWindow, _ site: CallSite, result: Int
  ) throws(Fault) {
    let frame = try constructionFrame(
      definition, arguments, site, result: result, kind: .construction)
    depth += 1
    stack[depth] = frame
    top = frame.registers.advanced(by: frame.size)
  }

  func construct(
    _ definition: ModuleDefinition, _ arguments: ArgumentWindow, _ site: CallSite
  ) throws(Fault) -> Value {
    try enter(
      try constructionFrame(definition, arguments, site, result: 0, kind: .constructionEntry))
  }

  private func constructionFrame(
    _ definition: ModuleDefinition, _ arguments: ArgumentWindow, _ site: CallSite, result: Int,
    kind: Frame.Kind
  ) throws(Fault) -> Frame {
    guard constructions.count < host.limits.nesting else { throw Fault(.moduleTooDeep) }
    let template = definition.template
    let module = ModuleValue(definition, arguments: Record())
    let frame = try frame(
      template.constructor, arguments, site, result: result, kind: kind, module: module)
    let registers = frame.registers
    registers.set(template.selfRegister, .module(module))
    for (position, name) in template.constructor.parameters.enumerated()
    where registers[position].tag != .unset {
      module.arguments[name] = registers[position].value
    }
    constructions.append(Construction(module: module, replayed: replay?.next ?? 0))
    return frame
  }

  /// Gives up the module whose body has failed; if somebody catches the error, what it has taken
  /// from a replay is not part of the log.
  func abandonConstruction() {
    guard let construction = constructions.popLast() else { return }
    replay?.next = construction.replayed
  }

  /// Completes the module whose body has come to its end.
  func finishConstruction() {
    guard let construction = constructions.popLast() else { return }
    construction.module.isComplete = true
    if !constructions.isEmpty {
      constructions[constructions.count - 1].module.log.append(.child(construction.module))
    }
  }

  // Parameters

  /// Begins the declaration of a parameter. `true` when a replay has provided its value.
  func beginParameter(_ i: Instruction, _ r: Registers) throws(Fault) -> Bool {
    guard let construction = constructions.last else { return false }
    let module = construction.module
    constructions[constructions.count - 1].mark = module.log.count
    let name = module.definition.template.fields[i.second].name
    guard let value = try replayedParameter(name) else { return false }
    r.set(i.first, value)
    return true
  }

  /// The next parameter of the replay, which is to have a name; `nil` when nothing is replayed.
  func replayedParameter(_ name: String) throws(Fault) -> Value? {
    guard !constructions.isEmpty, let replay else { return nil }
    guard replay.next < replay.parameters.count else {
      throw Fault(.logMismatch(expected: name, found: nil))
    }
    let (logged, value) = replay.parameters[replay.next]
    guard logged == name else { throw Fault(.logMismatch(expected: name, found: logged)) }
    self.replay?.next += 1
    return value
  }

  /// Turns the initial value of a parameter into one.
  func adoptParameter(_ i: Instruction, _ r: Registers) throws(Fault) {
    guard let construction = constructions.last else { return }
    // What the initial value constructed on the way is not part of the module.
    let log = construction.module.log
    construction.module.log.removeLast(max(0, log.count - construction.mark))
    let field = construction.module.definition.template.fields[i.second]
    guard let role = field.role else { return }
    r.set(i.first, try parameter(r[i.first].value, role))
  }

  func logParameter(_ field: Int) {
    constructions.last?.module.log.append(.own(field))
  }

  private func parameter(_ value: Value, _ role: ParameterRole) throws(Fault) -> Value {
    switch value {
    case .nil: return .nil
    case .list(let box):
      var items: [Value] = []
      for item in box.items { items.append(try parameter(item, role)) }
      return Value(items)
    case .record(let box):
      var values: [Value] = []
      for value in box.record.values { values.append(try parameter(value, role)) }
      return Value(Record(table: box.record.table, values: values))
    case .host(let box):
      guard let object = box.object as? any HostParameter else { break }
      return Value(try hosted { try object.parameter(role) })
    default: break
    }
    if role != .state, let promoted = try hosted({ try host.promote(value) }),
      let object = promoted.object as? any HostParameter
    {
      return Value(try hosted { try object.parameter(role) })
    }
    guard role != .param else { throw Fault(.notParameter(value, role)) }
    return value
  }

  // Inclusion

  /// The most modules that can stand inside each other by inclusion.
  private static let inclusionLimit = 100

  /// Makes a module part of the one that is being constructed.
  func include(_ i: Instruction, _ r: Registers) throws(Fault) {
    guard let module = constructions.last?.module else { return }
    let name = module.definition.template.fields[i.second].name
    guard case .module(let part) = r[i.first].value else {
      throw Fault(.notIncludable(name, r[i.first].value))
    }
    guard part.inclusionDepth < Self.inclusionLimit else { throw Fault(.moduleTooDeep) }
    module.inclusionDepth = max(module.inclusionDepth, part.inclusionDepth + 1)
    module.fields[i.second] = .module(part)
  }

  /// Refuses a module in which two parameters would have one path.
  func checkPaths() throws(Fault) {
    guard let clash = constructions.last?.module.clash else { return }
    throw Fault(.pathTwice(clash.path, clash.owners.0, clash.owners.1)).blaming(.span(clash.span))
  }

  // Rebuilding

  /// A module made with one argument replaced, sharing the parameters of the original.
  ///
  /// - Parameters:
  ///   - module: The original; it is not changed.
  ///   - name: The argument to replace, such as `classes`.
  ///   - value: Its new value.
  package func rebuild(
    _ module: ModuleValue, replacing name: String, with value: Value
  ) throws(Fault) -> ModuleValue {
    let template = module.definition.template
    guard template.constructor.parameters.contains(name) else {
      throw Fault(.notRebuildable(module.definition.name))
    }
    if name == "classes", let (part, dependence) = classDependence(of: module) {
      throw Fault(
        .classDependent(
          dependence.declaration, of: part === module ? nil : part.definition.name,
          dimension: dependence.dimension, module: template.name))
    }
    if name == "classes", let part = partWithClasses(of: module) {
      throw Fault(.classesOutside(part: part.definition.name, module: template.name))
    }
    var arguments = module.arguments.entries.filter { $0.key != name }.map { ($0.key, $0.value) }
    arguments.append((name, value))
    let outer = replay
    let outerConstructions = constructions
    replay = Replay(parameters: flattenedLog(of: module))
    constructions = []
    defer {
      replay = outer
      constructions = outerConstructions
    }
    let result = try call(.definition(module.definition), [], labels: arguments)
    guard let rebuilt = result.module else { throw Fault(.notRebuildable(template.name)) }
    if let replay, replay.next < replay.parameters.count {
      throw Fault(.logTooLong(replay.parameters[replay.next].name))
    }
    return rebuilt
  }

  /// An included module that was an argument and has classes: it would keep them.
  private func partWithClasses(of module: ModuleValue) -> ModuleValue? {
    module.included.first { part in
      part.definition.template.constructor.parameters.contains("classes")
        && module.arguments.entries.contains { $0.value.module === part }
    }
  }

  /// The first of a module, what it has constructed and what it holds that has a parameter with one
  /// entry a class.
  private func classDependence(
    of module: ModuleValue
  ) -> (ModuleValue, ModuleTemplate.ClassDependence)? {
    var seen: Set<ObjectIdentifier> = []
    var pending = [module]
    while let part = pending.popLast() {
      guard seen.insert(ObjectIdentifier(part)).inserted else { continue }
      if let dependence = part.definition.template.classDependence { return (part, dependence) }
      for entry in part.log {
        switch entry {
        case .own: break
        case .child(let child): pending.append(child)
        case .copies(let copies): pending += copies
        }
      }
      pending += part.children.map(\.module)
      pending += part.included
    }
    return nil
  }

  private func flattenedLog(of module: ModuleValue) -> [(name: String, value: Value)] {
    var parameters: [(name: String, value: Value)] = []
    // The entries still to be visited, last one first.
    var pending: [(ModuleValue, ModuleValue.LogEntry)] = module.log.reversed().map { (module, $0) }
    while let (owner, entry) = pending.popLast() {
      switch entry {
      case .own(let field):
        let name = owner.definition.template.fields[field].name
        parameters.append((name, owner.fields[field] ?? .nil))
      case .child(let child): pending += child.log.reversed().map { (child, $0) }
      case .copies(let copies):
        for copy in copies { parameters += copy.ownParameters }
      }
    }
    return parameters
  }
}
