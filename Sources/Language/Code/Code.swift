/// A compiled function: instructions for the interpreter, and tables for everything that is not on
/// its fast path.
///
/// Registers of a frame: the arguments, then the dimensions that contracts bind (two each: the size
/// and the number of the contract that bound it), then local variables and temporary values.
final class Code {
  let file: SourceFile
  let function: FunctionDescription
  let entry: Entry
  let parameters: [String]
  let tables: Tables
  /// The source of each instruction.
  private let spans: [Span]
  private let instructions: InstructionMemory
  private let constants: RegisterMemory
  private let scope: FileScope

  /// What a call needs to know, in one place.
  struct Entry {
    let instructions: CodePointer
    let constants: Registers
    let globals: Registers
    let frameSize: Int
    let parameterCount: Int
    let requiredCount: Int
    /// How many arguments a call may leave out.
    let optionalCount: UInt
  }

  /// What instructions refer to by number.
  struct Tables {
    var children: [Code] = []
    var captures: [Place] = []
    var captureNames: [String] = []
    var modules: [ModuleTemplate] = []
    var contracts: [Contract] = []
    var callSites: [CallSite] = []
    var paths: [AssignmentPath] = []
    var indexShapes: [IndexShape] = []
    var keyTables: [KeyTable] = []
    var keyLists: [[StringBox]] = []
    var handlers: [Handler] = []
    var imports: [ImportNode] = []
    var importTargets: [[(slot: Int, name: String?)]] = []
  }

  init(
    file: SourceFile, function: FunctionDescription, parameters: [String], requiredCount: Int,
    frameSize: Int, instructions: [Instruction], spans: [Span], constants: [Value],
    tables: Tables, scope: FileScope
  ) {
    self.file = file
    self.function = function
    self.parameters = parameters
    self.tables = tables
    self.spans = spans
    self.scope = scope
    self.instructions = InstructionMemory(instructions)
    self.constants = RegisterMemory(constants)
    entry = Entry(
      instructions: self.instructions.start, constants: self.constants.start,
      globals: scope.memory.start, frameSize: frameSize, parameterCount: parameters.count,
      requiredCount: requiredCount,
      optionalCount: UInt(bitPattern: parameters.count - requiredCount))
  }

  var fileScope: FileScope { scope }

  /// The number of its instructions and of the words behind them.
  var length: Int { spans.count }

  func instruction(at position: Int) -> Instruction { entry.instructions[position] }

  func span(at instruction: Int) -> Span { spans[instruction] }

  func constant(_ index: Int) -> Value { constants.start[index].value }

  /// The call site that follows a call instruction.
  func callSite(at instruction: Int) -> CallSite? {
    switch entry.instructions[instruction].operation {
    case .call, .callGlobal, .callConstant, .callMember, .callMethod:
      tables.callSites[entry.instructions[instruction + 1].wide]
    default: nil
    }
  }
}

/// What people are told about a function.
struct FunctionDescription {
  let name: String?
  /// With its module: `Line.call`; `the script` for the top level of a text.
  let qualifiedName: String
  let signature: Signature
  let doc: String?
  /// The whole declaration.
  let span: Span
}

/// How the arguments of a call are written. A class, because every call of a native passes it on.
final class CallSite {
  /// The member that is called, for a call of one.
  let member: StringBox?
  /// A label for each argument, or none.
  let labels: [String?]
  let spans: [Span]
  /// Where the labels stand; empty for a call that no script wrote.
  let labelSpans: [Span?]
  let hasLabels: Bool
  /// What the callee is called in messages.
  let calleeText: String

  init(
    member: StringBox?, labels: [String?], spans: [Span], labelSpans: [Span?] = [],
    hasLabels: Bool, calleeText: String
  ) {
    self.member = member
    self.labels = labels
    self.spans = spans
    self.labelSpans = labelSpans
    self.hasLabels = hasLabels
    self.calleeText = calleeText
  }
}

/// Where the machine finds a variable.
enum Place {
  case register(Int)
  case cell(Int)
  case capture(Int)
  case capturedCell(Int)
  case moduleCapture(Int)
  case moduleCell(Int)
  case field(Int)
  case method(Int)
  case global(Int)
  case prelude(Int)
  case itself
  case constant(Value)
}

/// `root.member[index] = …`
struct AssignmentPath {
  enum Step {
    case member(StringBox, Span)
    /// The value in a register.
    case index(Int, Span)
    /// Several parts or a slice: nothing that can be assigned.
    case part(Span)
  }

  let root: Place
  let rootName: String
  let steps: [Step]
  let operation: BinaryOperator?
  let span: Span
}

/// The parts of an index; values stand in consecutive registers.
struct IndexShape {
  enum Part {
    case value
    case slice(hasStart: Bool, hasStop: Bool, hasStep: Bool)
    case ellipsis
  }

  let parts: [Part]
  let spans: [Span]
}

/// What happens when an instruction of a range fails.
struct Handler {
  enum Kind {
    /// A `catch`: the error goes into a register.
    case caught(register: Int)
    /// The end of a `no_grad` block: its hook runs and the error goes on.
    case resume
  }

  let range: Range<Int>
  let target: Int
  let kind: Kind
}
