/// The resolved tree to instructions.
///
/// One compiler a function. Registers are allotted like a stack: a local variable takes the next
/// one until its block ends, temporary values those above it. An expression is compiled towards a
/// register; a variable that is already in one is used where it stands, unless something evaluated
/// later could change it first.
///
/// The registers of a file's top level are its names: there, `x += 1` is one instruction, and the
/// functions of the file reach the same memory through their scope.
///
/// Nothing here fails. What is too large to be encoded is noted in `Shared.isTooLarge`, and the
/// text is refused when it is complete.
final class Compiler {
  /// What all functions of a text have in common.
  final class Shared {
    let file: SourceFile
    let fileScope: FileScope
    let bindings: [Binding]
    let declared: [Int: Variable]
    let functions: [ObjectIdentifier: FunctionScope]
    let typeDimensions: [Int: [Variable]]
    let symbols: Symbols
    var isTooLarge = false

    init(_ resolver: Resolver, symbols: Symbols) {
      file = resolver.file
      fileScope = resolver.fileScope
      bindings = resolver.bindings
      declared = resolver.declared
      functions = resolver.functions
      typeDimensions = resolver.typeDimensions
      self.symbols = symbols
    }
  }

  let shared: Shared
  let scope: FunctionScope
  /// The name of the module around, for qualified names.
  let moduleName: String?

  private(set) var instructions: [Instruction] = []
  private var spans: [Span] = []
  var tables = Code.Tables()
  private var constants: [Value] = []
  private var constantNumbers: [ConstantKey: Int] = [:]

  var nextRegister = 0
  private(set) var frameSize = 0
  /// The span that instructions are being emitted for.
  var span = Span(0..<0)
  var loops: [Loop] = []
  /// How many `no_grad` blocks are open in this function.
  var openPauses = 0
  /// The contract of the function's result.
  var resultContract: Int?

  /// A loop that is being compiled.
  struct Loop {
    var breaks: [Int] = []
    var continues: [Int] = []
    let openPauses: Int
  }

  private enum ConstantKey: Hashable {
    case int(Int)
    case float(UInt64)
    case string(ObjectIdentifier)
  }

  init(_ shared: Shared, _ scope: FunctionScope, moduleName: String?) {
    self.shared = shared
    self.scope = scope
    self.moduleName = moduleName
  }

  var isMain: Bool { scope.kind == .file }

  // Emitting

  var position: Int { instructions.count }

  func emit(
    _ operation: Instruction.Operation, flags: UInt8 = 0, _ a: Int = 0, _ b: Int = 0,
    _ c: Int = 0
  ) {
    if max(a, b, c) > 0xFFFF { shared.isTooLarge = true }
    instructions.append(Instruction(operation, flags: flags, a, b, c))
    spans.append(span)
  }

  func emitWide(_ operation: Instruction.Operation, flags: UInt8 = 0, _ a: Int = 0, _ wide: Int) {
    if a > 0xFFFF { shared.isTooLarge = true }
    instructions.append(Instruction(operation, flags: flags, a, wide: wide))
    spans.append(span)
  }

  /// An operation of which the third operand is a signed 16-bit number.
  func emitImmediate(
    _ operation: Instruction.Operation, flags: UInt8, _ a: Int, _ b: Int,
    _ value: Int
  ) {
    emit(operation, flags: flags, a, b, value & 0xFFFF)
  }

  /// Emits a jump and gives its position, for ``land(_:)``.
  func emitJump(_ operation: Instruction.Operation = .jump, _ a: Int = 0) -> Int {
    emitWide(operation, a, 0)
    return position - 1
  }

  /// Lets a jump, or the word of a jump, go to the next instruction.
  func land(_ jump: Int) { retarget(jump, to: position) }

  func retarget(_ jump: Int, to target: Int) {
    let old = instructions[jump]
    instructions[jump] = Instruction(
      old.operation, flags: old.flags, old.first, wide: target)
  }

  func at<Result>(_ span: Span, _ body: () -> Result) -> Result {
    let outer = self.span
    self.span = span
    defer { self.span = outer }
    return body()
  }

  // Registers

  func allocate(_ count: Int = 1) -> Int {
    let first = nextRegister
    nextRegister += count
    frameSize = max(frameSize, nextRegister)
    // An operand has 16 bits, and a file's memory that many registers.
    if nextRegister > 0xFFF0 { shared.isTooLarge = true }
    return first
  }

  /// Runs a body whose temporary registers are free again afterwards.
  func temporarily<Result>(_ body: () -> Result) -> Result {
    let mark = nextRegister
    defer { nextRegister = mark }
    return body()
  }

  // Constants

  func constant(_ value: Value) -> Int {
    let key: ConstantKey? =
      switch value {
      case .int(let value): .int(value)
      case .float(let value): .float(value.bitPattern)
      case .string(let box): .string(ObjectIdentifier(box))
      default: nil
      }
    if let key, let known = constantNumbers[key] { return known }
    constants.append(value)
    if let key { constantNumbers[key] = constants.count - 1 }
    return constants.count - 1
  }

  /// The constant of a name; names are the same box everywhere, so that they compare by identity.
  func constant(named text: String) -> Int { constant(.string(shared.symbols[text])) }

  func finish(_ description: FunctionDescription, parameters: [String], requiredCount: Int) -> Code
  {
    Code(
      file: shared.file, function: description, parameters: parameters,
      requiredCount: requiredCount, frameSize: frameSize, instructions: instructions,
      spans: spans, constants: constants, tables: tables, scope: shared.fileScope)
  }
}

/// One box for each name of a session, so that most members are found by comparing references.
final class Symbols {
  private var boxes: [String: StringBox] = [:]

  subscript(text: String) -> StringBox {
    if let known = boxes[text] { return known }
    let box = StringBox(text)
    boxes[text] = box
    return box
  }
}
