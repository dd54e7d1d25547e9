/// A declared name: one variable of one function, module or file.
final class Variable {
  enum Kind: Equatable {
    case `let`
    case `var`
    case argument
    case loop
    case caught
    case function
    case module
    case imported
    case parameter(ParameterRole)
    case include
    case dimension

    /// What it is called in messages.
    var noun: String {
      switch self {
      case .let: "a `let`"
      case .var: "a `var`"
      case .argument: "an argument"
      case .loop: "a loop variable"
      case .caught: "the error of a `catch`"
      case .function: "a function"
      case .module: "a module"
      case .imported: "imported"
      case .parameter(let role): "a `\(role.rawValue)`"
      case .include: "an included module"
      case .dimension: "a dimension"
      }
    }

    /// Whether its functions, or anybody, may assign it.
    var isAssignable: Bool { self == .var || self == .parameter(.state) }
  }

  /// Where the variable lives.
  enum Home {
    /// A register of its function's frame.
    case frame
    /// A slot of its file: reachable from everywhere in it.
    case file
    /// A field of its module.
    case field
  }

  let name: String
  let kind: Kind
  /// The name in its declaration.
  let location: Location
  /// The function whose frame, module or file holds it.
  let owner: FunctionScope
  let home: Home
  /// The number of its register, slot or field; for a function of a module, of its method.
  /// The resolver numbers slots and fields, the compiler registers.
  var number = -1
  var isCaptured = false
  var isAssigned = false
  var isUsed = false
  /// Whether the walk has passed its declaration: from there on its own frame may use it.
  var isReached = false
  /// For a function or module: its declaration, known before anything runs.
  var declaration: FunctionNode?
  /// For a name that is loaded when it is first used: from where.
  var deferredImport: DeferredImport?
  /// The contract of its declaration, which later assignments and checks look at again.
  var contract: ContractNode?

  init(
    _ name: String, _ kind: Kind, at location: Location, in owner: FunctionScope, home: Home
  ) {
    self.name = name
    self.kind = kind
    self.location = location
    self.owner = owner
    self.home = home
  }

  /// Whether it lives in a cell of its own: it outlives its frame and changes.
  var isBoxed: Bool { isCaptured && isAssigned && home == .frame }

  /// Whether it is a function of a module, which is no field of its own.
  var isMethod: Bool { home == .field && kind == .function }
}

/// A name that a lazy import will bind.
struct DeferredImport {
  let node: ImportNode
  /// The name in the imported file; `nil` stands for the file itself.
  let name: String?
}

/// A function, module or file while its names are resolved: what it captures, and from where.
final class FunctionScope {
  enum Kind {
    case file
    case function
    case module
  }

  /// A variable of an enclosing function and how the function around this one reaches it.
  struct Capture {
    let variable: Variable
    let source: Binding
  }

  let kind: Kind
  let name: String?
  let parent: FunctionScope?
  /// The function's own variable, by which it may call itself.
  let itself: Variable?
  var captures: [Capture] = []
  /// The dimensions that its contracts bind, unless it is a module.
  var dimensions: [Variable] = []
  /// For a module: its fields and methods, in order.
  var fields: [Variable] = []
  var methods: [Variable] = []

  init(_ kind: Kind, name: String?, parent: FunctionScope?, itself: Variable? = nil) {
    self.kind = kind
    self.name = name
    self.parent = parent
    self.itself = itself
  }

  /// The module in whose body this function stands.
  var module: FunctionScope? { kind == .module ? self : parent?.module }
}

/// What a name means at one place.
enum Binding {
  /// Not resolved; a fact says so.
  case unknown
  /// A variable of this very frame.
  case local(Variable)
  /// The n-th thing that the function captured.
  case captured(Int, Variable)
  /// The n-th thing that the enclosing module's definition captured.
  case capturedByModule(Int, Variable)
  /// The running function itself.
  case itself(Variable)
  /// A field of the module.
  case field(Variable)
  /// A function of the module.
  case method(Variable)
  /// A slot of the file.
  case global(Variable)
  /// A slot of the prelude.
  case prelude(Variable)
  /// A native, type or constant.
  case constant(Value)

  var variable: Variable? {
    switch self {
    case .unknown, .constant: nil
    case .local(let variable), .captured(_, let variable), .capturedByModule(_, let variable),
      .itself(let variable), .field(let variable), .method(let variable), .global(let variable),
      .prelude(let variable):
      variable
    }
  }
}
