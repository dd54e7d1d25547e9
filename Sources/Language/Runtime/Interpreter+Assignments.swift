/// Assigning parts of variables.
///
/// `x.a[0].b = v` walks from the variable down to the place and changes it there. On the way each
/// box is copied if somebody else holds it too, so that other variables keep their value. The walk
/// checks a step before it takes it, and nothing is written before the last one.
extension Interpreter {
  // The short forms: a variable in a register, one step.

  func setMember(
    _ i: Instruction, _ r: Registers, cache: CodePointer, at word: Int
  ) throws(Fault) {
    guard case .string(let name) = stack[depth].constants[i.second].value else { return }
    let new = r[i.third].value
    guard r[i.first].tag == .record else {
      throw Fault(.notAssignableMember(r[i.first].value, name.text))
    }
    try checkNesting(new, under: 1)
    var value = r.take(i.first)
    value.changeRecord { box in
      box.depth = max(box.depth, new.depth + 1)
      let guess = cache[word].wide
      if box.record.table.holds(name, at: guess) {
        return box.record.replace(at: guess, with: new)
      }
      box.record.set(name, new)
      if let position = box.record.position(of: name) {
        cache[word] = Instruction(.word, 0, wide: position)
      }
    }
    r.set(i.first, value)
  }

  func setIndex(_ i: Instruction, _ r: Registers) throws(Fault) {
    let (index, new) = (r[i.second].value, r[i.third].value)
    try checkNesting(new, under: 1)
    var value = r.take(i.first)
    defer { r.set(i.first, value) }
    try set(index, of: &value, to: new)
  }

  /// Throws when a value is too deep to be put inside so many others.
  func checkNesting(_ value: Value, under levels: Int) throws(Fault) {
    let limit = host.limits.valueDepth
    if value.depth + levels <= limit || Nesting.isWithin(limit - levels, value) { return }
    throw Fault(.valueTooDeep(limit))
  }

  // Paths

  func assign(_ i: Instruction, _ r: Registers) throws(Fault) {
    let path = stack[depth].code.tables.paths[i.wide]
    let new = r[i.first].value
    try checkNesting(new, under: path.steps.count)
    switch path.root {
    case .register(let register):
      var value = r.take(register)
      defer { r.set(register, value) }
      try assign(path, 0, &value, new, r)
    case .cell(let register): try assign(path, 0, &r.cell(register).value, new, r)
    case .capturedCell(let index):
      if case .variable(let cell) = captured(index) { try assign(path, 0, &cell.value, new, r) }
    case .moduleCell(let index):
      if case .variable(let cell) = capturedByModule(index) {
        try assign(path, 0, &cell.value, new, r)
      }
    case .field(let number):
      guard let module = stack[depth].module, let old = module.fields[number] else {
        throw Fault(.unset(path.rootName))
      }
      var value = consume old
      module.fields[number] = .nil
      defer { module.fields[number] = value }
      try assign(path, 0, &value, new, r)
    case .global(let slot):
      let frame = stack[depth]
      guard !frame.code.fileScope.isSealed else { throw Fault(.sealed(path.rootName)) }
      guard frame.globals[slot].tag != .unset else { throw Fault(.unset(path.rootName)) }
      var value = frame.globals.take(slot)
      defer { frame.globals.set(slot, value) }
      try assign(path, 0, &value, new, r)
    case .capture, .moduleCapture, .method, .prelude, .itself, .constant:
      break  // never assignable; the resolver has refused it
    }
  }

  private func assign(
    _ path: AssignmentPath, _ step: Int, _ value: inout Value, _ new: Value, _ r: Registers
  ) throws(Fault) {
    guard step < path.steps.count else { return try update(&value, path.operation, with: new) }
    let isLast = step == path.steps.count - 1 && path.operation == nil
    let (index, span) = try index(of: path.steps[step], in: value, r)
    do throws(Fault) {
      if isLast { return try set(index, of: &value, to: new) }
      try enter(index, of: &value) { part throws(Fault) in
        try assign(path, step + 1, &part, new, r)
      }
    } catch {
      throw error.blame == .call && error.located == nil ? error.blaming(.span(span)) : error
    }
  }

  private func index(
    of step: AssignmentPath.Step, in value: Value, _ r: Registers
  ) throws(Fault) -> (Value, Span) {
    switch step {
    case .member(let name, let span):
      guard case .record = value else {
        throw Fault(.notAssignableMember(value, name.text)).blaming(.span(span))
      }
      return (.string(name), span)
    case .index(let register, let span): return (r[register].value, span)
    case .part(let span):
      if case .host = value { throw Fault(.notAssignableIndex(value)).blaming(.span(span)) }
      throw Fault(.assignedPart).blaming(.span(span))
    }
  }

  /// The last step: `place = new`, or `place += new`.
  private func update(
    _ value: inout Value, _ operation: BinaryOperator?, with new: Value
  ) throws(Fault) {
    guard let operation else {
      value = new
      return
    }
    switch (value, new) {
    case (.string, .string) where operation == .add, (.list, .list) where operation == .add:
      try append(new, to: &value)
    default: value = try combine(operation, value, new)
    }
  }

  // The two below look at the value only through properties: a pattern would bind its box and
  // make it look shared.

  /// `value[index] = new`
  private func set(_ index: Value, of value: inout Value, to new: Value) throws(Fault) {
    if let count = value.listCount, case .int(let position) = index {
      let position = try checked(position, count: count, "list")
      value.changeList { box in
        box.items[position] = new
        box.depth = max(box.depth, new.depth + 1)
      }
    } else if value.isRecord, case .string(let key) = index {
      value.changeRecord { box in
        box.record.set(key, new)
        box.depth = max(box.depth, new.depth + 1)
      }
    } else {
      throw refusal(of: index, for: value)
    }
  }

  /// Changes `value[index]` in place.
  private func enter(
    _ index: Value, of value: inout Value, _ change: (inout Value) throws(Fault) -> Void
  ) throws(Fault) {
    if let count = value.listCount, case .int(let position) = index {
      let position = try checked(position, count: count, "list")
      try value.changeList { box throws(Fault) in
        try change(&box.items[position])
        box.depth = max(box.depth, box.items[position].depth + 1)
      }
    } else if value.isRecord, case .string(let key) = index {
      try value.changeRecord { box throws(Fault) in
        guard let position = box.record.position(of: key) else {
          let near = Spelling.nearest(to: key.text, among: box.record.keys)
          throw Fault(.noKey(key.text, suggestion: near))
        }
        try box.record.update(at: position, change)
        box.depth = max(box.depth, box.record.value(at: position).depth + 1)
      }
    } else {
      throw refusal(of: index, for: value)
    }
  }

  private func refusal(of index: Value, for value: Value) -> Fault {
    switch value {
    case .list, .record: Fault(.indexKind(index, of: value))
    case .string: Fault(.stringAssigned)
    default: Fault(.notAssignableIndex(value))
    }
  }
}
