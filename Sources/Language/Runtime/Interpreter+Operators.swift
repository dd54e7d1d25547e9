/// Operators off the fast path: mixed numbers, text, lists, host objects, and everything refused.
extension Interpreter {
  @inline(never)
  func arithmetic(_ operation: BinaryOperator, _ i: Instruction, _ r: Registers) throws(Fault) {
    let (a, b) = (r[i.second], r[i.third])
    if a.isNumber, b.isNumber {
      return try numbers(operation, a, b, to: i.first, r)
    }
    if operation == .add, i.first == i.second,
      r.appendString(i.third, to: i.first, limit: min(host.limits.stringBytes, 16_000_000))
    {
      if i.flags & Instruction.dropsThird != 0 { r.clear(i.third) }
      return
    }
    if operation == .add, i.first == i.second, a.tag == b.tag,
      a.tag == .string || a.tag == .list
    {
      return try append(i, r)
    }
    let (left, right) = (r[i.second].value, r[i.third].value)
    // The operands may be the last owners of large objects.
    if i.flags & Instruction.dropsSecond != 0 { r.clear(i.second) }
    if i.flags & Instruction.dropsThird != 0 { r.clear(i.third) }
    r.set(i.first, try combine(operation, left, right))
  }

  @inline(never)
  func arithmeticImmediate(
    _ operation: BinaryOperator, _ i: Instruction, _ r: Registers
  ) throws(Fault) {
    let left = r[i.second].value
    if i.flags & Instruction.dropsSecond != 0 { r.clear(i.second) }
    // `x - 3` is compiled as `x + -3`.
    if operation == .add, i.immediate < 0 {
      return r.set(i.first, try combine(.subtract, left, .int(-i.immediate)))
    }
    r.set(i.first, try combine(operation, left, .int(i.immediate)))
  }

  /// `x += y` for strings and lists: in place when the variable alone holds the value.
  private func append(_ i: Instruction, _ r: Registers) throws(Fault) {
    let addition = r[i.third].value
    var value = r.take(i.first)
    defer { r.set(i.first, value) }
    if i.flags & Instruction.dropsThird != 0 { r.clear(i.third) }
    try append(addition, to: &value)
  }

  /// Appends a string to a string or a list to a list, in place when nobody else holds it.
  func append(_ addition: Value, to value: inout Value) throws(Fault) {
    switch (value, addition) {
    case (.string(let box), .string(let other)):
      try checkStringBytes(box.text.utf8.count + other.text.utf8.count)
    case (.list(let box), .list(let other)):
      try checkListCount(box.items.count + other.items.count)
    default: break
    }
    value.appendInPlace(addition)
  }

  /// The result of an operator on two values.
  func combine(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(Fault) -> Value {
    switch (left, right) {
    case (.int(let a), .int(let b)): return try integers(operation, a, b)
    case (.int, .float), (.float, .int), (.float, .float):
      if let a = left.number, let b = right.number {
        return try floats(operation, a, b, left, right)
      }
    case (.string(let a), .string(let b)):
      if let result = try strings(operation, a, b) { return result }
    case (.list(let a), .list(let b)) where operation == .add:
      try checkListCount(a.items.count + b.items.count)
      return .list(ListBox(a.items + b.items, depth: max(a.depth, b.depth)))
    case (.list(let box), .int(let count)) where operation == .multiply,
      (.int(let count), .list(let box)) where operation == .multiply:
      return try repeated(box, count)
    case (.string(let box), .int(let count)) where operation == .multiply,
      (.int(let count), .string(let box)) where operation == .multiply:
      return try repeated(box, count)
    case (.record(let a), .record(let b)) where operation == .add:
      return merged(a, b)
    default: break
    }
    if let result = try hostOperation(operation, left, right) { return result }
    throw Fault(.operands(operation.rawValue, left, right))
  }

  private func hostOperation(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(Fault) -> Value? {
    if let object = left.object as? any HostOperators,
      let result = try hosted({ try object.apply(operation, with: right, from: .left) })
    {
      return result
    }
    if let object = right.object as? any HostOperators,
      let result = try hosted({ try object.apply(operation, with: left, from: .right) })
    {
      return result
    }
    return nil
  }

  // Numbers

  private func numbers(
    _ operation: BinaryOperator, _ a: Slot, _ b: Slot, to target: Int, _ r: Registers
  ) throws(Fault) {
    if a.tag == .int, b.tag == .int {
      r.set(target, try integers(operation, a.int, b.int))
    } else {
      r.set(target, try floats(operation, a.number, b.number, a.value, b.value))
    }
  }

  private func integers(_ operation: BinaryOperator, _ a: Int, _ b: Int) throws(Fault) -> Value {
    let result: (partialValue: Int, overflow: Bool)
    switch operation {
    case .add: result = a.addingReportingOverflow(b)
    case .subtract: result = a.subtractingReportingOverflow(b)
    case .multiply: result = a.multipliedReportingOverflow(by: b)
    case .divide: return .float(Double(a) / Double(b))
    case .floorDivide, .remainder:
      guard b != 0 else { throw Fault(.divisionByZero(operation)) }
      let quotient = a.dividedReportingOverflow(by: b)
      if b == -1 {
        result = operation == .remainder ? (0, false) : quotient
      } else {
        let remainder = a % b
        let isBelow = remainder != 0 && (remainder < 0) != (b < 0)
        result =
          operation == .remainder
          ? (isBelow ? remainder + b : remainder, false)
          : (isBelow ? quotient.partialValue - 1 : quotient.partialValue, false)
      }
    case .power: return try Power.integer(a, b)
    case .less: return .bool(a < b)
    case .lessOrEqual: return .bool(a <= b)
    case .greater: return .bool(a > b)
    case .greaterOrEqual: return .bool(a >= b)
    case .matrixProduct: throw Fault(.operands(operation.rawValue, .int(a), .int(b)))
    }
    guard !result.overflow else { throw Fault(.overflow(operation, a, b)) }
    return .int(result.partialValue)
  }

  private func floats(
    _ operation: BinaryOperator, _ a: Double, _ b: Double, _ left: Value, _ right: Value
  ) throws(Fault) -> Value {
    switch operation {
    case .add: return .float(a + b)
    case .subtract: return .float(a - b)
    case .multiply: return .float(a * b)
    case .divide: return .float(a / b)
    case .floorDivide: return .float(Power.floorDivision(a, b).quotient)
    case .remainder: return .float(Power.floorDivision(a, b).remainder)
    case .power: return .float(Power.power(a, b))
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      return .bool(Self.ordered(operation, left, right))
    case .matrixProduct: throw Fault(.operands(operation.rawValue, left, right))
    }
  }

  // Text, lists, records

  private func strings(
    _ operation: BinaryOperator, _ a: StringBox, _ b: StringBox
  ) throws(Fault) -> Value? {
    switch operation {
    case .add:
      try checkStringBytes(a.text.utf8.count + b.text.utf8.count)
      return Value(a.text + b.text)
    case .less: return .bool(a.text < b.text)
    case .lessOrEqual: return .bool(a.text <= b.text)
    case .greater: return .bool(a.text > b.text)
    case .greaterOrEqual: return .bool(a.text >= b.text)
    default: return nil
    }
  }

  private func repeated(_ box: ListBox, _ count: Int) throws(Fault) -> Value {
    guard count >= 0 else { throw Fault(.negativeRepetition(count)) }
    let (total, overflow) = box.items.count.multipliedReportingOverflow(by: count)
    try checkListCount(overflow ? .max : total)
    var items: [Value] = []
    items.reserveCapacity(total)
    for _ in 0..<(box.items.isEmpty ? 0 : count) { items.append(contentsOf: box.items) }
    return .list(ListBox(items, depth: box.depth))
  }

  private func repeated(_ box: StringBox, _ count: Int) throws(Fault) -> Value {
    guard count >= 0 else { throw Fault(.negativeRepetition(count)) }
    let (total, overflow) = box.text.utf8.count.multipliedReportingOverflow(by: count)
    try checkStringBytes(overflow ? .max : total)
    return Value(box.text.isEmpty ? "" : String(repeating: box.text, count: count))
  }

  /// `{a: 1} + {b: 2}`: the right one's values win, the left one's order is kept.
  private func merged(_ a: RecordBox, _ b: RecordBox) -> Value {
    var record = a.record
    for (key, value) in b.record.entries { record[key] = value }
    return .record(RecordBox(record, depth: max(a.depth, b.depth)))
  }

  // Operators of one operand

  func negate(_ i: Instruction, _ r: Registers) throws(Fault) {
    let operand = r[i.second]
    switch operand.tag {
    case .int:
      guard operand.int != .min else { throw Fault(.negationOverflow) }
      r.setInt(i.first, -operand.int)
    case .float: r.setFloat(i.first, -operand.float)
    default:
      let value = operand.value
      if i.flags & Instruction.dropsSecond != 0 { r.clear(i.second) }
      guard let object = value.object as? any HostOperators,
        let result = try hosted({ try object.negated() })
      else { throw Fault(.operand("-", value)) }
      r.set(i.first, result)
    }
  }
}
