extension Interpreter {
  /// An independent copy of a module: parameters and child modules are copied, whatever else the
  /// fields hold is shared. What was the same object before is the same object afterwards.
  package func copy(_ module: ModuleValue) throws(Fault) -> ModuleValue {
    var copying = ModuleCopy(interpreter: self)
    return try copying.copy(module)
  }
}

/// One deep copy; remembers what it has copied, so that shared parts stay shared.
private struct ModuleCopy {
  let interpreter: Interpreter
  private var modules: [ObjectIdentifier: ModuleValue] = [:]
  private var objects: [ObjectIdentifier: Value] = [:]
  private var depth = 0

  init(interpreter: Interpreter) { self.interpreter = interpreter }

  mutating func copy(_ module: ModuleValue) throws(Fault) -> ModuleValue {
    if let known = modules[ObjectIdentifier(module)] { return known }
    guard depth < 500 else { throw Fault(.moduleTooDeep) }
    depth += 1
    defer { depth -= 1 }
    let result = ModuleValue(module.definition, arguments: module.arguments)
    modules[ObjectIdentifier(module)] = result
    // Parameters first: other fields may hold the same objects.
    for (number, field) in module.definition.template.fields.enumerated() where field.role != nil {
      result.fields[number] = try module.fields[number].map { value throws(Fault) in
        try copy(value, isParameter: true)
      }
    }
    for (number, field) in module.definition.template.fields.enumerated() where field.role == nil {
      result.fields[number] = try module.fields[number].map { value throws(Fault) in
        field.isOwn ? try copy(value, isParameter: false) : value
      }
    }
    for entry in module.log {
      switch entry {
      case .own(let field): result.log.append(.own(field))
      case .child(let child): result.log.append(.child(try copy(child)))
      }
    }
    result.isComplete = module.isComplete
    return result
  }

  private mutating func copy(_ value: Value, isParameter: Bool) throws(Fault) -> Value {
    switch value {
    case .module(let child): return .module(try copy(child))
    case .list(let box):
      guard box.items.contains(where: holdsState) else { return value }
      var items: [Value] = []
      for item in box.items { items.append(try copy(item, isParameter: isParameter)) }
      return Value(items)
    case .record(let box):
      guard box.record.values.contains(where: holdsState) else { return value }
      var values: [Value] = []
      for item in box.record.values { values.append(try copy(item, isParameter: isParameter)) }
      return Value(Record(table: box.record.table, values: values))
    case .host(let box): return try copy(box.object, value, isParameter)
    case .function(let closure): return try copy(closure)
    default: return value
    }
  }

  private func holdsState(_ value: Value) -> Bool {
    switch value {
    case .module, .list, .record, .host, .function: true
    default: false
    }
  }

  private mutating func copy(
    _ object: any HostObject, _ value: Value, _ isParameter: Bool
  ) throws(Fault) -> Value {
    if let known = objects[ObjectIdentifier(object)] { return known }
    guard isParameter, let parameter = object as? any HostParameter else { return value }
    let copied = Value(try interpreter.hosted { try parameter.copied() })
    objects[ObjectIdentifier(object)] = copied
    return copied
  }

  /// A function kept in a field goes on to speak of the copy.
  private mutating func copy(_ closure: Closure) throws(Fault) -> Value {
    guard let module = closure.module, let copied = modules[ObjectIdentifier(module)] else {
      return .function(closure)
    }
    var captures: [Closure.Capture] = []
    for capture in closure.captures {
      switch capture {
      case .value(let value):
        guard depth < 500 else { throw Fault(.moduleTooDeep) }
        depth += 1
        captures.append(.value(try copy(value, isParameter: false)))
        depth -= 1
      case .variable: captures.append(capture)
      }
    }
    return .function(Closure(closure.code, captures: captures, module: copied))
  }
}
