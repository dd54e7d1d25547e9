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
  /// The functions that it declares, with their signatures, in order.
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
  /// Where the parameters of the construction came from, in the order in which they did.
  var log: [LogEntry] = []
  /// How many modules stand inside each other by inclusion, without this one.
  var inclusionDepth = 0
  /// Whether the body has run to its end.
  package internal(set) var isComplete = false

  enum LogEntry {
    /// One of this module, by its field.
    case own(Int)
    /// All those of a module that the body constructed.
    case child(ModuleValue)
    /// Those of the modules that the body made by copying one, each after its owner.
    case copies([ModuleValue])
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
    for entry in log {
      switch entry {
      case .own: break
      case .child(let child): contents.append(.module(child))
      case .copies(let copies): contents += copies.map { .module($0) }
      }
    }
    log = []
    contents.append(contentsOf: arguments.values)
    arguments = Record()
    return contents
  }

  /// The value of a field or argument that it offers, if one of that name has been reached.
  package subscript(name: String) -> Value? {
    guard let owner = owner(of: name),
      case .field(let number)? = owner.definition.template.members[name]
    else { return nil }
    return owner.fields[number]
  }

  /// The parameters that it declares itself and that have been reached.
  var ownParameters: [(name: String, value: Value)] {
    zip(definition.template.fields, fields).compactMap { field, value in
      field.role == nil ? nil : value.map { (field.name, $0) }
    }
  }

  /// Whether it offers a function of a name.
  package func hasFunction(_ name: String) -> Bool { method(name) != nil }
}
