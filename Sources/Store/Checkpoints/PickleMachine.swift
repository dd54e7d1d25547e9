/// Reads a pickle: a program for a machine with a stack, in the opcodes that torch uses and no others.
///
/// Nothing is executed. A name outside ``PickleGlobal``'s list ends the reading where it stands, and a
/// call of one on the list gives a description of a tensor, a map, or something opaque. Work and memory
/// are bounded by limits on the stack, the memo and the values in containers, whatever the program says.
struct PickleMachine {
  /// Finds the bytes of a storage by its key, given how many they are.
  typealias Storages = (_ key: String, _ count: Int) throws(Fault) -> StoredBytes

  var texts: [String] = []
  var sequences: [[PickleValue]] = []
  var maps: [PickleMap] = []
  var storages: [PickledStorage] = []
  var tensors: [StoredView] = []
  let findStorage: Storages
  /// What it may name.
  let vocabulary: PickleVocabulary

  private(set) var code: ByteCursor
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var made = 0

  /// Values on the stack, marks, or values in the memo.
  private let limit: Int
  /// Texts, containers, values that were ever put into one, and the lengths of names, in steps of 16.
  private let madeLimit: Int

  init(
    _ bytes: [UInt8], _ vocabulary: PickleVocabulary = .torch, findStorage: @escaping Storages
  ) {
    code = ByteCursor(bytes)
    // A list of items is as long as its file; an item, with a path, has more bytes than these.
    let isList = vocabulary == .items
    limit = max(1_000_000, isList ? bytes.count / 24 : 0)
    madeLimit = max(4_000_000, isList ? bytes.count / 4 : 0)
    self.vocabulary = vocabulary
    self.findStorage = findStorage
  }

  /// The value that the program leaves.
  mutating func run() throws(Fault) -> PickleValue {
    while true {
      let place = code.position
      let opcode = UInt8(truncatingIfNeeded: try code.byte())
      if opcode == UInt8(ascii: ".") { return try pop() }
      if try constant(opcode) { continue }
      if try container(opcode) { continue }
      if try memory(opcode) { continue }
      if try object(opcode) { continue }
      if vocabulary == .items, try early(opcode) { continue }
      throw .unsupported("pickle opcode 0x\(String(opcode, radix: 16)) at byte \(place)")
    }
  }

  /// Notes that values are made.
  mutating func charge(_ count: Int) throws(Fault) {
    made += count
    guard made <= madeLimit else {
      throw .tooMany("values in its pickle", limit: madeLimit)
    }
  }

  /// Notes that a text is looked up as a name, which takes as long as the text is.
  func cost(ofName text: Int) -> Int { 1 + texts[text].utf8.count / 16 }

  func wrong(_ what: String) -> Fault { .damaged("\(what) at byte \(code.position) of its pickle") }
}

extension PickleMachine {
  mutating func push(_ value: PickleValue) throws(Fault) {
    guard stack.count < limit else {
      throw .tooMany("values in its pickle", limit: limit)
    }
    stack.append(value)
  }

  /// Takes a value above the last mark.
  mutating func pop() throws(Fault) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw wrong("nothing to take")
    }
    return value
  }

  private func top() throws(Fault) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw wrong("nothing to take")
    }
    return value
  }

  /// Takes everything above the last mark, and the mark.
  mutating func popMark() throws(Fault) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw wrong("no mark") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private mutating func constant(_ opcode: UInt8) throws(Fault) -> Bool {
    switch opcode {
    case 0x80:
      let version = try code.byte()
      guard 2...5 ~= version || vocabulary == .items && version < 2 else {
        throw .unsupported("pickle protocol \(version)")
      }
    case 0x95:
      let count = try code.count(8)
      guard count <= code.remaining else { throw wrong("a frame past the end") }
    case UInt8(ascii: "N"): try push(.none)
    case 0x88: try push(.bool(true))
    case 0x89: try push(.bool(false))
    case UInt8(ascii: "J"): try push(.int(try signed(4)))
    case UInt8(ascii: "K"): try push(.int(try code.byte()))
    case UInt8(ascii: "M"): try push(.int(try code.count(2)))
    case 0x8A:
      let width = try code.byte()
      guard width <= 8 else { throw .unsupported("an integer of \(width) bytes in its pickle") }
      try push(.int(width == 0 ? 0 : try signed(width)))
    case UInt8(ascii: "G"):
      try code.skip(8)
      try push(.opaque)
    case 0x8C: try pushText(try code.take(try code.byte()))
    case UInt8(ascii: "X"): try pushText(try code.take(try code.count(4)))
    case 0x8D: try pushText(try code.take(try code.count(8)))
    case UInt8(ascii: "U"): try pushText(try code.take(try code.byte()))
    case UInt8(ascii: "T"): try pushText(try code.take(try signed(4)))
    case UInt8(ascii: "C"):
      try code.skip(try code.byte())
      try push(.opaque)
    case UInt8(ascii: "B"):
      try code.skip(try code.count(4))
      try push(.opaque)
    default: return false
    }
    return true
  }

  private mutating func signed(_ width: Int) throws(Fault) -> Int {
    let shift = UInt64(64 - 8 * width)
    return Int(Int64(bitPattern: try code.unsigned(width) << shift) >> Int64(shift))
  }

  mutating func pushText(_ bytes: [UInt8]) throws(Fault) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw wrong("a text that is not UTF-8")
    }
    try charge(1)
    texts.append(text)
    try push(.text(texts.count - 1))
  }
}

extension PickleMachine {
  private mutating func container(_ opcode: UInt8) throws(Fault) -> Bool {
    switch opcode {
    case UInt8(ascii: ")"): try push(try tuple([]))
    case 0x85, 0x86, 0x87:
      var values: [PickleValue] = []
      for _ in 0x85...opcode { values.append(try pop()) }
      try push(try tuple(values.reversed()))
    case UInt8(ascii: "t"): try push(try tuple(try popMark()))
    case UInt8(ascii: "]"): try push(.list(try sequence([])))
    case UInt8(ascii: "a"): try append([try pop()])
    case UInt8(ascii: "e"): try append(try popMark())
    case UInt8(ascii: "}"): try push(.map(try map()))
    case UInt8(ascii: "s"):
      let value = try pop()
      let name = try pop()
      try set([name, value])
    case UInt8(ascii: "u"): try set(try popMark())
    case 0x8F: try push(.opaque)
    case 0x90:
      _ = try popMark()
      guard case .opaque = try top() else { throw wrong("no set to add to") }
    default: return false
    }
    return true
  }

  private mutating func tuple(_ values: [PickleValue]) throws(Fault) -> PickleValue {
    .tuple(try sequence(values))
  }

  mutating func sequence(_ values: [PickleValue]) throws(Fault) -> Int {
    try charge(1 + values.count)
    sequences.append(values)
    return sequences.count - 1
  }

  /// Makes an empty map.
  mutating func map() throws(Fault) -> Int {
    try charge(1)
    maps.append(PickleMap())
    return maps.count - 1
  }

  private mutating func append(_ values: [PickleValue]) throws(Fault) {
    guard case .list(let list) = try top() else { throw wrong("no list to append to") }
    try charge(values.count)
    sequences[list] += values
  }

  private mutating func set(_ values: [PickleValue]) throws(Fault) {
    guard case .map(let map) = try top() else { throw wrong("no dictionary to set entries of") }
    guard values.count.isMultiple(of: 2) else { throw wrong("a name without a value") }
    try set(values, in: map)
  }

  /// Sets entries of a map: a name, its value, the next name, …
  mutating func set(_ values: [PickleValue], in map: Int) throws(Fault) {
    try charge(values.count)
    for index in stride(from: 0, to: values.count, by: 2) {
      guard case .text(let name) = values[index] else { continue }
      try charge(cost(ofName: name))
      maps[map].set(texts[name], values[index + 1])
    }
  }
}

extension PickleMachine {
  /// Marks, and values put away and taken again.
  private mutating func memory(_ opcode: UInt8) throws(Fault) -> Bool {
    switch opcode {
    case UInt8(ascii: "("):
      guard marks.count < limit else {
        throw .tooMany("marks in its pickle", limit: limit)
      }
      marks.append(stack.count)
    case UInt8(ascii: "0"):
      if stack.count == marks.last { marks.removeLast() } else { _ = try pop() }
    case UInt8(ascii: "1"): _ = try popMark()
    case UInt8(ascii: "2"): try push(try top())
    case UInt8(ascii: "q"): try put(at: try code.byte())
    case UInt8(ascii: "r"): try put(at: try code.count(4))
    case 0x94: try put(at: memo.count)
    case UInt8(ascii: "h"): try get(from: try code.byte())
    case UInt8(ascii: "j"): try get(from: try code.count(4))
    default: return false
    }
    return true
  }

  mutating func put(at place: Int) throws(Fault) {
    memo[place] = try top()
    guard memo.count <= limit else { throw .tooMany("values in its memo", limit: limit) }
  }

  mutating func get(from place: Int) throws(Fault) {
    guard let value = memo[place] else { throw wrong("the memo's \(place), which was never put") }
    try push(value)
  }
}

extension PickleMachine {
  private mutating func object(_ opcode: UInt8) throws(Fault) -> Bool {
    switch opcode {
    case UInt8(ascii: "c"):
      let module = try line()
      try push(.global(try PickleGlobal(module: module, name: try line(), vocabulary)))
    case 0x93:
      let (name, module) = (try pop(), try pop())
      guard case .text(let name) = name, case .text(let module) = module else {
        throw wrong("a global that is not named by texts")
      }
      try push(.global(try PickleGlobal(module: texts[module], name: texts[name], vocabulary)))
    case UInt8(ascii: "R"):
      let arguments = try popTuple()
      guard case .global(let global) = try pop() else { throw wrong("a call of no function") }
      try push(try called(global, arguments))
    case 0x81:
      let arguments = try popTuple()
      guard case .global(let global) = try pop() else { throw wrong("an object of no class") }
      try push(try made(global, arguments))
    case UInt8(ascii: "b"):
      let state = try pop()
      try build(try top(), state)
    case UInt8(ascii: "Q"): try push(try storage(try popTuple()))
    default: return false
    }
    return true
  }

  private mutating func popTuple() throws(Fault) -> [PickleValue] {
    guard case .tuple(let values) = try pop() else { throw wrong("arguments that are no tuple") }
    return sequences[values]
  }

  /// The text up to the next line feed.
  mutating func line() throws(Fault) -> String {
    var bytes: [UInt8] = []
    while case let byte = try code.byte(), byte != 0x0A { bytes.append(UInt8(byte)) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw wrong("a text that is not UTF-8")
    }
    return text
  }
}
