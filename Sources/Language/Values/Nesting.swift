/// Keeps values shallow enough for recursion: printing, comparing, copying and freeing them.
///
/// Lists and records carry an upper bound of their depth. It only grows while they are written, so
/// when it reaches the limit it is counted anew before anything is refused.
///
/// Closures and modules are shared by reference and may be chained without end
/// (`f = fn() => g()`, a million times). Freeing such a chain link by link would recurse as deep, so
/// their last owner takes it apart with a list of its own.
package enum Nesting {
  static func depth(of values: [Value]) -> Int {
    var deepest = 0
    for value in values { deepest = max(deepest, value.depth) }
    return deepest + 1
  }

  /// Whether a value stays within a limit; a bound that is too pessimistic is corrected.
  package static func isWithin(_ limit: Int, _ value: Value) -> Bool {
    if value.depth <= limit { return true }
    var known: [ObjectIdentifier: Int] = [:]
    return recount(value, &known) <= limit
  }

  private static func recount(_ value: Value, _ known: inout [ObjectIdentifier: Int]) -> Int {
    let identity: ObjectIdentifier
    let contents: [Value]
    switch value {
    case .list(let box): (identity, contents) = (ObjectIdentifier(box), box.items)
    case .record(let box): (identity, contents) = (ObjectIdentifier(box), box.record.values)
    default: return 0
    }
    if let depth = known[identity] { return depth }
    var depth = 1
    for element in contents { depth = max(depth, recount(element, &known) + 1) }
    known[identity] = depth
    if case .list(let box) = value { box.depth = depth }
    if case .record(let box) = value { box.depth = depth }
    return depth
  }

  /// Frees values that have lost their owner, without recursing along chains of them.
  static func dismantle(_ orphans: consuming [Value]) {
    var pending = consume orphans
    while let link = pending.last.map(Link.init) {
      let next = pending.removeLast()
      switch link {
      case .closure:
        guard var closure = (consume next).takenClosure() else { break }
        if isKnownUniquelyReferenced(&closure) { pending += closure.surrenderContents() }
      case .module:
        guard var module = (consume next).takenModule() else { break }
        if isKnownUniquelyReferenced(&module) { pending += module.surrenderContents() }
      case .list:
        guard var box = (consume next).takenList() else { break }
        if isKnownUniquelyReferenced(&box) { pending += box.items.filter(mayChain) }
      case .record:
        guard var box = (consume next).takenRecord() else { break }
        if isKnownUniquelyReferenced(&box) { pending += box.record.values.filter(mayChain) }
      case .end: break
      }
    }
  }

  /// What kind of owner a value is.
  private enum Link {
    case closure, module, list, record, end

    init(_ value: Value) {
      switch value {
      case .function: self = .closure
      case .module: self = .module
      case .list: self = .list
      case .record: self = .record
      default: self = .end
      }
    }
  }

  /// Whether freeing a value may free another chain of owners.
  static func mayChain(_ value: Value) -> Bool {
    switch value {
    case .list, .record, .function, .module: true
    default: false
    }
  }
}
