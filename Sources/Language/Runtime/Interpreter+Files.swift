/// Files: their names, the prelude, imports.
///
/// A file is parsed and resolved when something that imports it is resolved, so that its names are
/// known before anything runs; it is run when the import statement is reached, once. The prelude's
/// imports do neither until one of their names is used.
struct FileTable {
  var loaded: [String: ImportedFile] = [:]
  /// The files that are being compiled, for telling cycles.
  var compiling: [(identity: String, name: String)] = []
}

/// An imported file.
final class ImportedFile {
  let scope: FileScope
  let code: Code
  var state = State.compiled
  private(set) lazy var value = Value(FileNamespace(scope))

  enum State {
    case compiled
    case running
    case finished
  }

  init(_ scope: FileScope, _ code: Code) {
    self.scope = scope
    self.code = code
  }
}

/// An imported file as a value: `import protocols.few_shot` binds one.
final class FileNamespace: HostMembers {
  let scope: FileScope

  init(_ scope: FileScope) { self.scope = scope }

  var typeName: String { "File" }
  var summary: String { "file \(scope.name)" }
  var help: String? { scope.doc }
  var memberNames: [String] { scope.order }

  func member(_ name: String) -> Value? { scope.value(name) }
}

extension Interpreter {
  // Compiling

  /// A text as code; throws the first of its diagnostics.
  func compile(
    _ source: SourceFile, into scope: FileScope, defersImports: Bool = false
  ) throws -> Compilation {
    let parsed = Parser.parse(source, nestingLimit: host.limits.nesting)
    if !parsed.facts.isEmpty {
      throw Compilation.Failure(
        diagnostics: parsed.facts.prefix(Compilation.shownFacts).map { Diagnostic($0, in: source) },
        isUnfinished: parsed.isUnfinished)
    }
    let resolver = Resolver(
      parsed.program, into: scope, vocabulary: vocabulary, defersImports: defersImports
    ) { [self] node in
      try file(importedBy: node, in: source).scope
    }
    resolver.run(parsed.program)
    if !resolver.facts.isEmpty {
      let facts = resolver.uniqueFacts.prefix(Compilation.shownFacts)
      throw Compilation.Failure(
        diagnostics: facts.map { Diagnostic($0, in: source) }, isUnfinished: false)
    }
    guard let code = Compiler.compile(parsed.program, resolver, symbols: symbols) else {
      let place = Diagnostic.Label(Location(source, Span(0..<0)))
      throw Compilation.Failure(
        diagnostics: [
          Diagnostic(
            .limit, "this text is too large for one file", at: place,
            help: "a function can have 65,000 variables and a call 255 arguments")
        ], isUnfinished: false)
    }
    return Compilation(program: parsed.program, resolver: resolver, code: code)
  }

  // Imports

  /// The file that an import names, compiled if it is new.
  func file(importedBy node: ImportNode, in source: SourceFile) throws -> ImportedFile {
    let request = ImportRequest(kind: node.kind, importer: source.name)
    let found = try hosted { try host.load(request) }
    if let known = files.loaded[found.identity] { return known }
    if let start = files.compiling.firstIndex(where: { $0.identity == found.identity }) {
      throw Fault(.importCycle(files.compiling[start...].map(\.name) + [found.name]))
    }
    guard files.compiling.count < host.limits.imports else {
      throw Fault(.importTooDeep(host.limits.imports))
    }
    files.compiling.append((found.identity, found.name))
    defer { files.compiling.removeLast() }
    let file = SourceFile(name: found.name, text: found.text, isLibrary: found.isLibrary)
    let scope = FileScope(
      name: found.name, isLibrary: found.isLibrary, registers: FileScope.sessionRegisters)
    let compilation: Compilation
    do {
      compilation = try compile(file, into: scope)
    } catch let failure as Compilation.Failure {
      throw failure.diagnostics[0]
    }
    compilation.commit()
    let imported = ImportedFile(scope, compilation.code)
    files.loaded[found.identity] = imported
    return imported
  }

  /// The file that an import names, while a script runs.
  private func load(
    _ node: ImportNode, importedBy source: SourceFile
  ) throws(Fault) -> ImportedFile {
    do {
      return try file(importedBy: node, in: source)
    } catch {
      throw Fault(failing: error, path: node.path)
    }
  }

  /// Runs an imported file if it has not been run; afterwards nobody assigns its variables.
  func finish(_ file: ImportedFile) throws(Fault) {
    switch file.state {
    case .finished: return
    case .running: throw Fault(.isLoading(file.scope.name))
    case .compiled: break
    }
    file.state = .running
    do {
      // Modules made at the top of a file are no part of whatever is being made now.
      let outer = (constructions, replay)
      (constructions, replay) = ([], nil)
      defer { (constructions, replay) = outer }
      _ = try run(file.code)
      file.scope.isSealed = true
      file.state = .finished
    } catch {
      file.state = .compiled
      throw error
    }
  }

  /// A file as a value with its names as members, loaded if it is new: what `import` binds, for a host
  /// that learns only at run time which file is meant.
  package func imported(_ kind: ImportRequest.Kind, importer: String = "") throws -> Value {
    let node = ImportNode(kind: kind, pathSpan: Span(0..<0), names: [], alias: nil)
    let source = SourceFile(name: importer, text: "", isLibrary: true)
    let file = try load(node, importedBy: source)
    try finish(file)
    return file.value
  }

  func runImport(_ number: Int, _ r: Registers) throws(Fault) {
    let code = stack[depth].code
    let node = code.tables.imports[number]
    let file = try load(node, importedBy: code.file)
    try finish(file)
    for (slot, name) in code.tables.importTargets[number] {
      r.set(slot, try export(name, of: file))
    }
  }

  private func export(_ name: String?, of file: ImportedFile) throws(Fault) -> Value {
    guard let name else { return file.value }
    guard let value = file.scope.value(name) else { throw Fault(.unset(name)) }
    return value
  }

  // Variables of files

  func setGlobal(_ i: Instruction, _ r: Registers) throws(Fault) {
    let frame = stack[depth]
    let scope = frame.code.fileScope
    guard !scope.isSealed else { throw Fault(.sealed(scope.name(ofSlot: i.wide))) }
    frame.globals.store(r[i.first], in: i.wide)
  }

  /// The value of a slot that is not set: one of the prelude that is loaded now, or an error.
  func absentGlobal(_ slot: Int) throws(Fault) -> Value {
    let scope = stack[depth].code.fileScope
    if scope === vocabulary.prelude { return try preludeValue(slot) }
    throw Fault(.unset(scope.name(ofSlot: slot)))
  }

  /// The name of a function that is called before its declaration has been reached.
  func absentName(_ i: Instruction) -> String {
    stack[depth].code.fileScope.name(ofSlot: i.second)
  }

  /// A name of the prelude, loaded if this is its first use.
  func preludeValue(_ slot: Int) throws(Fault) -> Value {
    guard let prelude = vocabulary.prelude else { return .nil }
    if prelude.memory.start[slot].tag != .unset { return prelude.memory.start[slot].value }
    let name = prelude.name(ofSlot: slot)
    guard let deferred = prelude[name]?.deferredImport else { throw Fault(.unset(name)) }
    let source = SourceFile(name: prelude.name, text: "", isLibrary: true)
    let file = try load(deferred.node, importedBy: source)
    try finish(file)
    let value = try export(deferred.name, of: file)
    prelude.memory.start.set(slot, value)
    return value
  }
}

/// A text that has been compiled, with what the phases found out.
struct Compilation {
  let program: Program
  let resolver: Resolver
  let code: Code

  /// The most faults of one text that are reported.
  static let shownFacts = 100

  /// Makes its declarations known to what is compiled later.
  func commit() {
    resolver.fileScope.commit(resolver.fileVariables, slotCount: resolver.slotCount)
    if let doc = program.doc { resolver.fileScope.doc = doc }
  }

  /// Why a text cannot be compiled.
  struct Failure: Error {
    let diagnostics: [Diagnostic]
    let isUnfinished: Bool
  }
}

extension FileScope {
  func name(ofSlot slot: Int) -> String {
    order.last { self[$0]?.number == slot } ?? ""
  }
}
