/// The words for ``NameFact``.
extension Diagnostic {
  init(_ located: Located<NameFact>, in file: SourceFile) {
    let fact = located.fact
    let notes = located.related.map { [Label(Location(file, $0), fact.relatedText)] } ?? []
    self.init(
      fact.code, fact.message, at: Label(Location(file, located.span)),
      notes: notes + fact.causes, help: fact.help)
  }
}

extension Fault {
  /// The fault of a name of the prelude whose file cannot be loaded.
  init(failing error: any Error, path: String) {
    let fact = NameFact(failing: error, path: path)
    self.init(fact.code, fact.message, help: fact.help, notes: fact.causes)
  }
}

extension NameFact {
  /// What went wrong with an imported file, from whatever its loading threw.
  init(failing error: any Error, path: String) {
    switch error {
    case let diagnostic as Diagnostic:
      self = .importFailed(
        path: path, diagnostic, message: diagnostic.message, help: diagnostic.help)
    case let fault as Fault:
      self = .importFailed(path: path, fault.located, message: fault.message, help: fault.help)
    default:
      self = .importFailed(path: path, nil, message: "\(error)", help: nil)
    }
  }

  fileprivate var code: DiagnosticCode {
    switch self {
    case .importFailed, .notOffered, .importInside: .import
    case .returnOutside, .loopControlOutside, .parameterOutside, .moduleInside: .syntax
    case .tooMany: .limit
    default: .name
    }
  }

  fileprivate var message: String {
    switch self {
    case .undefined(let name, _), .undeclared(let name, _): "'\(name)' is not bound"
    case .tooEarly(let name): "'\(name)' is used before it is bound"
    case .redeclared(let name): "'\(name)' is declared twice"
    case .notAssignable(let name, let kind): "'\(name)' cannot be assigned: it is \(kind.noun)"
    case .builtinNotAssignable(let name): "'\(name)' cannot be assigned: it is always there"
    case .dimensionUnbound(let name): "the dimension '\(name)' is not bound here"
    case .dimensionIsLaterArgument(let name): "'\(name)' is declared behind this contract"
    case .returnOutside: "'return' outside of a function"
    case .loopControlOutside(let word): "'\(word)' outside of a loop"
    case .parameterOutside(let word): "'\(word)' outside of a module's body"
    case .moduleInside: "a module cannot be declared inside a module"
    case .importInside: "an import stands at the top of a file"
    case .notOffered(let name, let path, _): "'\(path)' offers no '\(name)'"
    case .hasNoValue(let name): "'\(name)' has no value: its cell failed before it was bound"
    case .unknownType(let name, _): "'\(name)' is not a type"
    case .foreignConstant(let name, _): "'\(name)' is not bound"
    case .tooMany(let what): "there are too many \(what)"
    // Each file of a cycle would add its own beginning to the same sentence.
    case .importFailed(_, _, let message, _) where message.hasPrefix(RuntimeFact.importCycle):
      message
    case .importFailed(let path, _, let message, _): "'\(path)' cannot be imported: \(message)"
    }
  }

  fileprivate var relatedText: String {
    switch self {
    case .redeclared: "declared here first"
    case .undefined, .undeclared: "declared here, where it cannot be seen from there"
    default: "declared here"
    }
  }

  /// Where the imported file is wrong.
  fileprivate var causes: [Diagnostic.Label] {
    guard case .importFailed(_, let diagnostic?, _, _) = self else { return [] }
    return [Diagnostic.Label(diagnostic.primary.location, diagnostic.primary.text)]
      + diagnostic.notes
  }

  fileprivate var help: String? {
    switch self {
    case .undefined(_, let suggestion?), .notOffered(_, _, let suggestion?),
      .unknownType(_, let suggestion?):
      return "did you mean `\(suggestion)`?"
    case .undeclared(let name, let suggestion?):
      return "did you mean `\(suggestion)`? A new name is declared: `let \(name) = …`"
    case .undeclared(let name, nil):
      return "declare it: `let \(name) = …`, or `var \(name) = …` to assign again"
    case .unknownType: return "a contract is a type such as `Int`, a module, or a shape"
    case .redeclared: return "choose another name, or assign to a `var` with `=`"
    case .notAssignable(let name, let kind): return Self.assigning(name, kind)
    case .dimensionUnbound:
      return "arithmetic needs dimensions that an earlier contract has bound"
    case .dimensionIsLaterArgument(let name): return "put `\(name)` before this argument"
    case .parameterOutside: return "declare it with `let` or `var`"
    case .moduleInside: return "declare it before, and use it here"
    case .foreignConstant(_, let meant):
      return "write \(meant.contains(" ") ? meant : "`\(meant)`")"
    case .importFailed(_, _, _, let help): return help
    default: return nil
    }
  }

  private static func assigning(_ name: String, _ kind: Variable.Kind) -> String? {
    switch kind {
    case .let: "declare it with `var \(name) = …`"
    case .argument, .loop: "copy it first: `var \(name) = \(name)`"
    case .parameter: "an optimizer changes it; what the module changes itself is a `state`"
    default: nil
    }
  }
}
