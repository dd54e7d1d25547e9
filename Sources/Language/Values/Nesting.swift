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
    while let next = pending.popLast() { unlink(next, into: &pending) }
  }

  /// Whether freeing a value may free another chain of owners.
  static func mayChain(_ value: Value) -> Bool {
    switch value {
    case .list, .record, .function, .module: true
    default: false
    }
  }

  private static func unlink(_ value: consuming Value, into pending: inout [Value]) {
    switch consume value {
    case .function(var closure) where isKnownUniquelyReferenced(&closure):
      pending.append(contentsOf: closure.surrenderContents())
    case .module(var module) where isKnownUniquelyReferenced(&module):
      pending.append(contentsOf: module.surrenderContents())
    case .list(var box) where isKnownUniquelyReferenced(&box):
      let items = box.items
      box.items = []
      pending.append(contentsOf: items.filter(mayChain))
    case .record(var box) where isKnownUniquelyReferenced(&box):
      let values = box.record.values
      box.record = Record()
      pending.append(contentsOf: values.filter(mayChain))
    default: break
    }
  }
}
