/// Making values: lists, records, strings, ranges, functions; taking them apart; walking over them.
extension Interpreter {
  func makeList(_ i: Instruction, _ r: Registers) throws(Fault) {
    var items: [Value] = []
    items.reserveCapacity(i.third)
    for offset in 0..<i.third { items.append(r.take(i.second + offset)) }
    let box = ListBox(items)
    if box.depth > host.limits.valueDepth { try checkNesting(.list(box)) }
    r.set(i.first, .list(box))
  }

  func extendList(_ i: Instruction, _ r: Registers) throws(Fault) {
    guard case .list(let box) = r.take(i.first) else { return }
    for offset in 0..<i.third { box.append(r.take(i.second + offset)) }
    r.set(i.first, .list(box))
    if box.depth > host.limits.valueDepth { try checkNesting(.list(box)) }
  }

  func makeRecord(_ i: Instruction, _ r: Registers) throws(Fault) {
    let table = stack[depth].keyTable(i.third)
    let count = table.keys.count
    var values: [Value] = []
    values.reserveCapacity(count)
    for offset in 0..<count { values.append(r.take(i.second + offset)) }
    let box = RecordBox(Record(table: table, values: values))
    if box.depth > host.limits.valueDepth { try checkNesting(.record(box)) }
    r.set(i.first, .record(box))
  }

  func putField(_ i: Instruction, _ r: Registers) throws(Fault) {
    guard case .string(let key) = stack[depth].constants[i.second].value else { return }
    let value = r[i.third].value
    try checkNesting(value, under: 1)
    let box = r.record(i.first)
    box.record.set(key, value)
    box.depth = max(box.depth, value.depth + 1)
  }

  func makeString(_ i: Instruction, _ r: Registers) throws(Fault) {
    var text = ""
    for offset in 0..<i.third {
      let part = try self.text(of: r.take(i.second + offset))
      try checkStringBytes(text.utf8.count + part.utf8.count)
      text += part
    }
    r.set(i.first, Value(text))
  }

  func makeRange(_ i: Instruction, _ r: Registers) throws(Fault) {
    let (start, end) = try bounds(r[i.second], r[i.third], isInclusive: i.flags != 0)
    r.set(i.first, .range(RangeBox(start, end)))
  }

  private func bounds(_ start: Slot, _ end: Slot, isInclusive: Bool) throws(Fault) -> (Int, Int) {
    guard start.tag == .int else { throw Fault(.rangeBounds(start.value)) }
    guard end.tag == .int else { throw Fault(.rangeBounds(end.value)) }
    guard isInclusive else { return (start.int, end.int) }
    guard end.int < .max else { throw Fault(.rangeTooLong) }
    return (start.int, end.int + 1)
  }

  // Functions

  func closure(_ number: Int) throws(Fault) -> Value {
    let frame = stack[depth]
    let code = frame.code.tables.children[number]
    let captures = try captures(code.tables.captures, code.tables.captureNames)
    return .function(Closure(code, captures: captures, module: frame.module))
  }

  func moduleDefinition(_ number: Int) throws(Fault) -> Value {
    let template = stack[depth].code.tables.modules[number]
    let captures = try captures(template.captures, template.captureNames)
    return .definition(ModuleDefinition(template, captures: captures))
  }

  private func captures(
    _ places: [Place], _ names: [String]
  ) throws(Fault) -> [Closure.Capture] {
    var captures: [Closure.Capture] = []
    for (place, name) in zip(places, names) {
      switch place {
      case .cell(let register): captures.append(.variable(stack[depth].registers.cell(register)))
      case .capturedCell(let index): captures.append(captured(index))
      case .moduleCell(let index): captures.append(capturedByModule(index))
      default:
        guard let value = try value(at: place) else { throw Fault(.dimensionUnbound(name)) }
        captures.append(.value(value))
      }
    }
    return captures
  }

  /// The value at a place, as the running frame sees it; `nil` when it is not set.
  func value(at place: Place) throws(Fault) -> Value? {
    let frame = stack[depth]
    switch place {
    case .register(let register):
      return frame.registers[register].tag == .unset ? nil : frame.registers[register].value
    case .cell(let register): return frame.registers.cell(register).value
    case .capture(let index), .capturedCell(let index): return captured(index).value
    case .moduleCapture(let index), .moduleCell(let index): return capturedByModule(index).value
    case .field(let number): return frame.module?.fields[number]
    case .method(let number): return boundMethod(number)
    case .global(let slot):
      return frame.globals[slot].tag == .unset ? try absentGlobal(slot) : frame.globals[slot].value
    case .prelude(let slot): return try preludeValue(slot)
    case .itself: return frame.closure.map { .function($0) }
    case .constant(let value): return value
    }
  }

  // Taking apart

  func unpackList(_ i: Instruction, _ r: Registers) throws(Fault) {
    let value = r[i.first].value
    guard case .list(let box) = value else { throw Fault(.unpackKind(value, wanted: "a List")) }
    guard box.items.count == i.third else {
      throw Fault(.unpackCount(box.items.count, expected: i.third))
    }
    for (offset, item) in box.items.enumerated() { r.set(i.second + offset, item) }
  }

  func unpackRecord(_ i: Instruction, _ r: Registers, keys number: Int) throws(Fault) {
    let value = r[i.first].value
    let keys = stack[depth].code.tables.keyLists[number]
    for (offset, key) in keys.enumerated() {
      switch value {
      case .record, .host, .module:
        r.set(i.second + offset, try member(of: value, key.text))
      default: throw Fault(.unpackKind(value, wanted: "a Record"))
      }
    }
  }

  // Walking over values

  func prepareRange(_ i: Instruction, _ r: Registers) throws(Fault) {
    let (start, end) = try bounds(
      r[i.first], r[i.first + 1], isInclusive: i.flags != 0)
    r.setInt(i.first, start)
    r.setInt(i.first + 1, end)
  }

  func prepareIteration(_ i: Instruction, _ r: Registers) throws(Fault) {
    switch r[i.first].value {
    case .list, .range: break
    case .string(let box):
      try checkListCount(box.count)
      r.set(i.first, Value(box.text.map { Value(String($0)) }))
    case .record(let box): r.set(i.first, Value(box.record.table.keys.map { .string($0) }))
    case .host(let box) where box.object is any HostSequence: break
    case let value: throw Fault(.notIterable(value))
    }
    r.setInt(i.first + 1, 0)
  }

  /// Puts the next element into a register, if there is one.
  func nextItem(_ i: Instruction, _ r: Registers) throws(Fault) -> Bool {
    let position = r[i.first + 1].int
    switch r[i.first].tag {
    case .list:
      let items = r.list(i.first).items
      guard position < items.count else { return false }
      r.set(i.second, items[position])
    case .range:
      guard case .range(let range) = r[i.first].value, position < range.count else { return false }
      r.setInt(i.second, range.start + position)
    default:
      guard let sequence = r[i.first].value.object as? any HostSequence,
        position < sequence.count
      else { return false }
      r.set(i.second, try hosted { try sequence.element(position) })
    }
    r.setInt(i.first + 1, position + 1)
    return true
  }

  /// All elements of what a `for` loop walks over: for natives such as `map`.
  package func elements(of value: Value) throws(Fault) -> [Value] {
    switch value {
    case .list(let box): return box.items
    case .range(let range):
      try checkListCount(range.count)
      return (0..<range.count).map { .int(range.start + $0) }
    case .string(let box):
      try checkListCount(box.count)
      return box.text.map { Value(String($0)) }
    case .record(let box): return box.record.table.keys.map { .string($0) }
    case .host(let box):
      guard let sequence = box.object as? any HostSequence else { break }
      try checkListCount(sequence.count)
      var items: [Value] = []
      for position in 0..<sequence.count {
        items.append(try hosted { try sequence.element(position) })
      }
      return items
    default: break
    }
    throw Fault(.notIterable(value))
  }
}
