/// What `include name = module` adds to a module.
///
/// The parameters and children of an included module stand in the tree of the including one under
/// their own paths, and what it offers can be reached as a member of the including one, unless that
/// declares the name itself. It is delegation: the functions of an included module go on to call
/// their own.
extension ModuleValue {
  /// The modules that it includes, in the order of declaration.
  var included: [ModuleValue] {
    definition.template.includes.compactMap { fields[$0]?.module }
  }

  /// This module and all those that it includes and they include: whoever comes first declares what
  /// a name means.
  var inclusion: [ModuleValue] {
    guard !definition.template.includes.isEmpty else { return [self] }
    var found: [ModuleValue] = []
    var seen: Set<ObjectIdentifier> = []
    // Those still to be visited, first one last.
    var pending = [self]
    while let module = pending.popLast() {
      guard seen.insert(ObjectIdentifier(module)).inserted else { continue }
      found.append(module)
      pending += module.included.reversed()
    }
    return found
  }

  /// The module that declares a name which this one offers.
  func owner(of name: String) -> ModuleValue? {
    if definition.template.members[name] != nil { return self }
    if definition.template.includes.isEmpty { return nil }
    return inclusion.dropFirst().first { $0.definition.template.members[name] != nil }
  }

  /// A function that it offers, and the module that declares it.
  func method(_ name: String) -> (code: Code, module: ModuleValue)? {
    let template = definition.template
    switch template.members[name] {
    case .method(let number): return (template.methods[number], self)
    case .field: return nil
    case nil: break
    }
    guard let owner = owner(of: name) else { return nil }
    return owner.definition.template.method(name).map { ($0, owner) }
  }

  /// The names that it offers: its own, then those of what it includes.
  var memberNames: [String] {
    var seen: Set<String> = []
    return inclusion.flatMap(\.definition.template.memberNames)
      .filter { seen.insert($0).inserted }
  }

  /// The functions that it offers through what it includes, by the name of the inclusion.
  var includedFunctions: [(inclusion: String, functions: [(name: String, signature: Signature)])] {
    let template = definition.template
    var told: Set<ObjectIdentifier> = []
    return template.includes.compactMap { number in
      guard let module = fields[number]?.module else { return nil }
      let parts = module.inclusion.filter { told.insert(ObjectIdentifier($0)).inserted }
      let functions = parts.flatMap { part in
        part.definition.functions.filter { owner(of: $0.name) === part }
      }
      return functions.isEmpty ? nil : (template.fields[number].name, functions)
    }
  }

  /// A path that two parameters would have, with words for whose they are.
  struct Clash {
    let path: String
    let owners: (String, String)
    /// Where the later of the two comes in.
    let span: Span
  }

  /// The first clash among the paths of its tree.
  var clash: Clash? {
    var owners: [String: ModuleValue] = [:]
    for entry in entries {
      guard let first = owners.updateValue(entry.owner, forKey: entry.path) else { continue }
      let (a, b) = (origin(of: first), origin(of: entry.owner))
      return Clash(
        path: entry.path, owners: (a.text, b.text), span: (b.span ?? a.span) ?? Span(0..<0))
    }
    return nil
  }

  /// How a module comes to be part of this one, and the name by which it is included.
  private func origin(of part: ModuleValue) -> (text: String, span: Span?) {
    for number in definition.template.includes {
      let field = definition.template.fields[number]
      guard let module = fields[number]?.module,
        module === part || module.entries.contains(where: { $0.owner === part })
      else { continue }
      return ("'\(part.definition.name)', included as '\(field.name)'", field.span)
    }
    return ("'\(part.definition.name)'", nil)
  }
}
