/// Names that have occurred, told apart by their bytes. A handful is searched, more are hashed.
struct NameSet {
  private var few: [String] = []
  private var many: Set<ByteName> = []

  /// Adds a name; false if it was there.
  mutating func insert(_ name: String) -> Bool {
    if !many.isEmpty { return many.insert(ByteName(name)).inserted }
    guard !few.contains(where: { $0.hasSameBytes(as: name) }) else { return false }
    few.append(name)
    if few.count > 8 { many = Set(few.map { ByteName($0) }) }
    return true
  }
}

/// A name as a key: an é of one scalar and one of two are different names.
struct ByteName: Hashable {
  let name: String

  init(_ name: String) { self.name = name }

  func hash(into hasher: inout Hasher) {
    var name = name
    name.withUTF8 { bytes in unsafe hasher.combine(bytes: UnsafeRawBufferPointer(bytes)) }
  }

  static func == (a: ByteName, b: ByteName) -> Bool { a.name.hasSameBytes(as: b.name) }
}
