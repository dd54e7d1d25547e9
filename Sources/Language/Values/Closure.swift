/// A function written in a script, together with what it captured.
package final class Closure {
  /// A variable of an enclosing function.
  enum Capture {
    /// One that never changes after the capture: its value.
    case value(Value)
    /// One that may be assigned: the variable itself.
    case variable(SharedVariable)
  }

  let code: Code
  /// The module whose fields the function reads, if it was written inside one.
  private(set) var module: ModuleValue?
  private(set) var captures: [Capture]

  init(_ code: Code, captures: [Capture] = [], module: ModuleValue? = nil) {
    self.code = code
    self.captures = captures
    self.module = module
  }

  deinit {
    let isLastOwner = module != nil && isKnownUniquelyReferenced(&module)
    if isLastOwner || !captures.isEmpty { Nesting.dismantle(surrenderContents()) }
  }

  /// Gives away the values that only this closure holds; it is about to be freed.
  func surrenderContents() -> [Value] {
    var values: [Value] = module.map { [.module($0)] } ?? []
    module = nil
    var taken: [Capture] = []
    swap(&taken, &captures)
    while let capture = taken.popLast() {
      switch consume capture {
      case .value(let value): values.append(value)
      case .variable(var cell):
        if isKnownUniquelyReferenced(&cell) { values.append(cell.surrenderValue()) }
      }
    }
    return values
  }

  /// The name it was declared with; `nil` for an anonymous function.
  package var name: String? { code.function.name }
  /// Its parameters and result, as written.
  package var signature: Signature { code.function.signature }
  /// The text of the `##` lines above it.
  package var doc: String? { code.function.doc }
  /// Where it is written.
  package var location: Location { Location(code.file, code.function.span) }
}
