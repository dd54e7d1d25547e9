/// The signature of a ``Native``, parsed and prepared.
///
/// The registers of a call: the arguments, then two for each dimension of its contracts, as in a
/// script function.
final class NativeDeclaration {
  let file: SourceFile
  let signature: Signature
  let parameters: [Parameter]
  let result: Contract?
  let requiredCount: Int
  /// The parameter that takes the remaining positional arguments.
  let variadic: Int?
  let registerCount: Int
  let contracts: [Contract]
  /// Whether no parameter has a default or a contract.
  let isPlain: Bool

  struct Parameter {
    let name: String
    let contract: Contract?
    /// `nil` when a call must give the argument.
    let defaultValue: Value?
  }

  /// Throws a fault that says what is wrong with the text: a mistake of the host's author.
  init(parsing text: String, types: @escaping (String) -> HostType?) throws(Fault) {
    let file = SourceFile(
      name: "a native", text: text, isLibrary: true, isNativeSignature: true)
    let node = try Self.parse(file)
    var preparation = Preparation(file: file, types: types, parameterCount: node.parameters.count)
    var parameters: [Parameter] = []
    for (position, parameter) in node.parameters.enumerated() {
      let subject = Contract.Subject.argument(parameter.name.text, position: position)
      parameters.append(
        Parameter(
          name: parameter.name.text,
          contract: try parameter.contract.map { node throws(Fault) in
            try preparation.contract(node, subject)
          },
          defaultValue: parameter.isVariadic
            ? Value([])
            : try parameter.defaultValue.map { value throws(Fault) in try Self.constant(value, file)
            }
        ))
    }
    self.parameters = parameters
    isPlain = parameters.allSatisfy { $0.contract == nil && $0.defaultValue == nil }
    result = try node.result.map { result throws(Fault) in
      try preparation.contract(result, .result(of: node.name?.text ?? ""))
    }
    self.file = file
    signature = node.signature(in: file)
    requiredCount = node.requiredCount
    variadic = node.parameters.firstIndex(where: \.isVariadic)
    contracts = preparation.contracts
    registerCount = node.parameters.count + 2 * preparation.dimensions.count
  }

  private static func parse(_ file: SourceFile) throws(Fault) -> FunctionNode {
    var parser = Parser(file, nestingLimit: 50)
    do {
      let node = try parser.nativeSignature()
      if parser.facts.isEmpty { return node }
    } catch {}
    throw Fault(.brokenNative(file.text, "it cannot be read"))
  }

  private static func constant(
    _ expression: Expression, _ file: SourceFile
  ) throws(Fault) -> Value {
    if let value = expression.constant { return value }
    switch expression.kind {
    case .string(let text): return Value(text)
    case .list(let items):
      var values: [Value] = []
      for item in items { values.append(try constant(item, file)) }
      return Value(values)
    case .record(let fields):
      var record = Record()
      for field in fields { record[field.key.text] = try constant(field.value, file) }
      return Value(record)
    default: throw Fault(.brokenNative(file.text, "a default is not a constant"))
    }
  }

  /// Turns contracts into their prepared form, numbering dimensions as they come.
  private struct Preparation {
    let file: SourceFile
    let types: (String) -> HostType?
    let parameterCount: Int
    var dimensions: [String] = []
    var contracts: [Contract] = []

    mutating func contract(
      _ node: ContractNode, _ subject: Contract.Subject
    ) throws(Fault) -> Contract {
      let contract = Contract(
        subject, try kind(node), isOptional: node.isOptional, isElementwise: false,
        text: node.text(in: file), span: node.span, number: contracts.count)
      contracts.append(contract)
      return contract
    }

    private mutating func kind(_ node: ContractNode) throws(Fault) -> Contract.Kind {
      switch node.kind {
      case .shape(let nodes):
        var result: [Contract.Dimension] = []
        for node in nodes { result.append(dimension(node)) }
        return .shape(result)
      case .type(let use):
        guard let type = types(use.text) else {
          throw Fault(.brokenNative(file.text, "there is no type '\(use.text)'"))
        }
        var bound: [Contract.Dimension.Target] = []
        for name in type.dimensions { bound.append(target(name)) }
        return .type(type, binds: bound)
      }
    }

    private mutating func dimension(_ node: DimensionNode) -> Contract.Dimension {
      switch node.kind {
      case .any: .any
      case .ellipsis: .ellipsis
      case .size(let size): .size(.fixed(size))
      case .name(let use): .bind(target(use.text))
      case .arithmetic: .size(size(node))
      }
    }

    private mutating func size(_ node: DimensionNode) -> Contract.Size {
      switch node.kind {
      case .any, .ellipsis: .fixed(0)  // refused by the parser
      case .size(let size): .fixed(size)
      case .name(let use): .known(use.text, target(use.text).place, nil)
      case .arithmetic(let left, let operation, let right):
        .arithmetic(size(left), operation, size(right))
      }
    }

    private mutating func target(_ name: String) -> Contract.Dimension.Target {
      let known = dimensions.firstIndex(of: name)
      if known == nil { dimensions.append(name) }
      let number = known ?? dimensions.count - 1
      return .init(name: name, place: .register(parameterCount + 2 * number))
    }
  }
}

extension Parser {
  /// `name(arguments) -> contract`
  fileprivate mutating func nativeSignature() throws(Abandoned) -> FunctionNode {
    let name = try anyWord("the name of a native")
    let parameters = try parameters()
    let result = take(.arrow) ? try contract() : nil
    guard kind == .end else { throw failExpecting("the end of the signature") }
    return FunctionNode(
      name: name, parameters: parameters, result: result, body: .native, doc: nil,
      span: Span(0..<file.bytes.count), isModule: false)
  }
}
