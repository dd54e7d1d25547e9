/// Finds the tensors in what a pickle has left, and their names.
///
/// In a state dict they are entries of the root, or of the dictionary that training scripts keep beside
/// other things. In TorchScript they are attributes of objects in objects, joined by dots. All else is
/// dropped: flags, counters, lists, the optimizer's state.
struct StateDictNames {
  private let machine: PickleMachine
  private var tensors: [(name: String, view: StoredView)] = []
  private var names = NameSet()
  private var visited = 0
  private var written = 0
  private(set) var isTorchScript = false

  /// Where training scripts put the weights.
  private static let wrappers = ["state_dict", "model", "model_state_dict"]
  /// Objects in objects.
  private static let depth = 64
  /// Attributes of all of them, each counted as often as it is reached.
  private static let visitLimit = 1_000_000
  /// Bytes of all names: an object that is reached by many has a long name as many times.
  private static let nameLimit = 16 << 20

  init(_ machine: PickleMachine) { self.machine = machine }

  /// The tensors below a root, in the order in which they were saved.
  mutating func tensors(of root: PickleValue) throws(Fault) -> [(name: String, view: StoredView)] {
    switch root {
    case .object(let object):
      isTorchScript = true
      try walk(machine.maps[object], prefix: "", depth: 0)
    case .map(let map):
      for member in unwrapped(machine.maps[map]).members {
        if case .tensor(let tensor) = member.value { try add(member.name, tensor) }
      }
    default: throw .kind(expected: "a state dict", found: root.kind)
    }
    guard !tensors.isEmpty else { throw .kind(expected: "a state dict", found: "without tensors") }
    return tensors
  }

  private func unwrapped(_ map: PickleMap) -> PickleMap {
    for wrapper in Self.wrappers {
      guard case .map(let inner)? = map[wrapper] else { continue }
      if machine.maps[inner].members.contains(where: { $0.value.isTensor }) {
        return machine.maps[inner]
      }
    }
    return map
  }

  private mutating func walk(_ attributes: PickleMap, prefix: String, depth: Int) throws(Fault) {
    guard depth < Self.depth else { throw .tooMany("levels of objects", limit: Self.depth) }
    visited += attributes.members.count
    guard visited <= Self.visitLimit else { throw .tooMany("attributes", limit: Self.visitLimit) }
    for member in attributes.members {
      switch member.value {
      case .tensor(let tensor): try add(try joined(prefix, member.name), tensor)
      case .object(let object):
        let prefix = try joined(prefix, member.name) + "."
        try walk(machine.maps[object], prefix: prefix, depth: depth + 1)
      default: break
      }
    }
  }

  private mutating func joined(_ prefix: String, _ name: String) throws(Fault) -> String {
    written += prefix.utf8.count + name.utf8.count
    guard written <= Self.nameLimit else {
      throw .tooMany("bytes of names", limit: Self.nameLimit)
    }
    return prefix + name
  }

  private mutating func add(_ name: String, _ tensor: Int) throws(Fault) {
    guard names.insert(name) else {
      throw .damaged("two tensors are called \(TextWidth.quoted(name))")
    }
    tensors.append((name, machine.tensors[tensor]))
  }
}

extension PickleValue {
  var isTensor: Bool {
    if case .tensor = self { true } else { false }
  }
}
