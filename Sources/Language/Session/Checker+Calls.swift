extension Checker {
  /// What a call is checked against.
  private struct Callee {
    let name: String
    let parameters: [String]
    let contracts: [ContractNode?]
    let required: Set<String>
    let variadic: Int?
    /// Where it is declared, if a script declares it.
    let location: Location?
  }

  mutating func checkCall(
    _ callee: Expression, _ arguments: [Expression.Argument], _ span: Span
  ) {
    guard case .name(let use) = callee.kind, let target = self.callee(use) else { return }
    var given: Set<String> = []
    for (index, argument) in arguments.enumerated() {
      let value = argument.value
      if let label = argument.label {
        guard let position = target.parameters.firstIndex(of: label.text),
          position != target.variadic
        else {
          let near = Spelling.nearest(to: label.text, among: target.parameters)
          report(
            .unknownLabel(label.text, of: target.name, suggestion: near), label.span,
            notes: declaration(of: target))
          continue
        }
        guard given.insert(label.text).inserted else {
          report(.givenTwice(label.text), label.span)
          continue
        }
        compare(value, target, position)
      } else if let variadic = target.variadic, index >= variadic {
        continue
      } else if index < target.parameters.count {
        given.insert(target.parameters[index])
        compare(value, target, index)
      } else {
        report(
          .tooManyArguments(
            target.name, given: arguments.count, allowed: target.parameters.count), value.span,
          notes: declaration(of: target))
        return
      }
    }
    let missing = target.parameters.first { target.required.contains($0) && !given.contains($0) }
    if let missing {
      report(
        .missingArgument(missing, of: target.name), span, notes: declaration(of: target))
    }
  }

  private func declaration(of callee: Callee) -> [Diagnostic.Label] {
    callee.location.map { [Diagnostic.Label($0, "declared here")] } ?? []
  }

  private mutating func compare(_ value: Expression, _ callee: Callee, _ position: Int) {
    guard callee.location?.file === file, let contract = callee.contracts[position] else { return }
    compare(value, with: contract, of: "'\(callee.parameters[position])'")
  }

  private func callee(_ use: NameUse) -> Callee? {
    let binding = resolver.bindings[use.id]
    if case .constant(.native(let native)) = binding {
      guard let declaration = try? interpreter.declaration(of: native) else { return nil }
      let required = declaration.parameters.filter { $0.defaultValue == nil }.map(\.name)
      return Callee(
        name: native.name, parameters: declaration.parameters.map(\.name),
        contracts: declaration.parameters.map { _ in nil }, required: Set(required),
        variadic: declaration.variadic, location: nil)
    }
    guard let variable = binding.variable,
      variable.kind == .function || variable.kind == .module || variable.kind == .imported
    else { return nil }
    let declared = variable.deferredImport == nil ? variable : deferred(variable)
    guard let declared, let node = declared.declaration else { return nil }
    let required = node.parameters.filter { $0.defaultValue == nil }.map(\.name.text)
    // The names in an imported function's contracts are those of its own file.
    let isOwn = variable.kind != .imported
    return Callee(
      name: use.text, parameters: node.parameters.map(\.name.text),
      contracts: node.parameters.map { isOwn ? $0.contract : nil }, required: Set(required),
      variadic: nil,
      location: declared.location)
  }

  /// What stands behind a name of the prelude; its file is read, not run.
  private func deferred(_ variable: Variable) -> Variable? {
    guard let deferred = variable.deferredImport, let name = deferred.name else { return nil }
    let importer = SourceFile(
      name: variable.location.file.name, text: "", isLibrary: true)
    let file = try? interpreter.file(importedBy: deferred.node, in: importer)
    return file?.scope[name]
  }
}
