/// Taking the box out of a value, so that whoever holds it now can tell whether he alone does.
///
/// A pattern that binds the box of a value copies it, and the value may live on beside the copy;
/// then the box never looks unshared and every write copies its contents. Giving the value up in a
/// call is what makes the difference.
extension Value {
  /// The box of a string, if the value is one.
  consuming func takenString() -> StringBox? {
    if case .string(let box) = self { box } else { nil }
  }

  /// The box of a list, if the value is one.
  consuming func takenList() -> ListBox? { if case .list(let box) = self { box } else { nil } }

  /// The box of a record, if the value is one.
  consuming func takenRecord() -> RecordBox? {
    if case .record(let box) = self { box } else { nil }
  }

  /// The closure, if the value is one.
  consuming func takenClosure() -> Closure? {
    if case .function(let closure) = self { closure } else { nil }
  }

  /// The module, if the value is one.
  consuming func takenModule() -> ModuleValue? {
    if case .module(let module) = self { module } else { nil }
  }

  /// The number of elements, if the value is a list.
  var listCount: Int? { if case .list(let box) = self { box.items.count } else { nil } }

  var isRecord: Bool { if case .record = self { true } else { false } }

  /// Gives the value up and leaves `nil`.
  mutating func surrendered() -> Value {
    var taken = Value.nil
    swap(&taken, &self)
    return taken
  }

  /// Changes the list in place, copying it first if somebody else holds it too.
  mutating func changeList<Failure: Error>(
    _ change: (ListBox) throws(Failure) -> Void
  ) throws(Failure) {
    guard var box = surrendered().takenList() else { return }
    if !isKnownUniquelyReferenced(&box) { box = ListBox(box.items, depth: box.depth) }
    defer { self = .list(box) }
    try change(box)
  }

  /// Changes the record in place, copying it first if somebody else holds it too.
  mutating func changeRecord<Failure: Error>(
    _ change: (RecordBox) throws(Failure) -> Void
  ) throws(Failure) {
    guard var box = surrendered().takenRecord() else { return }
    if !isKnownUniquelyReferenced(&box) { box = RecordBox(box.record, depth: box.depth) }
    defer { self = .record(box) }
    try change(box)
  }

  /// Appends a string to a string or a list to a list, copying it only if somebody else holds it.
  mutating func appendInPlace(_ addition: Value) {
    switch addition {
    case .string(let other):
      guard var box = surrendered().takenString() else { return }
      if isKnownUniquelyReferenced(&box) {
        box.append(other.text)
      } else {
        box = StringBox(box.text + other.text)
      }
      self = .string(box)
    case .list(let other): changeList { $0.append(contentsOf: other) }
    default: break
    }
  }
}
