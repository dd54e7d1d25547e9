extension Checker {
  /// What the text alone says about a value.
  enum Known {
    /// Its kind.
    case type(String)
    /// A shape contract that it has met.
    case shape([DimensionNode])
    case nothing
  }

  /// What is known about the value of an expression.
  func known(_ expression: Expression) -> Known {
    switch expression.kind {
    case .nil: return .type("nil")
    case .bool, .not, .logical: return .type("Bool")
    case .int: return .type("Int")
    case .float: return .type("Float")
    case .string, .interpolation: return .type("String")
    case .list: return .type("List")
    case .record: return .type("Record")
    case .range: return .type("Range")
    case .function: return .type("Function")
    case .binary(_, .contains, _, _): return .type("Bool")
    case .negate(let operand):
      guard case .type(let kind) = known(operand), kind == "Int" || kind == "Float" else {
        return .nothing
      }
      return .type(kind)
    case .name(let use):
      guard let variable = resolver.bindings[use.id].variable, variable.location.file === file
      else { return .nothing }
      if variable.kind == .function { return .type("Function") }
      guard variable.kind == .let || variable.kind == .argument else { return .nothing }
      return variable.contract.map(known) ?? .nothing
    case .call(let callee, _, _):
      guard case .name(let use) = callee.kind,
        let variable = resolver.bindings[use.id].variable, variable.location.file === file,
        variable.kind == .function, let result = variable.declaration?.result
      else { return .nothing }
      return known(result)
    default: return .nothing
    }
  }

  /// What a contract says about a value that has met it.
  private func known(_ contract: ContractNode) -> Known {
    if contract.isOptional { return .nothing }
    switch contract.kind {
    case .shape(let dimensions): return .shape(dimensions)
    case .type(let use):
      guard case .constant(.type(let type)) = resolver.bindings[use.id],
        Self.disjoint.contains(type.name)
      else { return .nothing }
      return .type(type.name)
    }
  }

  /// Kinds of which a value has exactly one. A number can meet a shape contract without axes.
  private static let disjoint: Set<String> = [
    "nil", "Bool", "Int", "Float", "String", "List", "Record", "Range", "Function",
  ]

  /// Reports a value that certainly breaks a contract.
  mutating func compare(_ value: Expression, with contract: ContractNode, of subject: String) {
    switch (known(value), contract.kind) {
    case (.nothing, _): break
    case (.type("nil"), _) where contract.isOptional: break
    case (.type(let kind), .type(let use)):
      guard case .constant(.type(let type)) = resolver.bindings[use.id],
        Self.disjoint.contains(type.name), type.name != kind,
        !(type.name == "Float" && kind == "Int")
      else { return }
      report(.kind(subject, type.article, found: kind), value.span, notes: note(contract))
    case (.type(let kind), .shape(let dimensions)):
      if Self.numbers.contains(kind), !dimensions.contains(where: { !$0.isEllipsis }) { return }
      report(
        .shape(subject, contract.text(in: file), found: "this is \(HostType.withArticle(kind))"),
        value.span, notes: note(contract))
    case (.shape(let given), .shape(let wanted)):
      if let found = contradiction(given, wanted) {
        report(
          .shape(subject, contract.text(in: file), found: found), value.span, notes: note(contract))
      }
    case (.shape, .type(let use)):
      guard case .constant(.type(let type)) = resolver.bindings[use.id],
        Self.disjoint.contains(type.name), !Self.numbers.contains(type.name)
      else { return }
      report(.kind(subject, type.article, found: "shape"), value.span, notes: note(contract))
    }
  }

  private static let numbers: Set<String> = ["Int", "Float"]

  private func note(_ contract: ContractNode) -> [Diagnostic.Label] {
    [Diagnostic.Label(Location(file, contract.span), "the contract")]
  }

  /// Why two shapes can never be the same.
  private func contradiction(_ given: [DimensionNode], _ wanted: [DimensionNode]) -> String? {
    if given.contains(where: \.isEllipsis) || wanted.contains(where: \.isEllipsis) { return nil }
    if given.count != wanted.count {
      return "this has \(given.count) dimensions, expected \(wanted.count)"
    }
    for (axis, (a, b)) in zip(given, wanted).enumerated() {
      guard case .size(let x) = a.kind, case .size(let y) = b.kind, x != y else { continue }
      return "dimension \(axis + 1) is \(x), expected \(y)"
    }
    return nil
  }
}

/// What a check finds in a text that compiles. The words are in `Wording+Checks`.
enum CheckFact {
  case unused(String, isImport: Bool)
  case unreachable
  case condition(String)
  case unknownLabel(String, of: String, suggestion: String?)
  case givenTwice(String)
  case tooManyArguments(String, given: Int, allowed: Int)
  case missingArgument(String, of: String)
  case kind(String, String, found: String)
  case shape(String, String, found: String)
}
