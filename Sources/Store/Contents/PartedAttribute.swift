/// Attributes of a result that have a part for each label of an axis, and how their parts are told apart.
enum PartedAttribute: String {
  case dataset
  case dataDigest = "data_digest"
  case settings

  /// The axis whose labels the parts belong to.
  var axis: String {
    switch self {
    case .dataset, .dataDigest: "dataset"
    case .settings: "algorithm"
    }
  }

  /// A second axis, if the result has it: each part then has a part for each of its labels, as in
  /// few-shot learning the settings of an algorithm have for each number of shots.
  var inner: String? { self == .settings ? "shots" : nil }

  /// What stands where no source says anything; nil where each must.
  var nothing: String? { self == .settings ? "null" : nil }

  /// The parts of a text; nil of a text of another form.
  func parts(of text: String) -> [String]? {
    switch self {
    case .dataset: text.split(separator: ", ", omittingEmptySubsequences: false).map(String.init)
    case .dataDigest: text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    case .settings: Self.elements(Array(text.utf8))
    }
  }

  /// The text with these parts.
  func text(of parts: [String]) -> String {
    switch self {
    case .dataset: parts.joined(separator: ", ")
    case .dataDigest: parts.joined(separator: " ")
    case .settings: "[" + parts.joined(separator: ", ") + "]"
    }
  }

  /// The elements of a JSON array, as they are written.
  private static func elements(_ text: [UInt8]) -> [String]? {
    guard case .array? = try? JSON(parsing: text), text.first == UInt8(ascii: "[") else {
      return nil
    }
    var (parts, part) = ([String](), [UInt8]())
    var (depth, isText, isEscaped) = (0, false, false)
    func finish() {
      let text = String(decoding: part, as: UTF8.self)
      parts.append(String(text.drop { $0 == " " }))
      part = []
    }
    for byte in text.dropFirst().dropLast() {
      if isText {
        if byte == UInt8(ascii: "\""), !isEscaped { isText = false }
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
      } else if byte == UInt8(ascii: "\"") {
        isText = true
      } else if [UInt8(ascii: "["), UInt8(ascii: "{")].contains(byte) {
        depth += 1
      } else if [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(byte) {
        depth -= 1
      } else if byte == UInt8(ascii: ","), depth == 0 {
        finish()
        continue
      }
      part.append(byte)
    }
    if !part.isEmpty { finish() }
    return parts
  }
}
