/// The language's own words: types, and functions over numbers, text, lists and records.
///
/// A host may give any of them a meaning of its own by declaring a native of the same name.
enum Builtins {
  /// Every word that is always there: the language's own, then the host's.
  static func words(of host: ScriptHost) -> [String: Value] {
    var words: [String: Value] = [:]
    for type in types + host.types { words[type.name] = .type(type) }
    for native in natives + host.natives { words[native.name] = .native(native) }
    for (name, value) in host.constants { words[name] = value }
    return words
  }

  static var natives: [Native] {
    output + numbers + lists + text + records + functions + conversions
  }

  static var types: [HostType] {
    [
      HostType("Bool", doc: "`true` or `false`.", tag: .bool) { $0.bool != nil },
      HostType("Int", doc: "A whole number of 64 bits.", tag: .int) { $0.int != nil },
      HostType(
        "Float", doc: "A number of 64 bits with a fraction. Its contract widens an Int.",
        widensInt: true, tag: .float
      ) { if case .float = $0 { true } else { false } },
      HostType("String", doc: "A text.", tag: .string) { $0.string != nil },
      HostType("List", doc: "Values in a row.", tag: .list) { $0.list != nil },
      HostType("Record", doc: "Values by name, in order.", tag: .record) { $0.record != nil },
      HostType("Range", doc: "Whole numbers from one to another.") {
        if case .range = $0 { true } else { false }
      },
      HostType("Function", doc: "Anything that can be called.") { $0.isCallable },
      HostType("Module", doc: "A module with its parameters.") { $0.module != nil },
      HostType("Type", doc: "What stands on the right of `x in Int`.") { value in
        switch value {
        case .type, .definition: true
        default: false
        }
      },
    ]
  }
}
