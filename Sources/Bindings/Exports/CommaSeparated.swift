internal import Language

/// Comma-separated values as RFC 4180 describes them: rows end with CR LF, and a field with a comma, a
/// quotation mark or a line end stands in quotation marks.
enum CommaSeparated {
  static func text(_ names: [String], _ rows: [[String]]) -> String {
    ([names] + rows).map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A value with all its digits; nothing for nil and NaN.
  static func field(_ value: Value) -> String {
    switch value {
    case .nil: ""
    case .int(let number): "\(number)"
    case .float(let number): field(number)
    case .bool(let flag): "\(flag)"
    default: value.string ?? (value.object?.summary ?? value.describedKind)
    }
  }

  /// The shortest text that is read back as the same number.
  static func field(_ number: Double) -> String { number.isNaN ? "" : "\(number)" }

  /// Names of which no two are equal: later ones get a number.
  static func distinct(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    return names.map { name in
      var (free, number) = (name, 1)
      while !taken.insert(free).inserted {
        number += 1
        free = "\(name)_\(number)"
      }
      return free
    }
  }

  private static func quoted(_ field: String) -> String {
    let special: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
    guard
      field.unicodeScalars.contains(where: special.contains) || field.first == " "
        || field.last == " "
    else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
