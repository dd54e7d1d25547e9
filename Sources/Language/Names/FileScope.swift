/// The top level of a file, or of a session: its names and the registers behind them.
final class FileScope {
  let name: String
  let isLibrary: Bool
  /// The names it offers.
  private(set) var variables: [String: Variable] = [:]
  /// Names in the order of their declaration.
  private(set) var order: [String] = []
  /// How many slots are taken; the registers behind them are for the running text's own use.
  private(set) var slotCount = 0
  let memory: RegisterMemory
  /// Set when an imported file has run: from then on, nobody assigns its variables.
  var isSealed = false
  /// The comment at the head of the file.
  var doc: String?

  /// The most names a scope can have; registers beyond are for temporary values.
  static let slotLimit = 50_000

  init(name: String, isLibrary: Bool, registers: Int) {
    self.name = name
    self.isLibrary = isLibrary
    memory = RegisterMemory(capacity: registers)
  }

  /// Registers that no running text needs more than.
  static let sessionRegisters = 65_536

  subscript(name: String) -> Variable? { variables[name] }

  /// The slot that a new declaration of a name takes.
  ///
  /// The same as before, so that older functions see the new meaning; unless an assignable name
  /// becomes a constant or the other way round, which older functions are not prepared for.
  func slot(for variable: Variable, taken: inout Int) -> Int {
    if let old = variables[variable.name], old.kind.isAssignable == variable.kind.isAssignable {
      return old.number
    }
    defer { taken += 1 }
    return taken
  }

  /// Makes declarations known, once their text has been found to be right.
  func commit(_ declared: [Variable], slotCount: Int) {
    for variable in declared {
      if variables.updateValue(variable, forKey: variable.name) != nil {
        order.removeAll { $0 == variable.name }
      }
      order.append(variable.name)
    }
    self.slotCount = slotCount
  }

  /// Whether a slot has a value by now.
  func hasValue(_ variable: Variable) -> Bool {
    variable.number < memory.count && memory.start[variable.number].tag != .unset
  }

  /// The value of a name, if it has one by now.
  func value(_ name: String) -> Value? {
    guard let variable = variables[name], hasValue(variable) else { return nil }
    return memory.start[variable.number].value
  }
}

/// The names that are there without being declared.
struct Vocabulary {
  /// Natives, types and constants.
  var words: [String: Value] = [:]
  /// What the prelude declares and imports.
  var prelude: FileScope?

  var names: [String] { Array(words.keys) + (prelude?.order ?? []) }
}
