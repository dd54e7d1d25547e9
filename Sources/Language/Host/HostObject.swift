/// What the host lends to scripts besides numbers and text.
///
/// A host object says what it is and how it prints; whatever else it can do, it says by conforming
/// to one of the protocols below. The interpreter asks for a capability when a script uses it, so
/// that an object without it needs no code at all:
///
/// - ``HostMembers``: `x.name`
/// - ``HostMethods``: `x.name(…)`, declared with signatures
/// - ``HostCallable``: `x(…)`
/// - ``HostIndexable``: `x[0]`, `x[:, 1:4]`, `x[..., nil]`
/// - ``HostSequence``: `for y in x`, `len(x)`, `y in x`
/// - ``HostOperators``: `x + y`, `-x`, `x @ y`, `x < y`
/// - ``HostEquatable``: `x == y`, if identity is not the right answer
/// - ``HostShaped``: shape contracts such as `[B, 3, H, W]`
/// - ``HostParameter``: `param`, `frozen`, `state`, and `copy`
///
/// Everything may throw any error: a ``Fault`` is shown as it is, another error goes through
/// ``ScriptHost/translate``. A condition on a host object is always refused.
package protocol HostObject: AnyObject {
  /// The word for its kind, such as `Dataset`.
  var typeName: String { get }
  /// Its printed form inside lists and messages: one short line.
  var summary: String { get }
  /// Its printed form at the prompt and in `print`, at most `width` columns wide.
  func display(width: Int) -> String
  /// What `help(x)` says about it; `nil` when only its kind is known.
  var help: String? { get }
}

extension HostObject {
  /// The summary.
  package func display(width: Int) -> String { summary }
  /// Nothing.
  package var help: String? { nil }
}

/// A host object with members that are read.
package protocol HostMembers: HostObject {
  /// The names, for completion and for "did you mean".
  var memberNames: [String] { get }
  /// The member of a name, or `nil` if there is none.
  func member(_ name: String) throws -> Value?
}

/// A host object with functions of its own.
package protocol HostMethods: HostObject {
  /// The methods of every object of this type; ``Arguments/receiver(as:)`` gives the object.
  ///
  /// Asked for once a session and type.
  static var methods: [Native] { get }
}

/// A host object that is called like a function.
package protocol HostCallable: HostObject {
  /// The function to call; ``Arguments/receiver(as:)`` gives the object. Asked for once a type.
  static var callee: Native { get }
}

/// One part of an index, as in `x[0, :, 1:4, nil, ...]`.
package enum IndexPart {
  /// A single value: an `Int`, a list of them, a mask.
  case value(Value)
  /// A slice; what the script left out is `nil`.
  case slice(start: Int?, stop: Int?, step: Int?)
  /// `nil`: an axis of length one.
  case newAxis
  /// `...`: as many whole axes as fit.
  case ellipsis
}

/// A host object that is indexed.
package protocol HostIndexable: HostObject {
  /// The element or part at an index of one or more parts.
  func element(at index: [IndexPart]) throws -> Value
}

/// A host object that is counted and walked through.
package protocol HostSequence: HostObject {
  /// How many elements there are.
  var count: Int { get }
  /// The element at a position from 0 to `count - 1`.
  func element(_ position: Int) throws -> Value
}

/// The operators of two operands that host objects may take part in.
package enum BinaryOperator: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case matrixProduct = "@"
  case power = "**"
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
}

/// The side on which a host object stands.
package enum OperandSide: Sendable {
  case left
  case right
}

/// A host object that takes part in arithmetic and comparisons.
package protocol HostOperators: HostObject {
  /// The result with another operand, or `nil` when the two do not combine.
  ///
  /// The left operand is asked first.
  func apply(_ operation: BinaryOperator, with other: Value, from side: OperandSide) throws
    -> Value?
  /// The negative, or `nil` when there is none.
  func negated() throws -> Value?
}

/// A host object with a rule of its own for `==`.
package protocol HostEquatable: HostObject {
  /// Whether it equals another value, which is never `nil`; may throw a ``Fault`` with a hint
  /// instead of answering.
  func equals(_ other: Value) throws -> Bool
}

/// A host object that can meet a shape contract.
package protocol HostShaped: HostObject {
  /// The lengths of its axes.
  var shape: [Int] { get }
  /// A hint for a value that does not fit a contract, such as how to make one that does.
  func advice(contract: String) -> String?
}

extension HostShaped {
  /// No hint.
  package func advice(contract: String) -> String? { nil }
}

/// What a declaration in a module's body makes of its initial value.
package enum ParameterRole: String, Sendable {
  /// Learned.
  case param
  /// Part of the module and its file, never learned.
  case frozen
  /// Updated by the module itself.
  case state
}

/// A host object that can be a parameter of a module.
package protocol HostParameter: HostObject {
  /// A new object with the same contents in a role, independent of this one.
  func parameter(_ role: ParameterRole) throws -> any HostObject
  /// A new object with the same contents and, if it is a parameter, the same role.
  func copied() throws -> any HostObject
}
