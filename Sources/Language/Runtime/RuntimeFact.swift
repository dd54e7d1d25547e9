/// What can go wrong while a script runs. `Wording+Runtime` says it in words.
enum RuntimeFact {
  // Limits
  case interrupted
  case memoryShort
  case tooManyCalls(Int)
  case tooManyReentries(Int)
  case listTooLong(Int, limit: Int)
  case stringTooLong(Int, limit: Int)
  case valueTooDeep(Int)

  // Names
  case unset(String)
  case dimensionUnbound(String)
  case sealed(String)

  // Operators
  case overflow(BinaryOperator, Int, Int)
  case negationOverflow
  case divisionByZero(BinaryOperator)
  case operands(String, Value, Value)
  case operand(String, Value)
  case condition(Value)
  case notBool(Value)
  case rangeBounds(Value)
  case rangeTooLong
  case negativeRepetition(Int)

  // Reaching into values
  case noMember(Value, String, suggestion: String?)
  case noKey(String, suggestion: String?)
  case indexKind(Value, of: Value)
  case indexRange(Int, count: Int, of: String)
  case notIndexable(Value)
  case notSliceable(Value)
  case sliceBound(Value)
  case zeroStep
  case indexPart(String, of: Value)
  case notAssignableMember(Value, String)
  case notAssignableIndex(Value)
  case assignedPart
  case stringAssigned
  case notIterable(Value)
  case unpackCount(Int, expected: Int)
  case unpackKind(Value, wanted: String)

  // Calls
  /// A text may be the name of something that can be called.
  case notCallable(Value, name: String, meant: String?)
  case tooManyArguments(String, given: Int, allowed: Int)
  case missingArgument(String, of: String)
  case unknownLabel(String, of: String, suggestion: String?, known: [String])
  case givenTwice(String)

  // Contracts
  case kind(Contract, String, Value, advice: String?)
  case notType(String, Value)
  case notSize(String, Value)
  case noShape(Contract, Value)
  case rank(Contract, Value, [Int], expected: Int, atLeast: Bool)
  case size(Contract, SizeMismatch, bound: Diagnostic.Label?)

  // Modules
  case notParameter(Value, ParameterRole)
  case notRebuildable(String)
  /// A parameter, the part of the module that declares it, its dimension, the module.
  case classDependent(String, of: String?, dimension: String, module: String)
  /// A part that was made outside, for other classes, and the module that includes it.
  case classesOutside(part: String, module: String)
  case notIncludable(String, Value)
  case pathTwice(String, String, String)
  case logMismatch(expected: String, found: String?)
  case logTooLong(String)
  case moduleTooDeep

  // The rest
  case assertion(String?)
  case importCycle([String])
  case importTooDeep(Int)
  case isLoading(String)
  case sessionBusy
  case brokenNative(String, String)
}
