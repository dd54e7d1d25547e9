/// What people are told about a value or a name: signature, text, example, and where it is written.
struct Help {
  /// The help for a value.
  static func text(for value: Value, in interpreter: Interpreter) -> String {
    switch value {
    case .function(let closure):
      return page(
        "fn \(closure.code.function.qualifiedName)\(closure.signature.text)", closure.doc,
        parameters: closure.signature, at: closure.location)
    case .native(let native): return page(native, interpreter)
    case .definition(let definition): return page(definition)
    case .module(let module): return page(module)
    case .type(let type):
      return type.doc.isEmpty ? "type \(type.name)" : "type \(type.name)\n\n\(type.doc)"
    case .host(let box):
      let members = interpreter.memberNames(of: value)
      let list = members.isEmpty ? "" : "\n\nmembers: \(members.joined(separator: ", "))"
      return (box.object.help ?? "\(box.object.typeName): \(box.object.summary)") + list
    case .nil: return "nil: no value"
    default: return "\(value.kind): \(interpreter.literal(value))"
    }
  }

  /// The help for a declaration that has not been run.
  static func text(for node: FunctionNode, at location: Location) -> String {
    let word = node.isModule ? "module" : "fn"
    let signature = node.signature(in: location.file)
    return page(
      "\(word) \(node.name?.text ?? "")\(signature.text)", node.doc, parameters: signature,
      at: location)
  }

  private static func page(
    _ head: String, _ doc: String?, parameters: Signature, at location: Location
  ) -> String {
    var parts = [head]
    if let doc { parts.append(doc) }
    let documented = parameters.parameters.compactMap { parameter in
      parameter.doc.map { "  \(parameter.name): \($0)" }
    }
    if !documented.isEmpty { parts.append(documented.joined(separator: "\n")) }
    parts.append("defined at \(location.file.name):\(location.line)")
    return parts.joined(separator: "\n\n")
  }

  private static func page(_ native: Native, _ interpreter: Interpreter) -> String {
    var parts = ["fn \(native.text)", native.doc]
    if let example = native.example {
      let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
      parts.append(lines.enumerated().map { $0 == 0 ? "> \($1)" : "\($1)" }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  private static func page(_ definition: ModuleDefinition) -> String {
    let functions = definition.functions
    let head = page(
      "module \(definition.name)\(definition.signature.text)", definition.doc,
      parameters: definition.signature, at: definition.location)
    return functions.isEmpty ? head : head + "\n\n" + lines(functions)
  }

  private static func page(_ module: ModuleValue) -> String {
    let included = module.includedFunctions.map { inclusion, functions in
      "from `\(inclusion)`:\n\n" + lines(functions)
    }
    return ([module.display, page(module.definition)] + included).joined(separator: "\n\n")
  }

  private static func lines(_ functions: [(name: String, signature: Signature)]) -> String {
    functions.map { "  fn \($0.name)\($0.signature.text)" }.joined(separator: "\n")
  }

  /// All words there are, for those who do not know what to ask about.
  static func overview(_ interpreter: Interpreter) -> String {
    let words = interpreter.vocabulary.names.filter { !$0.hasPrefix("_") }.sorted()
    return """
      `help(name)` says what is known about a name: signature, text, example.

      The language:
      \(filled(keywords.keys.sorted(), interpreter.host.width()))

      Words:
      \(filled(words, interpreter.host.width()))
      """
  }

  private static func filled(_ words: [String], _ width: Int) -> String {
    var lines: [String] = []
    for word in words {
      if let line = lines.last, line.count + word.count + 2 < width {
        lines[lines.count - 1] = "\(line), \(word)"
      } else {
        if !lines.isEmpty { lines[lines.count - 1] += "," }
        lines.append("  \(word)")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// What the reserved words are for.
  static let keywords: [String: String] = [
    "let":
      "let name = value\n\nBinds a name once. `let [a, b] = list` and `let {x, y} = record` take apart.",
    "var": "var name = value\n\nBinds a name that may be assigned: `name = other`, `name += 1`.",
    "fn": "fn name(argument: contract = default) -> contract { … }\n\n"
      + "Declares a function. `fn f(x) => x + 1` is short for a block with one expression;\n"
      + "without a name it is a value: `map(list, fn(x) => x + 1)`.",
    "module": "module Name(arguments) { … }\n\n"
      + "Declares a module: its body runs once for each construction `Name(…)`, its names are fields.",
    "param": "param name: contract = value\n\nDeclares a learned parameter of a module.",
    "frozen":
      "frozen name = value\n\nDeclares a parameter that is kept with the module and never learned.",
    "state": "state name = value\n\nDeclares what the module itself updates.",
    "include": "include name = module\n\n"
      + "Makes another module part of the one that says it: what that learns stands under its own\n"
      + "paths, without the name, and what it offers is offered here, unless declared anew.",
    "if":
      "if condition { … } else { … }\n\nIs an expression: its value is that of the branch that runs.",
    "for":
      "for x in list { … }\n\nRuns a block for each element of a list, range, string or record (its keys).",
    "while": "while condition { … }\n\nRuns a block as long as a condition holds.",
    "in":
      "x in list\n\nWhether a list, text, record or range contains something, or a value is of a type: `x in Int`.",
    "try":
      "try { … } catch e { … }\n\nRuns a block; an error goes to `e`, with `e.code`, `e.message`, `e.line`.",
    "throw": "throw value\n\nStops with an error, which `try … catch e` receives as `e.value`.",
    "assert": "assert condition, \"message\"\n\nStops with an error unless a condition holds.",
    "import": "import methods.name: Name\nimport \"own.duet\": Name\n\n"
      + "Makes names of another file available: of the library, or of a file beside this one.",
    "return": "return value\n\nEnds a function with a value.",
    "no_grad": "no_grad { … }\n\nEvaluates a block without recording it for gradients.",
    "and": "a and b\n\nTrue if both are; `b` is evaluated only if `a` is true.",
    "or": "a or b\n\nTrue if one is; `b` is evaluated only if `a` is false.",
    "not": "not a\n\nTrue if `a` is false.",
  ]
}

extension Session {
  /// What is known about a name, a path of members such as `model.width`, or a reserved word.
  ///
  /// Nothing is run; a file of the library may be read.
  package func help(_ name: String) -> String? {
    let words = name.split(separator: ".").map(String.init)
    guard let first = words.first else { return nil }
    let isTaken = first == ContextualWord.include && value(of: first) != nil
    if words.count == 1, !isTaken, let keyword = Help.keywords[first] { return keyword }
    if words.count == 1, let (node, location) = deferredDeclaration(of: first) {
      return Help.text(for: node, at: location)
    }
    guard var value = value(of: first) else { return nil }
    for word in words.dropFirst() {
      guard let member = try? interpreter.member(of: value, word) else { return nil }
      value = member
    }
    return Help.text(for: value, in: interpreter)
  }

  /// The first line of what is known about a name: beside completions, and for searching.
  package func summary(of name: String) -> String? {
    if let (node, _) = deferredDeclaration(of: name) { return node.doc.map(Self.firstLine) }
    guard let value = value(of: name) else { return nil }
    switch value {
    case .function(let closure): return closure.doc.map(Self.firstLine)
    case .native(let native): return Self.firstLine(native.doc)
    case .definition(let definition): return definition.doc.map(Self.firstLine)
    case .type(let type): return Self.firstLine(type.doc)
    default: return nil
    }
  }

  private static func firstLine(_ text: String) -> String {
    String(text.prefix { !$0.isNewline })
  }
}
