/// Finds out what each name of a text means, before anything runs.
///
/// One walk over the tree, with a stack of scopes. Names of a file and of a module are entered
/// before the walk, so that functions may use what is declared further down; names of a block are
/// entered as they come. A name that is found in an enclosing function is captured by every
/// function on the way. A name that is found nowhere is a fact, and the walk goes on: all undefined
/// names of a text are reported together.
///
/// Dimensions are declared by the contracts that mention them. The rule for a name in a contract:
/// a variable that is already visible stands for its value, a dimension that is already known must
/// agree, anything else becomes a new dimension of the function, module or cell around it. So the
/// result's contract is walked after the body, and the functions of a module after the rest of it.
final class Resolver {
  let file: SourceFile
  let fileScope: FileScope
  let vocabulary: Vocabulary
  /// The names that an imported file offers.
  let interface: (ImportNode) throws -> FileScope
  let defersImports: Bool

  var bindings: [Binding]
  var facts: [Located<NameFact>] = []
  /// Variables by the first byte of the word that declares them.
  var declared: [Int: Variable] = [:]
  var functions: [ObjectIdentifier: FunctionScope] = [:]
  /// The dimensions that the type of a contract binds, by the number of its name.
  var typeDimensions: [Int: [Variable]] = [:]
  let main: FunctionScope
  var scope: Scope
  var loopDepth = 0
  var slotCount: Int
  /// The file's own declarations, in order.
  var fileVariables: [Variable] = []

  /// The names of one block, chained to those around it.
  final class Scope {
    enum Kind {
      /// What a file declares; entered before the walk.
      case file
      /// The statements of a file, and the dimensions of their contracts.
      case topLevel
      /// Arguments and dimensions.
      case signature
      /// What a module's body declares; entered before the walk.
      case moduleBody
      case block
    }

    let kind: Kind
    var names: [String: Variable] = [:]
    let parent: Scope?
    let function: FunctionScope

    init(_ kind: Kind, in function: FunctionScope, parent: Scope?) {
      self.kind = kind
      self.function = function
      self.parent = parent
    }
  }

  init(
    _ program: Program, into fileScope: FileScope, vocabulary: Vocabulary, defersImports: Bool,
    interface: @escaping (ImportNode) throws -> FileScope
  ) {
    file = program.file
    self.fileScope = fileScope
    self.vocabulary = vocabulary
    self.interface = interface
    self.defersImports = defersImports
    bindings = Array(repeating: .unknown, count: program.nameCount)
    main = FunctionScope(.file, name: nil, parent: nil)
    scope = Scope(.file, in: main, parent: nil)
    slotCount = fileScope.slotCount
  }

  func run(_ program: Program) {
    enterFileNames(program.block)
    within(.topLevel, main) {
      for statement in program.block.statements { resolve(statement) }
    }
    locateHiddenNames()
  }

  func report(_ fact: NameFact, _ span: Span, related: Span? = nil) {
    facts.append(Located(fact, span, related: related))
  }

  /// The facts in the order of the text, one for each place.
  var uniqueFacts: [Located<NameFact>] {
    var places: Set<Int> = []
    return facts.filter { places.insert($0.span.start).inserted }
      .sorted { $0.span.start < $1.span.start }
  }

  // Scopes

  func within(_ kind: Scope.Kind, _ function: FunctionScope, _ body: () -> Void) {
    let outer = scope
    let outerLoops = loopDepth
    if function !== outer.function { loopDepth = 0 }
    scope = Scope(kind, in: function, parent: outer)
    body()
    scope = outer
    loopDepth = outerLoops
  }

  var function: FunctionScope { scope.function }

  @discardableResult
  func declare(_ word: Word, _ kind: Variable.Kind, home: Variable.Home = .frame) -> Variable {
    let variable = Variable(
      word.text, kind, at: Location(file, word.span), in: function, home: home)
    if let first = scope.names[word.text], word.text != "_" {
      let isHere = first.location.file === file
      report(.redeclared(word.text), word.span, related: isHere ? first.location.span : nil)
    } else {
      scope.names[word.text] = variable
    }
    declared[word.span.start] = variable
    // What was entered before the walk is reached by it; a module's functions are always there.
    variable.isReached = scope.kind != .file && scope.kind != .moduleBody || variable.isMethod
    return variable
  }

  /// Declares a name of a statement: entered before the walk at the top of a file or module.
  func declareHere(_ word: Word, _ kind: Variable.Kind) -> Variable {
    let variable = declared[word.span.start] ?? declare(word, kind)
    variable.isReached = true
    return variable
  }

  // Entering the names of a file and of a module

  private func enterFileNames(_ block: Block) {
    for statement in block.statements {
      for (word, kind) in statement.declaredWords {
        let variable = declare(word, kind, home: .file)
        variable.number = fileScope.slot(for: variable, taken: &slotCount)
        fileVariables.append(variable)
        variable.declaration = statement.declaredFunction
      }
    }
    if slotCount > FileScope.slotLimit {
      report(.tooMany("names at the top of a file"), block.span.after)
    }
  }

  func enterFields(_ block: Block, of module: FunctionScope) {
    for statement in block.statements {
      for (word, kind) in statement.declaredWords {
        let variable = declare(word, kind, home: .field)
        variable.declaration = statement.declaredFunction
        number(variable, in: module)
      }
    }
  }

  func number(_ variable: Variable, in module: FunctionScope) {
    if variable.isMethod {
      variable.number = module.methods.count
      module.methods.append(variable)
    } else {
      variable.number = module.fields.count
      module.fields.append(variable)
    }
  }
}

extension Statement {
  /// The names that a statement declares in the scope it stands in.
  var declaredWords: [(Word, Variable.Kind)] {
    switch kind {
    case .binding(let binding): binding.pattern.words.map { ($0, binding.role.variableKind) }
    case .function(let function): function.name.map { [($0, .function)] } ?? []
    case .module(let module): module.name.map { [($0, .module)] } ?? []
    case .import(let node): node.boundWords.map { ($0.word, .imported) }
    default: []
    }
  }

  var declaredFunction: FunctionNode? {
    switch kind {
    case .function(let function), .module(let function): function
    default: nil
    }
  }
}

extension BindingNode.Role {
  /// Whether it makes sense only in the body of a module.
  var belongsToModules: Bool { parameterRole != nil || self == .include }

  var variableKind: Variable.Kind {
    switch self {
    case .let: .let
    case .var: .var
    case .param: .parameter(.param)
    case .frozen: .parameter(.frozen)
    case .state: .parameter(.state)
    case .include: .include
    }
  }
}

extension ImportNode {
  /// The names it binds, and what each is called in the imported file (`nil`: the file itself).
  var boundWords: [(word: Word, source: Word?)] {
    if names.isEmpty { return alias.map { [($0, nil)] } ?? [] }
    if let alias, let only = names.first { return [(alias, only)] }
    return names.map { ($0, $0) }
  }
}
