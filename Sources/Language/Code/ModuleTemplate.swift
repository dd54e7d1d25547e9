/// A compiled module: the constructor that runs its body, its functions, and what its fields are.
final class ModuleTemplate {
  /// What a name of the module is, seen from outside.
  enum Member {
    case field(Int)
    case method(Int)
  }

  /// A field in the order of declaration.
  struct Field {
    let name: String
    let kind: Variable.Kind
    /// The name in its declaration.
    let span: Span

    var role: ParameterRole? { if case .parameter(let role) = kind { role } else { nil } }
    /// Whether its value belongs to the module: arguments are its maker's.
    var isOwn: Bool { kind == .let || kind == .var || kind == .include || role != nil }
  }

  /// Why a module cannot be rebuilt for other classes: a parameter that has one entry a class.
  struct ClassDependence {
    let declaration: String
    let dimension: String
    let span: Span
  }

  let description: FunctionDescription
  let file: SourceFile
  let constructor: Code
  let methods: [Code]
  let fields: [Field]
  let members: [String: Member]
  /// The fields that hold an included module, in the order of declaration.
  let includes: [Int]
  let captures: [Place]
  let captureNames: [String]
  /// The register in which the constructor holds the module.
  let selfRegister: Int
  let classDependence: ClassDependence?

  init(
    description: FunctionDescription, file: SourceFile, constructor: Code, methods: [Code],
    fields: [Field], members: [String: Member], captures: [Place], captureNames: [String],
    selfRegister: Int,
    classDependence: ClassDependence?
  ) {
    self.description = description
    self.file = file
    self.constructor = constructor
    self.methods = methods
    self.fields = fields
    self.members = members
    includes = fields.indices.filter { fields[$0].kind == .include }
    self.captures = captures
    self.captureNames = captureNames
    self.selfRegister = selfRegister
    self.classDependence = classDependence
  }

  var name: String { description.name ?? "" }

  func method(_ name: String) -> Code? {
    guard case .method(let number)? = members[name] else { return nil }
    return methods[number]
  }

  /// The members it declares, as people see them: first fields and functions, then arguments; no
  /// dimensions.
  var memberNames: [String] {
    let own = fields.filter(\.isOwn).map(\.name)
    let arguments = fields.filter { $0.kind == .argument }.map(\.name)
    let methodNames = methods.compactMap(\.function.name)
    return own + methodNames + arguments.filter { !own.contains($0) }
  }
}
