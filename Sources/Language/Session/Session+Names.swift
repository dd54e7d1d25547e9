extension Session {
  /// A name that a text may use.
  package struct Name {
    /// What kind of thing it is.
    package enum Kind: String, Sendable {
      case variable = "var"
      case constant = "let"
      case function = "fn"
      case module = "module"
      case imported = "import"
      /// A word of the language or the host.
      case builtin
    }

    /// The name.
    package let name: String
    /// What kind of thing it is.
    package let kind: Kind
    /// Its value; `nil` when it has not been bound, or not been loaded yet.
    package let value: Value?
  }

  /// The names that the session's texts have declared, in order.
  package var names: [Name] {
    scope.order.compactMap { name in
      scope[name].map { Name(name: name, kind: $0.nameKind, value: scope.value(name)) }
    }
  }

  /// The names that are there without being declared, in alphabetical order.
  package var builtinNames: [Name] {
    let words = interpreter.vocabulary.words.map {
      Name(name: $0, kind: .builtin, value: $1)
    }
    let prelude = interpreter.vocabulary.prelude
    let declared = (prelude?.order ?? []).compactMap { name in
      prelude?[name].map { Name(name: name, kind: $0.nameKind, value: prelude?.value(name)) }
    }
    return (words + declared).sorted { $0.name < $1.name }
  }

  /// The value of a name, if it has one by now.
  package func value(of name: String) -> Value? {
    scope.value(name) ?? interpreter.vocabulary.prelude?.value(name)
      ?? interpreter.vocabulary.words[name]
  }

  /// Binds a name as `let` would, replacing what it was: for `_` and `_3` of a prompt.
  package func define(_ name: String, _ value: Value) {
    let place = Location(SourceFile(name: "the prompt", text: ""), Span(0..<0))
    let variable = Variable(
      name, .let, at: place, in: FunctionScope(.file, name: nil, parent: nil), home: .file)
    var slotCount = scope.slotCount
    variable.number = scope.slot(for: variable, taken: &slotCount)
    guard slotCount <= FileScope.slotLimit else { return }
    scope.commit([variable], slotCount: slotCount)
    scope.memory.grow(to: slotCount)
    scope.memory.start.set(variable.number, value)
  }

  /// The text of the declaration behind a name, and where it stands.
  package func source(of name: String) -> (text: String, location: Location)? {
    guard let location = declaration(of: name) else { return nil }
    return (location.file[location.span], location)
  }

  private func declaration(of name: String) -> Location? {
    switch value(of: name) {
    case .function(let closure): closure.location
    case .definition(let definition): definition.location
    case .module(let module): module.definition.location
    default: deferredDeclaration(of: name)?.location
    }
  }

  /// The declaration of a name of the prelude whose file is not loaded: the file is read, not run.
  func deferredDeclaration(of name: String) -> (node: FunctionNode, location: Location)? {
    guard scope[name] == nil, let prelude = interpreter.vocabulary.prelude,
      let deferred = prelude[name]?.deferredImport, let wanted = deferred.name
    else { return nil }
    let importer = SourceFile(name: prelude.name, text: "", isLibrary: true)
    guard let file = try? interpreter.file(importedBy: deferred.node, in: importer),
      let variable = file.scope[wanted], let node = variable.declaration
    else { return nil }
    return (node, Location(variable.location.file, node.span))
  }
}

extension Variable {
  fileprivate var nameKind: Session.Name.Kind {
    switch kind {
    case .var: .variable
    case .function: .function
    case .module: .module
    case .imported: .imported
    default: .constant
    }
  }
}
