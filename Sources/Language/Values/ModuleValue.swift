/// What a `module` declaration binds: calling it runs the body and gives a ``ModuleValue``.
package final class ModuleDefinition {
  let template: ModuleTemplate
  let captures: [Closure.Capture]

  init(_ template: ModuleTemplate, captures: [Closure.Capture]) {
    self.template = template
    self.captures = captures
  }

  /// The name it was declared with.
  package var name: String { template.name }
  /// The text of the `##` lines above it.
  package var doc: String? { template.description.doc }
  /// Where it is declared.
  package var location: Location { Location(template.file, template.description.span) }
  /// Its arguments and their contracts, as written.
  package var signature: Signature { template.description.signature }
  /// The functions that it offers, with their signatures, in order.
  package var functions: [(name: String, signature: Signature)] {
    template.methods.map { ($0.function.name ?? "", $0.function.signature) }
  }
}

/// A module at work: its fields, its parameters and what it was made of.
///
/// It has identity: every copy of the value is the same module. ``Interpreter/copy(_:)`` makes an
/// independent one, ``Interpreter/rebuild(_:replacing:with:)`` one with other arguments that shares
/// the parameters. What a host wants to know of its parameters stands in `ModuleValue+Tree`.
package final class ModuleValue {
  /// The declaration it was made from.
  package let definition: ModuleDefinition
  /// The arguments that the constructor was given; what was left to a default is not among them.
  package internal(set) var arguments: Record
  /// The values of the fields; one that has not been reached yet is missing.
  var fields: [Value?]
  /// The parameters that the construction declared, in the order in which it did.
  var log: [LogEntry] = []
  /// Whether the body has run to its end.
  package internal(set) var isComplete = false

  enum LogEntry {
    /// One of this module, by its field.
    case own(Int)
    /// All those of a module that the body constructed.
    case child(ModuleValue)
  }

  init(_ definition: ModuleDefinition, arguments: Record) {
    self.definition = definition
    self.arguments = arguments
    fields = Array(repeating: nil, count: definition.template.fields.count)
  }

  deinit {
    if fields.contains(where: { $0.map(Nesting.mayChain) == true }) || !log.isEmpty {
      Nesting.dismantle(surrenderContents())
    }
  }

  /// Gives away what only this module holds; it is about to be freed.
  func surrenderContents() -> [Value] {
    var contents = fields.compactMap { $0 }
    fields = []
    for case .child(let child) in log { contents.append(.module(child)) }
    log = []
    contents.append(contentsOf: arguments.values)
    arguments = Record()
    return contents
  }

  /// The value of a field or argument, if there is one of that name that has been reached.
  package subscript(name: String) -> Value? {
    guard case .field(let number)? = definition.template.members[name] else { return nil }
    return fields[number]
  }

  /// Whether it declares a function of a name.
  package func hasFunction(_ name: String) -> Bool { definition.template.method(name) != nil }
}
