/// What a value is made of, as far as it decides what calling it does.
///
/// A host that keeps the result of a long call wants to know, days later, whether the same call
/// would give the same: whether a function, or anything that it names, has been edited. The text of a
/// function tells half of it. The other half is what the function finds under the names that it does
/// not declare itself: functions, modules and values of its file, of the files which that imports,
/// of the prelude, and what it captured where it was made.
///
/// So a walk begins at the value and follows all of these. A function gives its text and what it
/// reaches, constants of the host among it; a module its declaration, arguments and fields; an imported
/// file all that it offers; a list or record its elements; anything else is an ingredient itself. A
/// variable that a function of the walk assigns is left out: it counts calls or gathers results, and
/// its value at the moment says nothing about the next call.
package enum Ingredient {
  /// The text of a function or module, or a word that says how others belong together.
  case text(String)
  /// A plain value, a native, a type or an object of the host.
  case value(Value)
}

extension Interpreter {
  /// The ingredients of a value, in an order that the same value has in every session.
  ///
  /// - Parameter followsCaptures: Whether what the value itself has captured, if it is a function,
  ///   belongs to it. What other functions captured always does.
  package func ingredients(
    of value: Value, followsCaptures: Bool = true
  ) throws(Fault) -> [Ingredient] {
    var walk = IngredientWalk(self)
    if case .function(let closure) = value, !followsCaptures {
      walk.visit(closure.code)
    } else {
      walk.pending = [value]
    }
    try walk.run()
    return walk.found
  }
}

/// The walk from a value to all that it reaches.
private struct IngredientWalk {
  let interpreter: Interpreter
  var pending: [Value] = []
  var found: [Ingredient] = []
  private var visited: Set<ObjectIdentifier> = []
  /// Variables of files that were read and may be assigned, until it is known whether they are.
  private var uncertain: [Global] = []
  private var assigned: Set<Global> = []
  private var asked: Set<Global> = []
  /// The same for variables that functions captured.
  private var uncertainVariables: [SharedVariable] = []
  private var assignedVariables: Set<ObjectIdentifier> = []

  /// A variable of a file.
  private struct Global: Hashable {
    let scope: FileScope
    let slot: Int

    static func == (a: Global, b: Global) -> Bool { a.scope === b.scope && a.slot == b.slot }

    func hash(into hasher: inout Hasher) {
      hasher.combine(ObjectIdentifier(scope))
      hasher.combine(slot)
    }
  }

  /// More than anything that is written by hand has.
  private static let limit = 2_000_000

  init(_ interpreter: Interpreter) { self.interpreter = interpreter }

  mutating func run() throws(Fault) {
    repeat {
      while let value = pending.popLast() { try visit(value) }
      let settled = uncertain.filter { !assigned.contains($0) }
      uncertain = []
      for global in settled { pending.append(global.scope.memory.start[global.slot].value) }
      let variables = uncertainVariables.filter {
        !assignedVariables.contains(ObjectIdentifier($0))
      }
      uncertainVariables = []
      pending += variables.map(\.value)
    } while !pending.isEmpty
  }

  private mutating func visit(_ value: Value) throws(Fault) {
    guard found.count < Self.limit else {
      throw Fault(.limit, "this is made of more than \(Self.limit) values")
    }
    switch value {
    case .list(let box):
      found.append(.text("list \(box.items.count)"))
      pending += box.items.reversed()
    case .record(let box):
      let record = box.record
      found.append(.text("record \(record.count)"))
      found += record.keys.map { .text($0) }
      pending += record.values.reversed()
    case .function(let closure): visit(closure)
    case .definition(let definition): visit(definition)
    case .module(let module): visit(module)
    case .native(let native):
      found.append(.value(value))
      if let receiver = native.receiver { pending.append(receiver) }
    case .host(let box):
      if let file = box.object as? FileNamespace {
        visit(file)
      } else {
        found.append(.value(value))
      }
    default: found.append(.value(value))
    }
  }

  private mutating func isNew(_ object: AnyObject) -> Bool {
    visited.insert(ObjectIdentifier(object)).inserted
  }

  private mutating func visit(_ closure: Closure) {
    guard isNew(closure) else { return }
    visit(closure.code)
    if let module = closure.module { pending.append(.module(module)) }
    visit(closure.captures, assigned: CaptureAssignments(in: closure.code).own)
  }

  /// What a function or the declaration of a module captured.
  private mutating func visit(_ captures: [Closure.Capture], assigned: Set<Int>) {
    var values: [Value] = []
    for (place, capture) in captures.enumerated() {
      switch capture {
      case .value(let value): values.append(value)
      case .variable(let variable) where assigned.contains(place):
        assignedVariables.insert(ObjectIdentifier(variable))
      case .variable(let variable):
        if isNew(variable) { uncertainVariables.append(variable) }
      }
    }
    pending += values.reversed()
  }

  /// All that an imported file offers: which of it is used is known only to calls.
  private mutating func visit(_ file: FileNamespace) {
    guard isNew(file) else { return }
    found.append(.text("file \(file.scope.order.count)"))
    for name in file.scope.order {
      found.append(.text(name))
      if let number = file.scope[name]?.number { read(Global(scope: file.scope, slot: number)) }
    }
  }

  private mutating func visit(_ definition: ModuleDefinition) {
    guard isNew(definition) else { return }
    let template = definition.template
    if isNew(template) {
      found.append(.text(template.file[template.description.span]))
      follow(template.constructor)
      for method in template.methods { follow(method) }
    }
    let codes = [template.constructor] + template.methods
    visit(
      definition.captures,
      assigned: codes.reduce(into: []) { $0.formUnion(CaptureAssignments(in: $1).ofModule) })
  }

  private mutating func visit(_ module: ModuleValue) {
    guard isNew(module) else { return }
    found.append(.text("module \(module.fields.count)"))
    let fields = module.fields.map { $0 ?? .nil }
    pending += fields.reversed()
    pending += [Value(module.arguments), .definition(module.definition)]
  }

  /// A function's text, and what it names.
  mutating func visit(_ code: Code) {
    guard isNew(code) else { return }
    found.append(.text(code.file[code.function.span]))
    follow(code)
  }

  /// What a function and those inside it name.
  private mutating func follow(_ code: Code) {
    var codes = [code]
    while let code = codes.popLast() {
      for position in 0..<code.length {
        let instruction = code.instruction(at: position)
        switch instruction.operation {
        case .getGlobal: read(Global(scope: code.fileScope, slot: instruction.wide))
        case .callGlobal: read(Global(scope: code.fileScope, slot: instruction.second))
        case .setGlobal:
          assigned.insert(Global(scope: code.fileScope, slot: instruction.wide))
        case .getPrelude: readPrelude(instruction.wide)
        case .loadConstant: pending.append(code.constant(instruction.wide))
        default: break
        }
      }
      for path in code.tables.paths {
        if case .global(let slot) = path.root {
          assigned.insert(Global(scope: code.fileScope, slot: slot))
        }
      }
      codes += code.tables.children.reversed()
      for module in code.tables.modules { codes += [module.constructor] + module.methods }
    }
  }

  private mutating func read(_ global: Global) {
    let scope = global.scope
    if scope === interpreter.vocabulary.prelude { return readPrelude(global.slot) }
    guard asked.insert(global).inserted else { return }
    guard global.slot < scope.memory.count, scope.memory.start[global.slot].tag != .unset else {
      return
    }
    if scope[scope.name(ofSlot: global.slot)]?.kind.isAssignable == true {
      uncertain.append(global)
    } else {
      pending.append(scope.memory.start[global.slot].value)
    }
  }

  /// A word of the prelude; one that cannot be loaded is nothing that a call could use.
  private mutating func readPrelude(_ slot: Int) {
    guard let prelude = interpreter.vocabulary.prelude,
      asked.insert(Global(scope: prelude, slot: slot)).inserted,
      let value = try? interpreter.preludeValue(slot)
    else { return }
    pending.append(value)
  }
}
