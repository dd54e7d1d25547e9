extension Interpreter {
  /// An independent copy of a module: parameters and child modules are copied, whatever else the
  /// fields hold is shared. What was the same object before is the same object afterwards.
  ///
  /// A copy that the body of a module makes is logged there; while that module is rebuilt, the copy
  /// takes the parameters of the one that the original made.
  package func copy(_ module: ModuleValue) throws(Fault) -> ModuleValue {
    var copying = ModuleCopy(interpreter: self)
    let replayed = replay?.next
    let result: ModuleValue
    do throws(Fault) {
      result = try copying.copy(module)
    } catch {
      if let replayed { replay?.next = replayed }
      throw error
    }
    try copying.renewArguments()
    constructions.last?.module.log.append(.copies(copying.made))
    return result
  }
}

/// One deep copy; remembers what it has copied, so that shared parts stay shared.
private struct ModuleCopy {
  let interpreter: Interpreter
  /// The new modules, owners first, but for those inside the value of a parameter.
  private(set) var made: [ModuleValue] = []
  private var all: [ModuleValue] = []
  private var modules: [ObjectIdentifier: ModuleValue] = [:]
  private var objects: [ObjectIdentifier: Value] = [:]
  /// Lists and records that have been gone through, kept alive, with what became of them.
  private var collections: [Passage: (old: Value, new: Value)] = [:]
  private var depth = 0
  private var isInParameter = false

  /// A list or record, and for what it is gone through.
  private struct Passage: Hashable {
    enum Purpose { case copy, copyParameter, renew }

    let box: ObjectIdentifier
    let purpose: Purpose
  }

  init(interpreter: Interpreter) { self.interpreter = interpreter }

  mutating func copy(_ module: ModuleValue) throws(Fault) -> ModuleValue {
    if let known = modules[ObjectIdentifier(module)] { return known }
    guard depth < 500 else { throw Fault(.moduleTooDeep) }
    depth += 1
    defer { depth -= 1 }
    let result = ModuleValue(module.definition, arguments: module.arguments)
    modules[ObjectIdentifier(module)] = result
    all.append(result)
    if !isInParameter { made.append(result) }
    // Parameters first: other fields may hold the same objects.
    let fields = module.definition.template.fields.enumerated()
    for (number, field) in fields where field.role != nil {
      result.fields[number] = try module.fields[number].map { value throws(Fault) in
        try parameter(value, field.name)
      }
    }
    for (number, field) in fields where field.role == nil {
      result.fields[number] = try module.fields[number].map { value throws(Fault) in
        field.isOwn ? try copy(value, isParameter: false) : value
      }
    }
    for entry in module.log {
      switch entry {
      case .own(let field): result.log.append(.own(field))
      case .child(let child): result.log.append(.child(try copy(child)))
      case .copies(let children):
        var copies: [ModuleValue] = []
        for child in children { copies.append(try copy(child)) }
        result.log.append(.copies(copies))
      }
    }
    result.inclusionDepth = module.inclusionDepth
    result.isComplete = module.isComplete
    return result
  }

  // What modules were given

  /// A module did not make what it was given. But where the copy owns a copy of it, as a module does
  /// that keeps its argument in a field, or one whose owner passed it a parameter, it means that one.
  mutating func renewArguments() throws(Fault) {
    for module in all {
      for (number, field) in module.definition.template.fields.enumerated() where !field.isOwn {
        if let value = module.fields[number] { module.fields[number] = try renewed(value) }
      }
      for (name, value) in module.arguments.entries {
        module.arguments[name] = try renewed(value)
      }
    }
  }

  /// A value with what has been copied replaced by its copy.
  private mutating func renewed(_ value: Value) throws(Fault) -> Value {
    switch value {
    case .module(let child): return modules[ObjectIdentifier(child)].map { .module($0) } ?? value
    case .host(let box): return objects[ObjectIdentifier(box.object)] ?? value
    case .function(let closure):
      return try copy(closure) { copying, value throws(Fault) in try copying.renewed(value) }
    default:
      return try mapped(value, for: .renew) { copying, value throws(Fault) in
        try copying.renewed(value)
      }
    }
  }

  // Parameters

  private mutating func parameter(_ value: Value, _ name: String) throws(Fault) -> Value {
    if !isInParameter, let replayed = try interpreter.replayedParameter(name) {
      take(replayed, for: value)
      return replayed
    }
    let outer = isInParameter
    isInParameter = true
    defer { isInParameter = outer }
    return try copy(value, isParameter: true)
  }

  /// Remembers that one value takes the place of another, part by part.
  private mutating func take(_ new: Value, for old: Value) {
    switch (old, new) {
    case (.module(let old), .module(let new)): modules[ObjectIdentifier(old)] = new
    case (.host(let old), .host): objects[ObjectIdentifier(old.object)] = new
    case (.list(let old), .list(let new)):
      for (old, new) in zip(old.items, new.items) { take(new, for: old) }
    case (.record(let old), .record(let new)):
      for (old, new) in zip(old.record.values, new.record.values) { take(new, for: old) }
    default: break
    }
  }

  // Values

  private mutating func copy(_ value: Value, isParameter: Bool) throws(Fault) -> Value {
    switch value {
    case .module(let child): return .module(try copy(child))
    case .host(let box): return try copy(box.object, value, isParameter)
    case .function(let closure):
      return try copy(closure) { copying, value throws(Fault) in
        try copying.copy(value, isParameter: false)
      }
    default:
      return try mapped(value, for: isParameter ? .copyParameter : .copy) {
        copying, value throws(Fault) in
        try copying.copy(value, isParameter: isParameter)
      }
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

  /// A list or record with a change made to each of its elements; any other value as it is.
  private mutating func mapped(
    _ value: Value, for purpose: Passage.Purpose,
    _ change: (inout ModuleCopy, Value) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    let (elements, box): ([Value], ObjectIdentifier)
    switch value {
    case .list(let list): (elements, box) = (list.items, ObjectIdentifier(list))
    case .record(let record): (elements, box) = (record.record.values, ObjectIdentifier(record))
    default: return value
    }
    guard elements.contains(where: holdsState) else { return value }
    let passage = Passage(box: box, purpose: purpose)
    if let known = collections[passage] { return known.new }
    var changed: [Value] = []
    for element in elements { changed.append(try change(&self, element)) }
    var result = Value(changed)
    if case .record(let box) = value {
      result = Value(Record(table: box.record.table, values: changed))
    }
    collections[passage] = (value, result)
    return result
  }

  private func holdsState(_ value: Value) -> Bool {
    switch value {
    case .module, .list, .record, .host, .function: true
    default: false
    }
  }

  /// A function of a module that is copied goes on to speak of the copy.
  private mutating func copy(
    _ closure: Closure, _ change: (inout ModuleCopy, Value) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    guard let module = closure.module, let copied = modules[ObjectIdentifier(module)] else {
      return .function(closure)
    }
    guard depth < 500 else { throw Fault(.moduleTooDeep) }
    depth += 1
    defer { depth -= 1 }
    var captures: [Closure.Capture] = []
    for capture in closure.captures {
      switch capture {
      case .value(let value): captures.append(.value(try change(&self, value)))
      case .variable: captures.append(capture)
      }
    }
    return .function(Closure(closure.code, captures: captures, module: copied))
  }
}
