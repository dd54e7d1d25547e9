/// The arguments of a call of a ``Native``, matched to its parameters.
///
/// Positions are those of the signature. The typed accessors throw a ``Fault`` that names and blames
/// the argument, all in the same words. Valid during the call only, so it can be borrowed but not
/// kept.
package struct Arguments: ~Copyable {
  /// The interpreter that makes the call: for calling functions back and for polling.
  package let interpreter: Interpreter
  private let registers: Registers
  private let native: Native
  private let declaration: NativeDeclaration
  /// The receiver of a method or the callee of a call on an object.
  let receiverValue: Value?

  init(
    _ registers: Registers, of native: Native, _ declaration: NativeDeclaration,
    receiver: Value?, in interpreter: Interpreter
  ) {
    self.registers = registers
    self.native = native
    self.declaration = declaration
    receiverValue = receiver
    self.interpreter = interpreter
  }

  /// The number of parameters.
  package var count: Int { declaration.parameters.count }

  /// The value for a parameter.
  package subscript(position: Int) -> Value { registers[checked(position)].value }

  /// Whether the value for a parameter is `nil`.
  package func isNil(_ position: Int) -> Bool { registers[checked(position)].tag == .nil }

  private func checked(_ position: Int) -> Int {
    precondition(
      position >= 0 && position < count,
      "\(native.name) has \(count) parameters, and its body asks for number \(position)")
    return position
  }

  /// A fault that blames an argument: `'axis' must be below 3`.
  ///
  /// - Parameters:
  ///   - requirement: What follows the quoted name, such as `must be positive`.
  package func fault(
    _ position: Int, _ requirement: String, code: DiagnosticCode = .value, label: String = "",
    help: String? = nil
  ) -> Fault {
    Fault(
      code, "'\(declaration.parameters[checked(position)].name)' \(requirement)", label: label,
      help: help, blame: .argument(position))
  }

  private func mismatch(_ position: Int, _ wanted: String) -> Fault {
    fault(
      position, "must be \(wanted)", code: .type,
      label: "this is \(self[position].describedKind)")
  }

  /// The receiver of a method or the callee of a call on a host object.
  package func receiver<Object: HostObject>(as type: Object.Type = Object.self) throws -> Object {
    guard let object = receiverValue?.object as? Object else {
      throw Fault(.type, "'\(native.name)' is called on an object of another kind")
    }
    return object
  }

  /// An `Int`.
  package func int(_ position: Int) throws -> Int {
    guard let value = self[position].int else { throw mismatch(position, "an Int") }
    return value
  }

  /// An `Int`, or `nil`.
  package func optionalInt(_ position: Int) throws -> Int? {
    isNil(position) ? nil : try int(position)
  }

  /// A number, widened to a float.
  package func float(_ position: Int) throws -> Double {
    guard let value = self[position].number else { throw mismatch(position, "a number") }
    return value
  }

  /// A number, or `nil`.
  package func optionalFloat(_ position: Int) throws -> Double? {
    isNil(position) ? nil : try float(position)
  }

  /// A `Bool`.
  package func bool(_ position: Int) throws -> Bool {
    guard let value = self[position].bool else { throw mismatch(position, "a Bool") }
    return value
  }

  /// A `String`.
  package func string(_ position: Int) throws -> String {
    guard let value = self[position].string else { throw mismatch(position, "a String") }
    return value
  }

  /// A `String`, or `nil`.
  package func optionalString(_ position: Int) throws -> String? {
    isNil(position) ? nil : try string(position)
  }

  /// The elements of a list or range.
  package func list(_ position: Int) throws -> [Value] {
    switch self[position] {
    case .list(let box): return box.items
    case .range(let range):
      try interpreter.checkListCount(range.count)
      return (0..<range.count).map { .int(range.start + $0) }
    default: throw mismatch(position, "a List")
    }
  }

  /// A list or range of `Int`.
  package func ints(_ position: Int) throws -> [Int] {
    try list(position).map { value in
      guard let number = value.int else { throw mismatch(position, "a List of Int") }
      return number
    }
  }

  /// A list of numbers, widened to floats.
  package func floats(_ position: Int) throws -> [Double] {
    try list(position).map { value in
      guard let number = value.number else { throw mismatch(position, "a List of numbers") }
      return number
    }
  }

  /// A list of `String`.
  package func strings(_ position: Int) throws -> [String] {
    try list(position).map { value in
      guard let text = value.string else { throw mismatch(position, "a List of String") }
      return text
    }
  }

  /// A `Record`.
  package func record(_ position: Int) throws -> Record {
    guard let value = self[position].record else { throw mismatch(position, "a Record") }
    return value
  }

  /// A module.
  package func module(_ position: Int) throws -> ModuleValue {
    guard let value = self[position].module else { throw mismatch(position, "a module") }
    return value
  }

  /// Something that can be called; call it with ``Interpreter/call(_:_:labels:)``.
  package func function(_ position: Int) throws -> Value {
    let value = self[position]
    guard value.isCallable else { throw mismatch(position, "a Function") }
    return value
  }

  /// A host object of a class.
  ///
  /// - Parameter wanted: What it must be, with an article, for the message: `a dataset`.
  package func object<Object: HostObject>(
    _ position: Int, as type: Object.Type = Object.self, _ wanted: String
  ) throws -> Object {
    guard let object = self[position].object as? Object else { throw mismatch(position, wanted) }
    return object
  }
}
