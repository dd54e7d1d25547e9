extension Interpreter {
  func comparesEqual(_ i: Instruction, _ r: Registers) throws(Fault) -> Bool {
    let (left, right) = (r[i.second], r[i.third])
    if left.tag == .int, right.tag == .int { return left.int == right.int }
    return try equals(left.value, right.value)
  }

  /// Whether two values are equal. Different kinds are not, except that numbers compare by value.
  func equals(_ left: Value, _ right: Value) throws(Fault) -> Bool {
    switch (left, right) {
    case (.nil, .nil), (.ellipsis, .ellipsis): return true
    // Whatever an object says about equality, it can be told from nothing.
    case (.nil, _), (_, .nil): return false
    case (.bool(let a), .bool(let b)): return a == b
    case (.int(let a), .int(let b)): return a == b
    case (.float(let a), .float(let b)): return a == b
    case (.int(let a), .float(let b)), (.float(let b), .int(let a)):
      return Double(exactly: a) == b || Int(exactly: b) == a
    case (.string(let a), .string(let b)): return a === b || a.text == b.text
    case (.list, .list), (.record, .record):
      var comparison = Comparison()
      return try equals(left, right, &comparison)
    case (.range(let a), .range(let b)):
      return a.start == b.start && a.end == b.end || a.count == 0 && b.count == 0
    case (.function(let a), .function(let b)):
      return a === b || a.code === b.code && a.module === b.module && a.module != nil
    case (.native(let a), .native(let b)): return a === b
    case (.definition(let a), .definition(let b)): return a === b
    case (.module(let a), .module(let b)): return a === b
    case (.type(let a), .type(let b)): return a === b
    case (.host(let box), _): return try equals(box.object, right)
    case (_, .host(let box)): return try equals(box.object, left)
    default: return false
    }
  }

  /// One comparison of lists or records. A value may hold the same list in many places, each of
  /// which doubles the work; so pairs that have been found equal are remembered.
  private struct Comparison {
    struct Pair: Hashable {
      let left: ObjectIdentifier
      let right: ObjectIdentifier
    }

    var equalPairs: Set<Pair> = []
    var steps = 0
    /// Flat lists up to this length are compared again rather than remembered.
    static let shortCount = 32
  }

  private func equals(
    _ left: Value, _ right: Value, _ comparison: inout Comparison
  ) throws(Fault) -> Bool {
    let pair: Comparison.Pair
    let size: Int
    switch (left, right) {
    case (.list(let a), .list(let b)):
      guard a.items.count == b.items.count else { return false }
      pair = .init(left: ObjectIdentifier(a), right: ObjectIdentifier(b))
      size = a.items.count
    case (.record(let a), .record(let b)):
      guard a.record.count == b.record.count else { return false }
      pair = .init(left: ObjectIdentifier(a), right: ObjectIdentifier(b))
      size = a.record.count
    default: return try equals(left, right)
    }
    let isRemembered = left.depth > 1 || size > Comparison.shortCount
    if isRemembered, comparison.equalPairs.contains(pair) { return true }
    comparison.steps += size
    if comparison.steps > 1_000_000 {
      comparison.steps = 0
      try poll()
    }
    guard try equalContents(left, right, &comparison) else { return false }
    if isRemembered { comparison.equalPairs.insert(pair) }
    return true
  }

  /// Lists of one length, or records of one size: the order of the keys does not matter.
  private func equalContents(
    _ left: Value, _ right: Value, _ comparison: inout Comparison
  ) throws(Fault) -> Bool {
    switch (left, right) {
    case (.list(let a), .list(let b)):
      for (x, y) in zip(a.items, b.items) where try !equals(x, y, &comparison) { return false }
    case (.record(let a), .record(let b)):
      for (key, value) in a.record.entries {
        guard let other = b.record[key], try equals(value, other, &comparison) else {
          return false
        }
      }
    default: break
    }
    return true
  }

  private func equals(_ object: any HostObject, _ other: Value) throws(Fault) -> Bool {
    if let rule = object as? any HostEquatable { return try hosted { try rule.equals(other) } }
    return other.object.map { $0 === object } ?? false
  }

  // Order

  @inline(never)
  func compares(_ operation: BinaryOperator, _ left: Slot, _ right: Slot) throws(Fault) -> Bool {
    if left.tag == .float, right.tag == .float {
      switch operation {
      case .less: return left.float < right.float
      case .lessOrEqual: return left.float <= right.float
      case .greater: return left.float > right.float
      default: return left.float >= right.float
      }
    }
    return try compares(operation, left.value, right.value)
  }

  @inline(never)
  func compares(_ operation: BinaryOperator, _ left: Slot, _ right: Int) throws(Fault) -> Bool {
    try compares(operation, left.value, .int(right))
  }

  private func compares(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
  ) throws(Fault) -> Bool {
    let result = try combine(operation, left, right)
    guard case .bool(let holds) = result else { throw Fault(.condition(result)) }
    return holds
  }

  /// Compares numbers of which one may be an `Int` too large for a float to tell from its neighbour.
  static func ordered(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> Bool {
    guard let a = left.number, let b = right.number, !a.isNaN, !b.isNaN else { return false }
    var order = a < b ? -1 : a > b ? 1 : 0
    if order == 0 {
      if let whole = left.int, let other = Int(exactly: b) {
        order = whole < other ? -1 : whole > other ? 1 : 0
      } else if let whole = right.int, let other = Int(exactly: a) {
        order = other < whole ? -1 : other > whole ? 1 : 0
      } else if left.int != nil, right.int == nil {
        order = -1  // the float is 2^63, which no Int reaches
      } else if right.int != nil, left.int == nil {
        order = 1
      }
    }
    switch operation {
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    default: return order >= 0
    }
  }

  // x in y

  func contains(_ i: Instruction, _ r: Registers) throws(Fault) {
    let (element, container) = (r[i.second].value, r[i.third].value)
    if i.flags & Instruction.dropsSecond != 0 { r.clear(i.second) }
    if i.flags & Instruction.dropsThird != 0 { r.clear(i.third) }
    r.setBool(i.first, try contains(element, in: container))
  }

  func contains(_ element: Value, in container: Value) throws(Fault) -> Bool {
    switch container {
    case .type(let type): return type.accepts(element)
    case .definition(let definition):
      return element.module.map { $0.definition === definition } ?? false
    case .list(let box):
      for item in box.items where try equals(item, element) { return true }
      return false
    case .record(let box):
      if let key = element.string { return box.record[key] != nil }
    case .string(let box):
      if let part = element.string { return box.text.contains(part) }
    case .range(let range):
      if let number = element.int { return number >= range.start && number < range.end }
      if let number = element.number {
        return Int(exactly: number).map { $0 >= range.start && $0 < range.end } ?? false
      }
    case .host(let box):
      if let sequence = box.object as? any HostSequence {
        for position in 0..<sequence.count {
          let item = try hosted { try sequence.element(position) }
          if try equals(item, element) { return true }
        }
        return false
      }
    default: break
    }
    throw Fault(.operands("in", element, container))
  }
}
