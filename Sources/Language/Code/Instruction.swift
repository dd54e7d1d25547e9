/// One step of the register machine, in eight bytes: an operation, a flag byte and three operands.
///
/// Operands are registers unless the operation says otherwise. `wide` joins the last two to one of
/// 32 bits. Some operations are followed by a `word` that carries more: a jump target, the number
/// of a call site, or what the instruction has learnt about where a member stands.
struct Instruction {
  var operation: Operation
  var flags: UInt8
  var a: UInt16
  var b: UInt16
  var c: UInt16

  @inline(__always)
  init(
    _ operation: Operation, flags: UInt8 = 0, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0
  ) {
    self.operation = operation
    self.flags = flags
    self.a = UInt16(truncatingIfNeeded: a)
    self.b = UInt16(truncatingIfNeeded: b)
    self.c = UInt16(truncatingIfNeeded: c)
  }

  init(_ operation: Operation, flags: UInt8 = 0, _ a: Int = 0, wide: Int) {
    self.init(operation, flags: flags, a, wide & 0xFFFF, (wide >> 16) & 0xFFFF)
  }

  @inline(__always) var wide: Int {
    Int(Int32(bitPattern: UInt32(b) | UInt32(c) << 16))
  }

  /// The third operand as a signed number.
  @inline(__always) var immediate: Int { Int(Int16(bitPattern: c)) }

  @inline(__always) var first: Int { Int(a) }
  @inline(__always) var second: Int { Int(b) }
  @inline(__always) var third: Int { Int(c) }

  /// Flags of operations with operands: which of them nobody needs afterwards.
  static let dropsSecond: UInt8 = 1
  static let dropsThird: UInt8 = 2

  enum Operation: UInt8 {
    // Constants and moves.
    case word
    case loadNil
    case loadBool  // a ← flags
    case loadInt  // a ← wide
    case loadConstant  // a ← constant wide
    case copy  // a ← b
    case move  // a ← b, b is given up
    case clear  // a is given up

    // Variables that are not registers.
    case getGlobal, setGlobal  // slot wide
    case getPrelude  // slot wide
    case getField, setField  // field b
    case getCapture, getCapturedCell, setCapturedCell  // capture b
    case getModuleCapture, getModuleCell, setModuleCell  // capture b of the module's definition
    case getItself
    case makeCell  // a ← a new variable holding b
    case getCell, setCell  // the variable in register b
    case getDimension  // a ← b, named by constant c
    case clearRange  // a ..< a + b are given up

    // Operators.
    case add, subtract, multiply, divide, floorDivide, remainder, matrixProduct, power  // a ← b ∘ c
    case addImmediate, multiplyImmediate  // a ← b ∘ immediate
    case remainderImmediate, floorDivideImmediate
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, contains
    case negate, not
    case requireBool  // a

    // Jumps; targets are absolute.
    case jump, loop  // wide
    case jumpIfFalse, jumpIfTrue  // a, wide
    case unlessEqual, unlessNotEqual, unlessLess, unlessLessOrEqual  // a ∘ b, else the word's wide
    case unlessGreater, unlessGreaterOrEqual
    case unlessEqualImmediate, unlessNotEqualImmediate, unlessLessImmediate  // a ∘ wide
    case unlessLessOrEqualImmediate, unlessGreaterImmediate, unlessGreaterOrEqualImmediate
    case skipIfSet  // a, wide

    // Making values.
    case makeList, extendList  // a ← registers b ..< b + c
    case makeRecord  // a ← keys of table c, values from b
    case putField  // record a, key constant b, value c
    case makeString  // a ← registers b ..< b + c
    case makeRange  // a ← b, c; flags: inclusive
    case makeClosure  // a ← child wide
    case makeModule  // a ← module wide
    case bindMethod  // a ← method b

    // Reaching into values.
    case getMember  // a ← b.constant c; the word remembers a position
    case getIndex  // a ← b[c]
    case getPart  // a ← b[…]; values from c on; the word's wide is the shape of the index
    case setMember  // register a, name constant b, value c; the word remembers a position
    case setIndex  // register a[b] ← c
    case assign  // path wide, value a
    case unpackList  // a into b ..< b + c
    case unpackRecord  // a into b…; the word's wide is the list of keys

    // Calls: result a, arguments from c on, flags of them; the word's wide is the call site.
    case call  // callee b
    case callGlobal  // callee in slot b, which only a `fn` fills
    case callConstant  // callee constant b
    case callMember  // member of object b, named by the call site
    case callMethod  // method b of this module
    case giveBack  // return a
    case giveNil
    case giveModule  // the module that this frame constructs, in a

    // Contracts.
    case check  // a against contract wide

    // Loops.
    case prepareRange  // a ..< a + 1; flags: inclusive
    case nextInRange  // a into b, then the word's wide
    case prepareIteration  // a
    case nextInIteration  // a, a + 1 into b, then the word's wide

    // The rest.
    case throwValue  // a
    case failAssertion  // a is the message if flags are set
    case pauseRecording, resumeRecording
    case beginParameter  // value a, field b, past the initial value: the word's wide
    case adoptParameter  // value a, field b
    case logParameter  // field b
    case include  // module a, field b
    case checkPaths
    case runImport  // import wide
  }
}
