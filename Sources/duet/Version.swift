internal import Bindings

/// What `duet --version` says.
enum Version {
  /// The program's version.
  static let number = "0.1.0"

  /// The program and what it uses, a line each.
  static func lines(_ library: Library) -> [String] {
    [("duet", number), ("stdlib", library.folder)].map { name, text in
      name + String(repeating: " ", count: max(1, 10 - name.count)) + text
    }
  }
}
