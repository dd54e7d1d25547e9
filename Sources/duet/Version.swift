internal import Bindings
internal import CEdit

/// What `duet --version` says.
enum Version {
  /// The program's version.
  static let number = Engine.version

  /// The program and what it uses, a line each. A library folder that is missing is said, too: this is
  /// what a user looks at when something does not work.
  static func lines(stdlib: String?) -> [String] {
    let folder: String
    do throws(Library.Missing) {
      folder = try Library(given: stdlib).folder
    } catch {
      folder = "not found in " + error.places.joined(separator: ", ")
    }
    let facts =
      [("duet", number)] + Engine.equipment()
      + [("libedit", "\(LIBEDIT_MAJOR).\(LIBEDIT_MINOR)"), ("stdlib", folder)]
    return facts.map { name, text in
      name + String(repeating: " ", count: max(1, 10 - name.count)) + text
    }
  }
}
