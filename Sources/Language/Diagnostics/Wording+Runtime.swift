/// The words for ``RuntimeFact``.
extension Fault {
  init(_ fact: RuntimeFact) {
    self.init(
      fact.code, fact.message, label: fact.label, help: fact.help, blame: fact.blame,
      notes: fact.notes)
  }
}

extension RuntimeFact {
  fileprivate var code: DiagnosticCode {
    switch self {
    case .interrupted: .interrupted
    case .memoryShort, .listTooLong, .stringTooLong: .memory
    case .tooManyCalls, .tooManyReentries, .valueTooDeep, .moduleTooDeep, .importTooDeep: .depth
    case .unset, .dimensionUnbound, .sealed: .name
    case .overflow, .negationOverflow, .rangeTooLong: .overflow
    case .divisionByZero, .negativeRepetition, .zeroStep, .unpackCount, .logMismatch, .logTooLong,
      .assignedPart, .notRebuildable, .classesOutside, .pathTwice, .sessionBusy, .brokenNative:
      .value
    case .operands, .operand, .condition, .notBool, .rangeBounds, .indexKind, .notIndexable,
      .notSliceable, .sliceBound, .indexPart, .notAssignableIndex, .stringAssigned, .notIterable,
      .unpackKind, .notCallable, .notParameter, .notIncludable, .kind, .notType, .notSize:
      .type
    case .noMember, .noKey, .notAssignableMember: .key
    case .indexRange: .index
    case .tooManyArguments, .missingArgument, .unknownLabel, .givenTwice: .argument
    case .classDependent, .rank, .size, .noShape: .shape
    case .assertion: .assertion
    case .importCycle, .isLoading: .import
    }
  }

  fileprivate var blame: Fault.Blame {
    switch self {
    case .kind(let contract, _, _, _), .noShape(let contract, _), .rank(let contract, _, _, _, _),
      .size(let contract, _, _):
      if case .argument(_, let position) = contract.subject { .argument(position) } else { .call }
    default: .call
    }
  }

  fileprivate var notes: [Diagnostic.Label] {
    if case .size(_, _, let bound?) = self { [bound] } else { [] }
  }

  fileprivate var message: String {
    switch self {
    case .interrupted: "interrupted"
    case .memoryShort: "memory is running out"
    case .tooManyCalls(let limit): "calls are nested too deeply (the limit is \(limit))"
    case .tooManyReentries(let limit):
      "functions called by built-in functions are nested more than \(limit) deep"
    case .listTooLong(let count, let limit):
      "a list of \(Self.amount(count)) elements is too long (the limit is \(limit))"
    case .stringTooLong(let count, let limit):
      "a string of \(Self.amount(count)) bytes is too long (the limit is \(limit))"
    case .valueTooDeep(let limit): "lists and records are nested more than \(limit) deep"
    case .moduleTooDeep: "modules are nested too deeply"
    case .unset(let name): "'\(name)' is used before it is bound"
    case .dimensionUnbound(let name): "the dimension '\(name)' has not been bound"
    case .sealed(let name): "'\(name)' cannot be assigned: its file has been imported"
    case .overflow(let operation, let a, let b):
      "\(a) \(operation.rawValue) \(Self.operand(b)) does not fit in an Int"
    case .negationOverflow: "-(\(Int.min)) does not fit in an Int"
    case .divisionByZero(let operation): "'\(operation.rawValue)' by zero"
    case .negativeRepetition(let count): "cannot repeat \(count) times"
    case .zeroStep: "the step of a slice cannot be 0"
    case .rangeTooLong: "a range cannot include the largest Int"
    default: laterMessage
    }
  }

  private var laterMessage: String {
    switch self {
    case .operands("in", let element, let container):
      "cannot look for \(element.describedKind) in \(container.describedKind)"
    case .operands(let text, let left, let right):
      "'\(text)' does not take \(left.describedKind) and \(right.describedKind)"
    case .operand(let text, let value): "'\(text)' does not take \(value.describedKind)"
    case .condition(let value): "a condition must be a Bool, this is \(value.describedKind)"
    case .notBool(let value):
      "'and' and 'or' take a Bool on both sides, this is \(value.describedKind)"
    case .rangeBounds(let value): "a range goes from Int to Int, this is \(value.describedKind)"
    case .noMember(let value, let name, _): "\(value.describedKind) has no member '\(name)'"
    case .noKey(let key, _): "the record has no key '\(Excerpt.of(key))'"
    case .indexKind(let index, let value):
      "\(index.describedKind) cannot index \(value.describedKind)"
    case .indexRange(let index, let count, "mask"):
      "a mask of \(index) cannot select from a list of \(count)"
    case .indexRange(let index, let count, let noun):
      "position \(index) is outside of a \(noun) of \(count)"
    case .notIndexable(let value): "\(value.describedKind) cannot be indexed"
    case .notSliceable(let value): "\(value.describedKind) cannot be sliced"
    case .sliceBound(let value): "a slice goes from Int to Int, this is \(value.describedKind)"
    case .indexPart(let what, let value): "\(value.describedKind) does not take \(what)"
    case .notAssignableMember(let value, let name):
      "the member '\(name)' of \(value.describedKind) cannot be assigned"
    case .notAssignableIndex(let value): "parts of \(value.describedKind) cannot be assigned"
    case .assignedPart: "a slice cannot be assigned"
    case .stringAssigned: "a String cannot be changed in place"
    case .notIterable(let value): "\(value.describedKind) cannot be walked through"
    case .unpackCount(let count, let expected):
      "a list of \(count) does not fit a pattern of \(expected)"
    case .unpackKind(let value, let wanted):
      "the pattern takes \(wanted) apart, this is \(value.describedKind)"
    default: callMessage
    }
  }

  private var callMessage: String {
    switch self {
    case .notCallable(let value, let name, _):
      "'\(name)' is \(value.describedKind) and cannot be called"
    case .tooManyArguments(let name, let given, let allowed):
      "'\(name)' takes \(Self.count(allowed, "argument")), \(given) given"
    case .missingArgument(let argument, let name): "'\(name)' needs the argument '\(argument)'"
    case .unknownLabel(let label, let name, _, _): "'\(name)' has no argument '\(label)'"
    case .givenTwice(let label): "the argument '\(label)' is given twice"
    case .kind(let contract, let article, _, _):
      "\(contract.subjectText) must be \(article)\(contract.isOptional ? " or nil" : "")"
    case .notType(let text, _): "'\(text)' is not a type"
    case .notSize(let name, let value):
      "'\(name)' stands for a size, but it is \(value.describedKind)"
    case .noShape(let contract, _), .rank(let contract, _, _, _, _), .size(let contract, _, _):
      "\(contract.subjectText) does not fit \(contract.text)"
    case .notParameter(let value, let role):
      "\(value.describedKind) cannot be a '\(role.rawValue)'"
    case .notRebuildable(let name): "'\(name)' takes no argument 'classes'"
    case .classDependent(let name, let part, let dimension, let module):
      "'\(module)' cannot be rebuilt for other classes: '\(name)'\(part.map { " of '\($0)'" } ?? "") "
        + "has the dimension '\(dimension)'"
    case .classesOutside(let part, let module):
      "'\(module)' cannot be rebuilt for other classes: the '\(part)' that it includes was given to it "
        + "and has classes of its own"
    case .notIncludable(let name, .definition(let definition)):
      "'\(name)' must be a module to be included, this is the declaration of '\(definition.name)'"
    case .notIncludable(let name, let value):
      "'\(name)' must be a module to be included, this is \(value.describedKind)"
    case .pathTwice(let path, let first, let second):
      "two parameters would have the path '\(path)': one of \(first), and one of \(second)"
    case .logMismatch(let name, let found?):
      "the module declares '\(name)' where it declared '\(found)' before"
    case .logMismatch(let name, nil):
      "the module declares '\(name)', which it did not declare before"
    case .logTooLong(let name):
      "the module does not declare '\(name)', which it declared before"
    case .assertion(let message): message ?? "the assertion does not hold"
    case .importCycle(let names):
      "\(Self.importCycle)\(names.joined(separator: " → "))"
    case .importTooDeep(let limit): "imports are nested more than \(limit) deep"
    case .isLoading(let name): "'\(name)' is used while it is being loaded"
    case .sessionBusy: "the session is running another text"
    case .brokenNative(let text, let reason): "the declaration '\(text)' is broken: \(reason)"
    default: ""
    }
  }

  /// How the sentence about a cycle of imports begins.
  static let importCycle = "files import each other: "

  fileprivate var label: String {
    switch self {
    case .kind(_, _, let value, _): "this is \(value.describedKind)"
    case .noShape(_, let value): "this is \(value.describedKind)"
    case .rank(_, let value, _, _, _) where value.number != nil: "this is \(value.describedKind)"
    case .rank(_, _, let shape, let expected, let atLeast):
      "this is \(shape): \(Self.count(shape.count, "dimension")), expected "
        + (atLeast ? "at least \(expected)" : "\(expected)")
    case .size(_, .axis(_, let shape, let axis, let expected, let name), _):
      "this is \(shape): dimension \(axis + 1) is \(shape[axis]), expected "
        + (name.map { "\($0) = \(expected)" } ?? "\(expected)")
    case .size(_, .sizes(let type, let expected), _):
      "these are other \(type) than the \(expected) before"
    default: ""
    }
  }

  fileprivate var help: String? {
    switch self {
    case .tooManyCalls: "a function that calls itself needs a case in which it does not"
    case .noMember(_, _, let suggestion?), .noKey(_, let suggestion?):
      "did you mean `\(suggestion)`?"
    case .unknownLabel(_, let callee, let suggestion, let known):
      Self.labels(suggestion, known, of: callee)
    case .noMember(.string, "count", _), .noMember(.list, "count", _),
      .noMember(.list, "length", _),
      .noMember(.string, "length", _):
      "write `len(x)`"
    case .noMember(.list, "append", _): "write `x += [y]`"
    case .condition: "compare it: `x != 0`, `x != nil`, `len(x) > 0`"
    case .operands("+", .string, _), .operands("+", _, .string):
      "write the value into the text: `\"\\(x)\"`"
    case .indexKind(_, .record): "a record is read by a name or a String"
    case .indexKind(.float, _): "a position is an Int: `int(x)`"
    case .indexKind: "a list is read by an Int, a slice, or a list of Int or Bool"
    case .assignedPart: "assign one element at a time, or build a new list"
    case .stringAssigned: "build a new one: `s[:i] + \"…\" + s[i + 1:]`"
    case .notCallable(_, _, let meant?): "write `\(meant)` without quotes"
    case .notCallable(.type(let type), _, _):
      "to convert, write `\(type.name.lowercased())(x)`; to ask, `x in \(type.name)`"
    case .notAssignableMember(.module, _): "the module's own functions may assign its variables"
    case .kind(_, _, _, let advice): advice
    case .rank(let contract, let value, _, _, _), .noShape(let contract, let value),
      .size(let contract, .axis(let value, _, _, _, _), _):
      (value.object as? any HostShaped)?.advice(contract: contract.text)
    case .notIncludable(_, .definition(let definition)): "construct it: `\(definition.name)(…)`"
    case .pathTwice: "bind one of the modules with `let`: its parameters stand under that name then"
    case .classDependent:
      "it has an entry for each class: make it for the others and train it on them"
    case .classesOutside:
      "let it take a function that makes the part: `include part = make(classes)`"
    case .notSize(let name, _): "give the dimension another name than `\(name)`"
    default: nil
    }
  }

  private static func labels(_ suggestion: String?, _ known: [String], of callee: String) -> String
  {
    let list = known.map { "`\($0)`" }.joined(separator: ", ")
    let all = known.isEmpty ? "`\(callee)` has no arguments" : "`\(callee)` takes \(list)"
    return suggestion.map { "did you mean `\($0)`? \(all)" } ?? all
  }

  private static func operand(_ number: Int) -> String { number < 0 ? "(\(number))" : "\(number)" }

  private static func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number == 0 ? "no" : "\(number)") \(noun)s"
  }

  private static func amount(_ count: Int) -> String {
    count == .max ? "more than \(Int.max)" : "\(count)"
  }
}

extension Contract {
  /// Whose value it is about, in messages.
  fileprivate var subjectText: String {
    switch subject {
    case .argument(let name, _): "'\(name)'"
    case .result(let name): "the result of '\(name)'"
    case .binding(let name, _): "'\(name)'"
    }
  }
}
