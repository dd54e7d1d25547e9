/// What could be typed next.
package struct Completion: Sendable {
  /// One possibility.
  package struct Candidate: Equatable, Sendable {
    /// What kind of thing it is.
    package enum Kind: String, Sendable {
      case name
      case keyword
      case member
      /// An argument's label; its text ends with a colon.
      case label
      case key
      case path
    }

    /// What to put in place of the range.
    package let text: String
    /// What kind of thing it is.
    package let kind: Kind
  }

  /// The bytes of the text that a candidate replaces.
  package let range: Range<Int>
  /// The possibilities, best first, without repetitions.
  package let candidates: [Candidate]
}

extension Session {
  /// What could stand at a place of an unfinished text.
  ///
  /// Names and keywords; members behind a dot, of values that exist already; labels of the function
  /// being called; keys of records; paths of imports and file names in strings. No script code is
  /// run, and a broken text only means fewer candidates.
  ///
  /// - Parameters:
  ///   - text: The text so far.
  ///   - offset: Where the cursor is, in UTF-8 bytes from the start of `text`.
  package func completions(in text: String, at offset: Int) -> Completion {
    let bytes = Array(text.utf8)
    let cut = min(max(0, offset), bytes.count)
    let before = String(decoding: bytes[..<cut], as: UTF8.self)
    var context = CompletionContext(SourceFile(name: "", text: before))
    let found = candidates(&context)
    var seen: Set<String> = []
    let matching = found.filter { candidate in
      candidate.text.lowercased().hasPrefix(context.partial.lowercased())
        && seen.insert(candidate.text).inserted
    }
    // Exact case first, then the order in which they were found.
    let exact = matching.filter { $0.text.hasPrefix(context.partial) }
    let start = cut - context.partial.utf8.count
    return Completion(range: max(0, start)..<cut, candidates: exact.isEmpty ? matching : exact)
  }

  private func candidates(_ context: inout CompletionContext) -> [Completion.Candidate] {
    switch context.place {
    case .string(let content, let receiver):
      if let receiver, let record = value(at: receiver)?.record {
        return record.keys.map { .init(text: $0, kind: .key) }
      }
      return interpreter.host.completePath(.file(content)).map { .init(text: $0, kind: .path) }
    case .importPath(let path):
      return interpreter.host.completePath(.library(path)).map { .init(text: $0, kind: .path) }
    case .importNames(let node):
      let importer = SourceFile(name: scope.name, text: "")
      let file = try? interpreter.file(importedBy: node, in: importer)
      return (file?.scope.order ?? []).map { .init(text: $0, kind: .name) }
    case .member(let receiver):
      guard let value = value(at: receiver) else { return [] }
      return interpreter.memberNames(of: value).map { .init(text: $0, kind: .member) }
    case .expression(let callee):
      let labels = labels(of: callee)
      // Behind the opening bracket of a call the labels say most; names follow once one is begun.
      if context.isAtFirstArgument, !labels.isEmpty { return labels }
      return labels + visibleNames(in: context)
    }
  }

  /// The value of a chain of names, as far as it is known without running anything.
  private func value(at chain: [String]) -> Value? {
    guard let first = chain.first, var value = value(of: first) else { return nil }
    for word in chain.dropFirst() {
      guard let next = try? interpreter.member(of: value, word) else { return nil }
      value = next
    }
    return value
  }

  private func labels(of callee: [String]?) -> [Completion.Candidate] {
    guard let callee else { return [] }
    return parameters(of: callee).map { .init(text: "\($0):", kind: .label) }
  }

  private func parameters(of callee: [String]) -> [String] {
    if callee.count == 1, let (node, _) = deferredDeclaration(of: callee[0]) {
      return node.parameters.map(\.name.text)
    }
    switch value(at: callee) {
    case .function(let closure): return closure.code.parameters
    case .definition(let definition): return definition.template.constructor.parameters
    case .native(let native):
      guard let declaration = try? interpreter.declaration(of: native) else { return [] }
      return declaration.parameters.enumerated().filter { $0.offset != declaration.variadic }
        .map(\.element.name)
    case .module(let module):
      return module.method("call")?.code.parameters ?? []
    default: return []
    }
  }

  private func visibleNames(in context: CompletionContext) -> [Completion.Candidate] {
    let own = context.declaredNames + scope.order.reversed()
    let builtin = interpreter.vocabulary.names.sorted()
    let keywords = Keyword.allCases.map(\.rawValue) + [ContextualWord.include]
    return (own + builtin).map { .init(text: $0, kind: .name) }
      + keywords.map { .init(text: $0, kind: .keyword) }
  }
}

/// Where the cursor stands, as far as the tokens before it tell.
private struct CompletionContext {
  enum Place {
    /// Inside a string, perhaps the index of a value.
    case string(String, receiver: [String]?)
    case importPath(String)
    case importNames(ImportNode)
    case member(of: [String])
    /// Anywhere else; inside the parentheses of a call, the callee.
    case expression(callee: [String]?)
  }

  /// The beginning of the word that is being typed.
  private(set) var partial = ""
  private(set) var place = Place.expression(callee: nil)
  private let file: SourceFile
  private var tokens: [Token]
  private let texts: [String]

  init(_ file: SourceFile) {
    self.file = file
    var lexer = Lexer(file)
    lexer.run()
    tokens = lexer.tokens.dropLast()
    texts = lexer.texts
    let open = lexer.facts.first {
      $0.fact == .unterminatedString || $0.fact == .unterminatedText
    }
    if let open, open.span.end == file.bytes.count {
      let content = String(decoding: file.bytes[(open.span.start + 1)...], as: UTF8.self)
      partial = content
      tokens.removeAll { $0.span.end > open.span.start }
      place = .string(content, receiver: indexedReceiver)
      return
    }
    takePartial()
    place = findPlace()
    if case .importPath(let path) = place { partial = path }
  }

  /// Whether the cursor stands right behind an opening parenthesis, with nothing typed yet.
  var isAtFirstArgument: Bool { partial.isEmpty && tokens.last?.kind == .mark(.leftParen) }

  private mutating func takePartial() {
    guard let last = tokens.last, last.span.end == file.bytes.count else { return }
    switch last.kind {
    case .word, .keyword:
      partial = file[last.span]
      tokens.removeLast()
    default: break
    }
  }

  private func findPlace() -> Place {
    if let place = importPlace { return place }
    if tokens.last?.kind == .mark(.dot) { return .member(of: chain(endingAt: tokens.count - 2)) }
    return .expression(callee: callee)
  }

  /// The names before an opening bracket: `r` of `r["`.
  private var indexedReceiver: [String]? {
    guard tokens.last?.kind == .mark(.leftBracket) else { return nil }
    let chain = chain(endingAt: tokens.count - 2)
    return chain.isEmpty ? nil : chain
  }

  /// A chain of names joined by dots that ends at a token; empty when there is none.
  private func chain(endingAt end: Int) -> [String] {
    var names: [String] = []
    var index = end
    while index >= 0 {
      guard isWord(tokens[index]) else { return [] }
      names.insert(file[tokens[index].span], at: 0)
      guard index >= 2, tokens[index - 1].kind == .mark(.dot) else { return names }
      index -= 2
    }
    return []
  }

  private func isWord(_ token: Token) -> Bool {
    switch token.kind {
    case .word, .keyword: true
    default: false
    }
  }

  /// What is being called where the cursor stands.
  private var callee: [String]? {
    var depth = 0
    for index in tokens.indices.reversed() {
      switch tokens[index].kind {
      case .mark(.rightParen), .mark(.rightBracket), .mark(.rightBrace): depth += 1
      case .mark(.leftBracket), .mark(.leftBrace):
        if depth == 0 { return nil }
        depth -= 1
      case .mark(.leftParen):
        if depth == 0 {
          let chain = chain(endingAt: index - 1)
          return chain.isEmpty ? nil : chain
        }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  private var importPlace: Place? {
    guard let start = tokens.lastIndex(where: { $0.kind == .keyword(.import) }),
      !tokens[start...].dropFirst().contains(where: \.isFirstOnLine)
    else { return nil }
    let rest = tokens[(start + 1)...]
    guard let colon = rest.firstIndex(where: { $0.kind == .mark(.colon) }) else {
      let path = rest.map { file[$0.span] }.joined() + partial
      return rest.contains { isString($0) } ? nil : .importPath(path)
    }
    guard let first = rest.first else { return nil }
    let span = Span(first.span.start..<tokens[colon].span.start)
    var kind = ImportRequest.Kind.library(rest[..<colon].filter(isWord).map { file[$0.span] })
    if case .string(let number) = first.kind { kind = .file(texts[number]) }
    return .importNames(ImportNode(kind: kind, pathSpan: span, names: [], alias: nil))
  }

  private func isString(_ token: Token) -> Bool {
    if case .string = token.kind { true } else { false }
  }

  /// Names that the text itself declares, whether or not they can be seen from the cursor.
  var declaredNames: [String] {
    zip(tokens, tokens.dropFirst()).compactMap { first, second in
      guard case .word = second.kind else { return nil }
      if case .word = first.kind, file[first.span] == ContextualWord.include {
        return file[second.span]
      }
      guard case .keyword(let keyword) = first.kind else { return nil }
      switch keyword {
      case .let, .var, .param, .frozen, .state, .fn, .module, .for, .catch, .as:
        return file[second.span]
      default: return nil
      }
    } + argumentNames
  }

  /// The arguments of functions that the text declares.
  private var argumentNames: [String] {
    var names: [String] = []
    for index in tokens.indices {
      guard case .keyword(let keyword) = tokens[index].kind, keyword == .fn || keyword == .module
      else { continue }
      var next = index + 1
      if next < tokens.count, tokens[next].kind == .word { next += 1 }
      guard next < tokens.count, tokens[next].kind == .mark(.leftParen) else { continue }
      var depth = 0
      while next < tokens.count {
        let kind = tokens[next].kind
        if kind == .mark(.leftParen) || kind == .mark(.leftBracket) { depth += 1 }
        if kind == .mark(.rightParen) || kind == .mark(.rightBracket) { depth -= 1 }
        if depth == 0 { break }
        let before = tokens[next - 1].kind
        if depth == 1, kind == .word, before == .mark(.leftParen) || before == .mark(.comma) {
          names.append(file[tokens[next].span])
        }
        next += 1
      }
    }
    return names
  }
}
