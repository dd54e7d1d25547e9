/// `x[i]` and `x[a:b:c]`, in the way of NumPy: negative positions count from the end, slices are
/// cut to what there is, a list of positions gathers and a list of booleans selects.
extension Interpreter {
  func getIndex(_ i: Instruction, _ r: Registers) throws(Fault) {
    if r[i.second].tag == .list, r[i.third].tag == .int {
      let items = r.list(i.second).items
      let position = r[i.third].int
      let index = position < 0 ? position + items.count : position
      if index >= 0, index < items.count {
        r.set(i.first, items[index])
        if i.flags & Instruction.dropsSecond != 0, i.first != i.second { r.clear(i.second) }
        return
      }
    }
    let (object, index) = (r[i.second].value, r[i.third].value)
    if i.flags & Instruction.dropsSecond != 0 { r.clear(i.second) }
    if i.flags & Instruction.dropsThird != 0 { r.clear(i.third) }
    r.set(i.first, try element(of: object, at: index))
  }

  /// The element or part of a value at one index.
  func element(of object: Value, at index: Value) throws(Fault) -> Value {
    switch object {
    case .list(let box): return try element(of: box, at: index, object)
    case .string(let box):
      switch index {
      case .int(let position):
        return Value(try character(box, position))
      case .range(let range): return try slice(object, range.start, range.end, nil)
      default: throw Fault(.indexKind(index, of: object))
      }
    case .record(let box):
      guard let key = index.string else { throw Fault(.indexKind(index, of: object)) }
      if let value = box.record[key] { return value }
      throw Fault(.noKey(key, suggestion: Spelling.nearest(to: key, among: box.record.keys)))
    case .range(let range):
      guard case .int(let position) = index else { throw Fault(.indexKind(index, of: object)) }
      return .int(range.start + (try checked(position, count: range.count, "range")))
    case .host(let box):
      if let indexable = box.object as? any HostIndexable {
        let part: IndexPart =
          switch index {
          case .nil: .newAxis
          case .ellipsis: .ellipsis
          default: .value(index)
          }
        return try hosted { try indexable.element(at: [part]) }
      }
    default: break
    }
    throw Fault(.notIndexable(object))
  }

  private func element(
    of box: ListBox, at index: Value, _ object: Value
  ) throws(Fault) -> Value {
    switch index {
    case .int(let position):
      return box.items[try checked(position, count: box.items.count, "list")]
    case .range(let range): return try slice(object, range.start, range.end, nil)
    case .list(let positions):
      if case .bool? = positions.items.first { return try selected(box, positions, object) }
      var items: [Value] = []
      for position in positions.items {
        guard case .int(let number) = position else {
          throw Fault(.indexKind(position, of: object))
        }
        items.append(box.items[try checked(number, count: box.items.count, "list")])
      }
      return Value(items)
    default: throw Fault(.indexKind(index, of: object))
    }
  }

  private func selected(
    _ box: ListBox, _ mask: ListBox, _ object: Value
  ) throws(Fault) -> Value {
    guard mask.items.count == box.items.count else {
      throw Fault(.indexRange(mask.items.count, count: box.items.count, of: "mask"))
    }
    var items: [Value] = []
    for (item, isIn) in zip(box.items, mask.items) {
      guard case .bool(let isIn) = isIn else { throw Fault(.indexKind(isIn, of: object)) }
      if isIn { items.append(item) }
    }
    return Value(items)
  }

  /// A position from the start, if there is one.
  func checked(_ position: Int, count: Int, _ noun: String) throws(Fault) -> Int {
    let index = position < 0 ? position + count : position
    guard index >= 0, index < count else {
      throw Fault(.indexRange(position, count: count, of: noun))
    }
    return index
  }

  private func character(_ box: StringBox, _ position: Int) throws(Fault) -> String {
    let index = try checked(position, count: box.count, "string")
    let text = box.text
    if box.hasOneByteCharacters {
      return String(text[text.utf8.index(text.startIndex, offsetBy: index)])
    }
    return String(text[text.index(text.startIndex, offsetBy: index)])
  }

  // Slices and indices of several parts

  func getPart(_ i: Instruction, _ r: Registers, shape number: Int) throws(Fault) {
    let shape = stack[depth].code.tables.indexShapes[number]
    let object = r[i.second].value
    let parts = try parts(shape, r, from: i.third)
    r.clear(below: i.third + shape.valueCount, from: i.third)
    if i.flags & Instruction.dropsSecond != 0 { r.clear(i.second) }
    if case .host(let box) = object, let indexable = box.object as? any HostIndexable {
      return r.set(i.first, try hosted { try indexable.element(at: parts) })
    }
    guard parts.count == 1, case .slice(let start, let stop, let step) = parts[0] else {
      throw Fault(.indexPart(parts.count > 1 ? "several indices" : "`...`", of: object))
    }
    r.set(i.first, try slice(object, start, stop, step))
  }

  private func parts(
    _ shape: IndexShape, _ r: Registers, from first: Int
  ) throws(Fault) -> [IndexPart] {
    var next = first
    func bound(_ isGiven: Bool, _ span: Span) throws(Fault) -> Int? {
      guard isGiven else { return nil }
      defer { next += 1 }
      switch r[next].tag {
      case .int: return r[next].int
      case .nil: return nil
      default: throw Fault(.sliceBound(r[next].value)).blaming(.span(span))
      }
    }
    var parts: [IndexPart] = []
    for (part, span) in zip(shape.parts, shape.spans) {
      switch part {
      case .value:
        let value = r[next].value
        next += 1
        switch value {
        case .nil: parts.append(.newAxis)
        case .ellipsis: parts.append(.ellipsis)
        default: parts.append(.value(value))
        }
      case .slice(let hasStart, let hasStop, let hasStep):
        let start = try bound(hasStart, span)
        let stop = try bound(hasStop, span)
        let step = try bound(hasStep, span)
        if step == 0 { throw Fault(.zeroStep).blaming(.span(span)) }
        parts.append(.slice(start: start, stop: stop, step: step))
      case .ellipsis: parts.append(.ellipsis)
      }
    }
    return parts
  }

  private func slice(
    _ object: Value, _ start: Int?, _ stop: Int?, _ step: Int?
  ) throws(Fault) -> Value {
    switch object {
    case .list(let box):
      let positions = Slice(start, stop, step).positions(in: box.items.count)
      if step == nil || step == 1 {
        return Value(Array(box.items[positions.first..<positions.first + positions.count]))
      }
      return Value(positions.map { box.items[$0] })
    case .string(let box):
      let characters = Array(box.text)
      return Value(
        String(
          Slice(start, stop, step).positions(in: characters.count).map {
            characters[$0]
          }))
    case .range(let range):
      let positions = Slice(start, stop, step).positions(in: range.count)
      guard positions.step == 1 else {
        try checkListCount(positions.count)
        return Value(positions.map { .int(range.start + $0) })
      }
      let first = range.start + positions.first
      return .range(RangeBox(first, first + positions.count))
    default: throw Fault(.notSliceable(object))
    }
  }
}

/// A slice as it is written, and the positions that it takes from something of a given length.
package struct Slice {
  private let start: Int?
  private let stop: Int?
  private let step: Int

  /// Makes a slice; a step of 0 is taken for 1, the interpreter refuses it before.
  package init(_ start: Int?, _ stop: Int?, _ step: Int?) {
    self.start = start
    self.stop = stop
    self.step = step == 0 ? 1 : step ?? 1
  }

  /// Positions at equal distances.
  package struct Positions: Sequence {
    /// The first one; meaningless when there are none.
    package let first: Int
    /// How far the next one is.
    package let step: Int
    /// How many there are.
    package let count: Int

    /// The positions in order.
    package func makeIterator() -> AnyIterator<Int> {
      var taken = 0
      return AnyIterator {
        guard taken < count else { return nil }
        defer { taken += 1 }
        return first + taken * step
      }
    }
  }

  /// The positions it takes from something of a given length, cut to what there is.
  package func positions(in count: Int) -> Positions {
    func bound(_ position: Int?, _ missing: Int, _ low: Int, _ high: Int) -> Int {
      guard let position else { return missing }
      return min(max(position < 0 ? position + count : position, low), high)
    }
    if step > 0 {
      let first = bound(start, 0, 0, count)
      let last = bound(stop, count, 0, count)
      let number = last > first ? (last - first - 1) / step + 1 : 0
      return Positions(first: first, step: step, count: number)
    }
    let first = bound(start, count - 1, -1, count - 1)
    let last = bound(stop, -1, -1, count - 1)
    // The magnitude of the smallest step is beyond Int; any step that large takes one position.
    let size = step == .min ? Int.max : -step
    let number = first > last ? (first - last - 1) / size + 1 : 0
    return Positions(first: first, step: step, count: number)
  }
}
