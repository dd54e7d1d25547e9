/// A value of a script.
///
/// Numbers, booleans and `nil` are inline; everything else is one reference, so that a value is
/// 16 bytes and copying one is at most one retain. The kinds:
///
/// - `nil`, `Bool`, `Int`, `Float` and the ellipsis `...` are themselves.
/// - `String`, `List` and `Record` sit in boxes that a copy shares until somebody writes: they have
///   value semantics. A box knows how deeply its contents nest, so that no value is ever deeper
///   than recursion over it can bear (see ``Nesting``).
/// - A `Range` is two integers in a box.
/// - A function is either a ``Closure`` (written in a script) or a ``Native`` (written in Swift).
/// - A ``ModuleDefinition`` is what a `module` declaration binds, a ``ModuleValue`` what calling it
///   gives. Module values have identity.
/// - A ``HostType`` is a type as a value: `x in Int`.
/// - A host object is whatever else the host wants scripts to hold.
package enum Value {
  case `nil`
  case bool(Bool)
  case int(Int)
  case float(Double)
  case ellipsis
  case string(StringBox)
  case list(ListBox)
  case record(RecordBox)
  case range(RangeBox)
  case function(Closure)
  case native(Native)
  case definition(ModuleDefinition)
  case module(ModuleValue)
  case type(HostType)
  case host(HostBox)
}

extension Value {
  /// A string value.
  package init(_ text: String) { self = .string(StringBox(text)) }
  /// A list value.
  package init(_ items: [Value]) { self = .list(ListBox(items)) }
  /// A record value.
  package init(_ record: Record) { self = .record(RecordBox(record)) }
  /// A host object as a value.
  package init(_ object: any HostObject) { self = .host(HostBox(object)) }

  /// Whether this is `nil`.
  package var isNil: Bool { if case .nil = self { true } else { false } }

  /// The boolean, if it is one.
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The integer, if it is an `Int`.
  package var int: Int? { if case .int(let value) = self { value } else { nil } }

  /// The number, if it is an `Int` or a `Float`.
  package var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  /// The text, if it is a `String`.
  package var string: String? { if case .string(let box) = self { box.text } else { nil } }

  /// The elements, if it is a `List`.
  package var list: [Value]? { if case .list(let box) = self { box.items } else { nil } }

  /// The record, if it is one.
  package var record: Record? { if case .record(let box) = self { box.record } else { nil } }

  /// The module, if it is one.
  package var module: ModuleValue? { if case .module(let module) = self { module } else { nil } }

  /// The host object, if it is one.
  package var object: (any HostObject)? {
    if case .host(let box) = self { box.object } else { nil }
  }

  /// The word for its kind that `type(x)` and messages use; for a module, the module's name.
  package var kind: String {
    switch self {
    case .nil: "nil"
    case .bool: "Bool"
    case .int: "Int"
    case .float: "Float"
    case .ellipsis: "Ellipsis"
    case .string: "String"
    case .list: "List"
    case .record: "Record"
    case .range: "Range"
    case .function, .native: "Function"
    case .definition: "Module"
    case .module(let module): module.definition.name
    case .type: "Type"
    case .host(let box): box.object.typeName
    }
  }

  /// The kind with its article, as in `a Float` or `an Int`; just `nil` for `nil`.
  package var describedKind: String {
    if isNil { return "nil" }
    if case .definition(let definition) = self {
      return "the declaration of '\(definition.name)', which is not made yet"
    }
    return HostType.withArticle(kind)
  }

  /// How deeply it nests: 0 for everything but lists and records.
  var depth: Int {
    switch self {
    case .list(let box): box.depth
    case .record(let box): box.depth
    default: 0
    }
  }
}

extension Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
  /// `true` or `false`.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An `Int`.
  package init(integerLiteral value: Int) { self = .int(value) }
  /// A `Float`.
  package init(floatLiteral value: Double) { self = .float(value) }
  /// A `String`.
  package init(stringLiteral value: String) { self.init(value) }
  /// A `List`.
  package init(arrayLiteral elements: Value...) { self.init(elements) }
}
