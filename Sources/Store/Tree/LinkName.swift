/// Names inside a file.
///
/// HDF5 allows any bytes in a name except "/", which separates, and ".", which means here. Keys of
/// records may be any text, so that a key is written with an escape where HDF5 needs one:
///
///     a/b → a%2Fb    % → %25    NUL → %00    . → %2E    .. → %2E.    the empty key → %
///
/// Everything else, dots inside names included, stays as it is.
package enum LinkName {
  /// Whether a text can stand as a name in a file.
  package static func isUsable(_ name: String) -> Bool {
    !name.isEmpty && name != "." && !name.utf8.contains(where: { $0 == 0x2F || $0 == 0 })
  }

  private static let codes: [(String, Unicode.Scalar)] = [
    ("%2F", "/"), ("%25", "%"), ("%00", "\0"), ("%2E", "."),
  ]

  /// The name under which a key is stored.
  package static func escaped(_ key: String) -> String {
    if key.isEmpty { return "%" }
    var name = ""
    for scalar in key.unicodeScalars {
      switch scalar {
      case "/": name += "%2F"
      case "%": name += "%25"
      case "\0": name += "%00"
      default: name.unicodeScalars.append(scalar)
      }
    }
    let isDots = name.unicodeScalars.allSatisfy { $0 == "." }
    return isDots ? "%2E" + name.dropFirst() : name
  }

  /// The key that is stored under a name; names that are not escapes stand for themselves.
  package static func unescaped(_ name: String) -> String {
    if name == "%" { return "" }
    guard name.utf8.contains(0x25) else { return name }
    var key = ""
    var rest = name.unicodeScalars[...]
    while let scalar = rest.first {
      if let (code, meaning) = codes.first(where: { rest.starts(with: $0.0.unicodeScalars) }) {
        key.unicodeScalars.append(meaning)
        rest = rest.dropFirst(code.unicodeScalars.count)
      } else {
        key.unicodeScalars.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return key
  }

  /// The path of a child.
  static func path(_ parent: String, _ name: String) -> String {
    parent == "/" ? "/" + name : parent + "/" + name
  }
}

/// Text is compared byte by byte here: to a file, an é of one scalar and one of two are different
/// names, although Swift's `==` and `<` hold them to be the same.
extension String {
  func hasSameBytes(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }

  func precedesInBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
