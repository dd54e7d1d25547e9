/// A value on the stack of the pickle machine.
///
/// Containers are places in the machine's tables and not trees of objects: a pickle may nest them a
/// million deep or put one into itself, and nothing here follows them by recursion, not even when they
/// are given back.
enum PickleValue {
  case none
  case bool(Bool)
  case int(Int)
  case text(Int)
  /// Tuples and lists share a table; what is appended to a list is seen wherever it is.
  case tuple(Int)
  case list(Int)
  case map(Int)
  /// An object of TorchScript; its attributes are a map.
  case object(Int)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)
  /// Something that training scripts keep beside the weights and that no tensor is made of.
  case opaque

  /// For messages.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a Bool"
    case .int: "an int"
    case .text: "a text"
    case .tuple: "a tuple"
    case .list: "a list"
    case .map: "a dictionary"
    case .object: "an object of TorchScript"
    case .global: "a class"
    case .storage: "a storage"
    case .tensor: "a tensor"
    case .opaque: "an object"
    }
  }
}

/// What a pickle may name: the whole list. Nothing is looked up, imported or called.
enum PickleGlobal {
  case orderedMap
  case rebuildTensor
  case rebuildParameter
  case storage(ScalarType)
  case scriptClass
  /// A function of TorchScript that gives back its first argument.
  case firstArgument
  case opaque
  /// What early protocols make objects with, and the class that it starts from.
  case reconstructor
  case plainObject

  private static let known: [String: PickleGlobal] = [
    "collections OrderedDict": .orderedMap,
    "torch._utils _rebuild_tensor_v2": .rebuildTensor,
    "torch._utils _rebuild_tensor": .rebuildTensor,
    "torch._utils _rebuild_parameter": .rebuildParameter,
    "torch._utils _rebuild_parameter_with_state": .rebuildParameter,
    "torch FloatStorage": .storage(.float32),
    "torch HalfStorage": .storage(.float16),
    "torch BFloat16Storage": .storage(.bfloat16),
    "torch DoubleStorage": .storage(.float64),
    "torch LongStorage": .storage(.int64),
    "torch IntStorage": .storage(.int32),
    "torch ShortStorage": .storage(.int16),
    "torch CharStorage": .storage(.int8),
    "torch ByteStorage": .storage(.uint8),
    "torch BoolStorage": .storage(.bool),
    "torch.storage UntypedStorage": .storage(.uint8),
    "torch.jit._pickle build_intlist": .firstArgument,
    "torch.jit._pickle build_doublelist": .firstArgument,
    "torch.jit._pickle build_boollist": .firstArgument,
    "torch.jit._pickle build_tensorlist": .firstArgument,
    "torch.jit._pickle restore_type_tag": .firstArgument,
    "torch device": .opaque,
    "torch Size": .opaque,
    "numpy.core.multiarray scalar": .opaque,
    "numpy._core.multiarray scalar": .opaque,
    "numpy dtype": .opaque,
    "_codecs encode": .opaque,
    "argparse Namespace": .opaque,
  ]

  init(module: String, name: String, _ vocabulary: PickleVocabulary) throws(Fault) {
    if vocabulary == .items {
      self = try .item(module, name)
    } else if module == "__torch__" || module.hasPrefix("__torch__.") {
      self = .scriptClass
    } else if let known = Self.known["\(module) \(name)"] {
      self = known
    } else {
      throw .forbidden(global: TextWidth.excerpt("\(module).\(name)", to: 120))
    }
  }

  /// An item of a list of pictures is an object of the class `Datum`, which moved from module to module.
  private static func item(_ module: String, _ name: String) throws(Fault) -> PickleGlobal {
    switch (module, name) {
    case (_, "Datum") where !module.isEmpty: return .scriptClass
    case ("copy_reg", "_reconstructor"), ("copyreg", "_reconstructor"): return .reconstructor
    case ("__builtin__", "object"), ("builtins", "object"): return .plainObject
    default: throw .forbidden(global: TextWidth.excerpt("\(module).\(name)", to: 120))
    }
  }
}

/// Which names a pickle may use.
enum PickleVocabulary {
  /// Those of checkpoints.
  case torch
  /// Those of lists of labelled pictures; its protocols are 0 to 5.
  case items
}

/// The entries of a dictionary or the attributes of an object: those whose name is a text, in the order in
/// which they came. Others are dropped, for no weight has another name.
struct PickleMap {
  private(set) var members: [(name: String, value: PickleValue)] = []
  private var places: [ByteName: Int] = [:]

  subscript(name: String) -> PickleValue? { place(of: name).map { members[$0].value } }

  /// Adds an entry, or replaces the one that has the name.
  mutating func set(_ name: String, _ value: PickleValue) {
    if let place = place(of: name) {
      members[place].value = value
      return
    }
    members.append((name, value))
    if members.count == 9 {
      for (place, member) in members.enumerated() { places[ByteName(member.name)] = place }
    } else if members.count > 9 {
      places[ByteName(name)] = members.count - 1
    }
  }

  private func place(of name: String) -> Int? {
    members.count < 9
      ? members.firstIndex { $0.name.hasSameBytes(as: name) } : places[ByteName(name)]
  }
}
