internal import Store

/// One object of a configuration file. A key that is `null` counts as absent.
struct ConfigurationReader {
  let file: String
  /// The keys that lead here, each followed by a full stop.
  private let path: String
  private let members: [JSON.Member]

  /// The root of a file, which must be an object.
  init(_ json: JSON, file: String) throws(ConfigurationError) {
    guard let members = json.object else {
      throw ConfigurationError(file: file, fault: .kind(key: "the root", expected: "an object"))
    }
    self.init(file: file, path: "", members: members)
  }

  private init(file: String, path: String, members: [JSON.Member]) {
    (self.file, self.path, self.members) = (file, path, members)
  }

  subscript(key: String) -> JSON? {
    guard let value = members.first(where: { $0.name == key })?.value, !value.isNull else {
      return nil
    }
    return value
  }

  func error(_ fault: (_ key: String) -> ConfigurationError.Fault, _ key: String)
    -> ConfigurationError
  {
    ConfigurationError(file: file, fault: fault(path + key))
  }

  private func kind(_ key: String, _ expected: String) -> ConfigurationError {
    error({ .kind(key: $0, expected: expected) }, key)
  }

  /// A whole number, also one that is written as a fraction.
  func int(_ key: String) throws(ConfigurationError) -> Int? {
    guard let value = self[key] else { return nil }
    if let int = value.int { return int }
    guard let int = value.double.flatMap({ Int(exactly: $0) }) else {
      throw kind(key, "a whole number")
    }
    return int
  }

  func double(_ key: String) throws(ConfigurationError) -> Double? {
    guard let value = self[key] else { return nil }
    guard let number = value.double else { throw kind(key, "a number") }
    return number
  }

  func bool(_ key: String) throws(ConfigurationError) -> Bool? {
    guard let value = self[key] else { return nil }
    guard let bool = value.bool else { throw kind(key, "true or false") }
    return bool
  }

  func text(_ key: String) throws(ConfigurationError) -> String? {
    guard let value = self[key] else { return nil }
    guard let text = value.string else { throw kind(key, "a text") }
    return text
  }

  /// An object; an empty one if there is none.
  func object(_ key: String) throws(ConfigurationError) -> ConfigurationReader {
    guard let value = self[key] else {
      return ConfigurationReader(file: file, path: "\(path)\(key).", members: [])
    }
    guard let members = value.object else { throw kind(key, "an object") }
    return ConfigurationReader(file: file, path: "\(path)\(key).", members: members)
  }

  /// The same object, in which the keys of another one that are not null come first.
  func overridden(by other: ConfigurationReader) -> ConfigurationReader {
    ConfigurationReader(
      file: file, path: path, members: other.members.filter { !$0.value.isNull } + members)
  }

  /// Refuses every key that is not known, unless its value switches off what it stands for.
  func refuseUnknown(besides known: Set<String>) throws(ConfigurationError) {
    for member in members where !known.contains(member.name) && !member.value.isOff {
      throw error({ .unknown(key: $0) }, member.name)
    }
  }
}

extension JSON {
  /// null, false, zero, or nothing inside.
  fileprivate var isOff: Bool {
    switch self {
    case .null: true
    case .bool(let flag): !flag
    case .integer(let number): number == 0
    case .number(let number): number == 0
    case .string(let text): text.isEmpty
    case .array(let elements): elements.isEmpty
    case .object(let members): members.isEmpty
    }
  }
}
