extension Builtins {
  static var lists: [Native] {
    [
      length, range, append, reversed, sorted, enumerate, zip, unique, position, map, filter,
      reduce, any, all,
    ]
  }

  private static var length: Native {
    Native(
      "len(x) -> Int", "How many elements, characters or keys there are.",
      example: "len(\"über\")\n4"
    ) { arguments in
      switch arguments[0] {
      case .string(let box): return .int(box.count)
      case .list(let box): return .int(box.items.count)
      case .record(let box): return .int(box.record.count)
      case .range(let range): return .int(range.count)
      case .host(let box):
        guard let sequence = box.object as? any HostSequence else { break }
        return .int(sequence.count)
      default: break
      }
      throw arguments.fault(
        0, "must be something with elements", code: .type,
        label: "this is \(arguments[0].describedKind)")
    }
  }

  private static var range: Native {
    Native(
      "range(start: Int, end: Int? = nil, step: Int = 1)",
      "Whole numbers from `start` up to `end`, or from 0 up to the only argument, not included.",
      example: "range(0, 10, step: 5)\n[0, 5]"
    ) { arguments in
      let first = try arguments.int(0)
      let end = try arguments.optionalInt(1)
      let step = try arguments.int(2)
      let (low, high) = end.map { (first, $0) } ?? (0, first)
      if step == 1 { return .range(RangeBox(low, high)) }
      guard step != 0 else { throw arguments.fault(2, "must not be 0") }
      let (span, overflow) = high.subtractingReportingOverflow(low)
      guard !overflow, step != .min else { throw arguments.fault(2, "spans too many numbers") }
      let isEmpty = step > 0 ? span <= 0 : span >= 0
      let count = isEmpty ? 0 : (span.magnitude - 1) / step.magnitude + 1
      try arguments.interpreter.checkListCount(Int(clamping: count))
      return Value((0..<Int(count)).map { .int(low + $0 * step) })
    }
  }

  private static var append: Native {
    Native(
      "append(list: List, value) -> List", "The list with one more element at its end.",
      example: "append([1], 2)\n[1, 2]"
    ) { arguments in
      let items = try arguments.list(0)
      try arguments.interpreter.checkListCount(items.count + 1)
      return Value(items + [arguments[1]])
    }
  }

  private static var reversed: Native {
    Native(
      "reversed(x)", "The elements, or the text, from the end to the beginning.",
      example: "reversed([1, 2])\n[2, 1]"
    ) { arguments in
      if let text = arguments[0].string { return Value(String(text.reversed())) }
      return Value(Array(try arguments.interpreter.elements(of: arguments[0]).reversed()))
    }
  }

  private static var sorted: Native {
    Native(
      "sorted(x, by: Function? = nil, descending: Bool = false) -> List",
      "The elements in order; with `by`, in the order of what that function gives for each. "
        + "What is no number (nan) comes last.",
      example: "sorted([\"bb\", \"a\"], by: fn(s) => len(s))\n[\"a\", \"bb\"]"
    ) { arguments in
      let interpreter = arguments.interpreter
      let items = try interpreter.elements(of: arguments[0])
      let key = arguments[1]
      let keys = key.isNil ? items : try items.map { try interpreter.call(key, [$0]) }
      let order: BinaryOperator = try arguments.bool(2) ? .greater : .less
      let isLast = keys.map { $0.number?.isNaN == true }
      var comparisons = 0
      // Equal elements keep their order.
      let positions = try items.indices.sorted { a, b in
        comparisons += 1
        if comparisons % 65_536 == 0 { try interpreter.poll() }
        if isLast[a] || isLast[b] { return isLast[a] == isLast[b] ? a < b : isLast[b] }
        if case .bool(true) = try interpreter.combine(order, keys[a], keys[b]) { return true }
        if case .bool(true) = try interpreter.combine(order, keys[b], keys[a]) { return false }
        return a < b
      }
      return Value(positions.map { items[$0] })
    }
  }

  private static var enumerate: Native {
    Native(
      "enumerate(x) -> List", "The elements with their positions: `[[0, a], [1, b]]`.",
      example: "enumerate([\"a\"])\n[[0, \"a\"]]"
    ) { arguments in
      let items = try arguments.interpreter.elements(of: arguments[0])
      return Value(items.enumerated().map { Value([.int($0), $1]) })
    }
  }

  private static var zip: Native {
    Native(
      "zip(lists...) -> List", "The first elements together, the second ones, and so on.",
      example: "zip([1, 2], [\"a\", \"b\"])\n[[1, \"a\"], [2, \"b\"]]"
    ) { arguments in
      let interpreter = arguments.interpreter
      let lists = try arguments.list(0).map { try interpreter.elements(of: $0) }
      guard let count = lists.first?.count else { return [] }
      guard lists.allSatisfy({ $0.count == count }) else {
        let counts = lists.map { "\($0.count)" }.joined(separator: ", ")
        throw arguments.fault(0, "must have the same length, these have \(counts)")
      }
      return Value((0..<count).map { position in Value(lists.map { $0[position] }) })
    }
  }

  private static var unique: Native {
    Native(
      "unique(x) -> List", "The elements without repetitions, in the order of their first.",
      example: "unique([2, 1, 2])\n[2, 1]"
    ) { arguments in
      let interpreter = arguments.interpreter
      var result: [Value] = []
      var others: [Value] = []
      var seen: Set<PlainKey> = []
      for item in try interpreter.elements(of: arguments[0]) {
        if let key = PlainKey(item) {
          if seen.insert(key).inserted { result.append(item) }
        } else if try !others.contains(where: { try interpreter.equals($0, item) }) {
          others.append(item)
          result.append(item)
        }
        if result.count % 256 == 0 { try interpreter.poll() }
      }
      return Value(result)
    }
  }

  /// A value that can be found by hashing: two are equal exactly if the values are.
  private enum PlainKey: Hashable {
    case text(String)
    case int(Int)
    case float(Double)
    case bool(Bool)

    init?(_ value: Value) {
      switch value {
      case .int(let number): self = .int(number)
      case .float(let number): self = Int(exactly: number).map(PlainKey.int) ?? .float(number)
      case .bool(let flag): self = .bool(flag)
      default:
        guard let text = value.string else { return nil }
        self = .text(text)
      }
    }
  }

  private static var position: Native {
    Native(
      "position(x, of) -> Int?", "Where an element or a part of a text first stands, or nil.",
      example: "position([5, 6], of: 6)\n1"
    ) { arguments in
      if let text = arguments[0].string {
        guard let range = text.firstRange(of: try arguments.string(1)) else { return .nil }
        return .int(text.distance(from: text.startIndex, to: range.lowerBound))
      }
      let (interpreter, wanted) = (arguments.interpreter, arguments[1])
      let items = try interpreter.elements(of: arguments[0])
      let index = try items.firstIndex { try interpreter.equals($0, wanted) }
      return index.map { .int($0) } ?? .nil
    }
  }

  // With functions

  private static var map: Native {
    Native(
      "map(x, function: Function) -> List", "What a function gives for each element.",
      example: "map([1, 2], fn(x) => x * x)\n[1, 4]"
    ) { arguments in
      let (interpreter, function) = (arguments.interpreter, arguments[1])
      return Value(
        try interpreter.elements(of: arguments[0]).map { try interpreter.call(function, [$0]) })
    }
  }

  private static var filter: Native {
    Native(
      "filter(x, function: Function) -> List", "The elements for which a function gives true.",
      example: "filter(1...4, fn(x) => x % 2 == 0)\n[2, 4]"
    ) { arguments in
      let (interpreter, function) = (arguments.interpreter, arguments[1])
      return Value(
        try interpreter.elements(of: arguments[0]).filter { item in
          try interpreter.holds(function, item)
        })
    }
  }

  private static var reduce: Native {
    Native(
      "reduce(x, start, function: Function)",
      "Joins all elements, one after the other, to a running value.",
      example: "reduce([1, 2, 3], 1, fn(a, b) => a * b)\n6"
    ) { arguments in
      let (interpreter, function) = (arguments.interpreter, arguments[2])
      var value = arguments[1]
      for item in try interpreter.elements(of: arguments[0]) {
        value = try interpreter.call(function, [value, item])
      }
      return value
    }
  }

  private static var any: Native {
    Native(
      "any(x, function: Function? = nil) -> Bool",
      "Whether one element is true, or what a function says of one; without a function also of "
        + "elements inside elements.",
      example: "any([1, 5], fn(x) => x > 4)\ntrue"
    ) { arguments in
      let (interpreter, function) = (arguments.interpreter, arguments[1])
      return .bool(
        try interpreter.leaves(of: arguments[0], function).contains {
          try interpreter.holds(function, $0)
        })
    }
  }

  private static var all: Native {
    Native(
      "all(x, function: Function? = nil) -> Bool",
      "Whether every element is true, or what a function says of each; without a function also of "
        + "elements inside elements.",
      example: "all([true, false])\nfalse"
    ) { arguments in
      let (interpreter, function) = (arguments.interpreter, arguments[1])
      return .bool(
        try interpreter.leaves(of: arguments[0], function).allSatisfy {
          try interpreter.holds(function, $0)
        })
    }
  }
}

extension Interpreter {
  /// The elements that are asked about: those of a foreign sequence inside another are asked themselves.
  func leaves(of value: Value, _ function: Value) throws(Fault) -> [Value] {
    let elements = try elements(of: value)
    guard function.isNil, elements.contains(where: { $0.object is any HostSequence }) else {
      return elements
    }
    var leaves: [Value] = []
    for element in elements {
      leaves +=
        element.object is any HostSequence ? try self.leaves(of: element, function) : [element]
    }
    return leaves
  }

  /// What a function says about an element; without a function, what the element itself says.
  func holds(_ function: Value, _ element: Value) throws(Fault) -> Bool {
    let answer = function.isNil ? element : try call(function, [element])
    guard case .bool(let holds) = answer else { throw Fault(.condition(answer)) }
    return holds
  }
}
