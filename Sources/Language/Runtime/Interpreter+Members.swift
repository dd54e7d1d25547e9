extension Interpreter {
  // x.name

  func getMember(
    _ i: Instruction, _ r: Registers, cache: CodePointer, at word: Int
  ) throws(Fault) {
    if r[i.second].tag == .record {
      let record = r.record(i.second).record
      let key = stack[depth].constants[i.third]
      if let position = position(of: key, in: record, cache, word) {
        r.set(i.first, record.value(at: position))
        if i.flags & Instruction.dropsSecond != 0, i.first != i.second { r.clear(i.second) }
        return
      }
    }
    guard case .string(let name) = stack[depth].constants[i.third].value else { return }
    let object = r[i.second].value
    r.set(i.first, try member(of: object, name.text))
    if i.flags & Instruction.dropsSecond != 0, i.first != i.second { r.clear(i.second) }
  }

  /// Where a record has a key, remembered in the word behind the instruction.
  private func position(
    of key: Slot, in record: Record, _ cache: CodePointer, _ word: Int
  ) -> Int? {
    guard case .string(let name) = key.value else { return nil }
    let guess = cache[word].wide
    if record.table.holds(name, at: guess) { return guess }
    guard let position = record.position(of: name) else { return nil }
    cache[word] = Instruction(.word, 0, wide: position)
    return position
  }

  /// The member of any value, as `object.name` gives it.
  package func member(of object: Value, named name: String) throws(Fault) -> Value {
    try member(of: object, name)
  }

  func member(of object: Value, _ name: String) throws(Fault) -> Value {
    switch object {
    case .record(let box):
      if let value = box.record[name] { return value }
      throw Fault(.noKey(name, suggestion: Spelling.nearest(to: name, among: box.record.keys)))
    case .module(let module): return try member(of: module, name)
    case .range(let range):
      if name == "start" { return .int(range.start) }
      if name == "end" { return .int(range.end) }
    case .host(let box):
      if let method = method(of: box.object, name) { return .native(method.bound(to: object)) }
      if let members = box.object as? any HostMembers,
        let value = try hosted({ try members.member(name) })
      {
        return value
      }
    default: break
    }
    let suggestion = Spelling.nearest(to: name, among: memberNames(of: object))
    throw Fault(.noMember(object, name, suggestion: suggestion))
  }

  private func member(of module: ModuleValue, _ name: String) throws(Fault) -> Value {
    if let owner = module.owner(of: name) {
      switch owner.definition.template.members[name] {
      case .field(let number):
        guard let value = owner.fields[number] else { throw Fault(.unset(name)) }
        return value
      case .method(let number):
        return .function(Closure(owner.definition.template.methods[number], module: owner))
      case nil: break
      }
    }
    switch name {
    case "parameters": return Value(module.parameters(.param))
    case "frozen": return Value(module.parameters(.frozen))
    case "state": return Value(module.parameters(.state))
    case "for" where module.canBeRebuilt:
      return .native(rebuilding.bound(to: .module(module)))
    default:
      let suggestion = Spelling.nearest(to: name, among: memberNames(of: .module(module)))
      throw Fault(.noMember(.module(module), name, suggestion: suggestion))
    }
  }

  /// `m.for(classes)`
  private var rebuilding: Native {
    Native(
      "for(classes)",
      "The same module for other classes, sharing its parameters: the constructor runs again with "
        + "the same arguments, except `classes`."
    ) { arguments in
      guard let module = arguments.receiverValue?.module else { return .nil }
      return .module(
        try arguments.interpreter.rebuild(module, replacing: "classes", with: arguments[0]))
    }
  }

  /// The names behind the dot of a value, for completion and suggestions.
  func memberNames(of object: Value) -> [String] {
    switch object {
    case .record(let box): return box.record.keys
    case .range: return ["start", "end"]
    case .module(let module):
      return module.memberNames + ["parameters", "frozen", "state"]
        + (module.canBeRebuilt ? ["for"] : [])
    case .host(let box):
      let members = (box.object as? any HostMembers)?.memberNames ?? []
      return members + methodNames(of: box.object).sorted()
    default: return []
    }
  }

  // Module variables

  func field(_ number: Int) throws(Fault) -> Value {
    guard let module = stack[depth].module else { return .nil }
    guard let value = module.fields[number] else {
      let field = module.definition.template.fields[number]
      throw Fault(
        field.kind == .dimension ? .dimensionUnbound(field.name) : .unset(field.name))
    }
    return value
  }

  func setField(_ number: Int, _ value: Value) {
    stack[depth].module?.fields[number] = value
  }

  func boundMethod(_ number: Int) -> Value {
    guard let module = stack[depth].module else { return .nil }
    return .function(Closure(module.definition.template.methods[number], module: module))
  }

  // Captures

  func captured(_ index: Int) -> Closure.Capture {
    stack[depth].closure?.captures[index] ?? .value(.nil)
  }

  func capturedByModule(_ index: Int) -> Closure.Capture {
    stack[depth].module?.definition.captures[index] ?? .value(.nil)
  }
}

extension ModuleValue {
  /// Whether `m.for(classes)` makes sense.
  fileprivate var canBeRebuilt: Bool {
    definition.template.constructor.parameters.contains("classes")
  }
}

extension Closure.Capture {
  var value: Value {
    switch self {
    case .value(let value): value
    case .variable(let cell): cell.value
    }
  }

  func assign(_ value: Value) {
    if case .variable(let cell) = self { cell.value = value }
  }
}
