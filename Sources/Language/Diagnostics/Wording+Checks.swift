/// The words for ``CheckFact``.
extension Diagnostic {
  init(_ fact: CheckFact, at location: Location, notes: [Label]) {
    self.init(
      fact.code, severity: fact.severity, fact.message, at: Label(location, fact.label),
      notes: notes, help: fact.help)
  }
}

extension CheckFact {
  fileprivate var code: DiagnosticCode {
    switch self {
    case .unused: .unused
    case .unreachable: .unreachable
    case .condition, .kind: .type
    case .unknownLabel, .givenTwice, .tooManyArguments, .missingArgument: .argument
    case .shape: .shape
    }
  }

  fileprivate var severity: Diagnostic.Severity {
    switch self {
    case .unused, .unreachable: .warning
    default: .error
    }
  }

  fileprivate var message: String {
    switch self {
    case .unused(let name, let isImport):
      isImport ? "'\(name)' is imported and not used" : "'\(name)' is not used"
    case .unreachable: "this is never reached"
    case .condition(let kind): "a condition must be a Bool, this is \(HostType.withArticle(kind))"
    case .unknownLabel(let label, let name, _): "'\(name)' has no argument '\(label)'"
    case .givenTwice(let label): "the argument '\(label)' is given twice"
    case .tooManyArguments(let name, let given, let allowed):
      "'\(name)' takes \(allowed == 0 ? "no" : "\(allowed)") "
        + "\(allowed == 1 ? "argument" : "arguments"), \(given) given"
    case .missingArgument(let argument, let name): "'\(name)' needs the argument '\(argument)'"
    case .kind(let subject, let article, _): "\(subject) must be \(article)"
    case .shape(let subject, let contract, _): "\(subject) does not fit \(contract)"
    }
  }

  fileprivate var label: String {
    switch self {
    case .kind(_, _, "shape"): "this has met a shape"
    case .kind(_, _, let kind):
      kind == "nil" ? "this is nil" : "this is \(HostType.withArticle(kind))"
    case .shape(_, _, let found): found
    default: ""
    }
  }

  fileprivate var help: String? {
    switch self {
    case .unknownLabel(_, _, let suggestion?): "did you mean `\(suggestion)`?"
    case .unused(let name, false): "remove it, or call it `_\(name)`"
    default: nil
    }
  }
}
