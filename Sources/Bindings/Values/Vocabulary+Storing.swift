internal import CLIP
internal import Store

/// A vocabulary among the attributes of `/clip`: its merges as a text; what differs from OpenAI's way,
/// by further attributes. Lists are JSON, as in Hugging Face's files: an attribute of HDF5 holds a
/// text of any length, but no more than 64 KiB of anything else.
extension Vocabulary {
  var attributes: [Node.Attribute] {
    let plain = Vocabulary(merges: merges)
    var texts = [("vocabulary", merges)]
    if let ids {
      let members = ids.map { "\(Self.quoted($0.text)): \($0.id)" }
      texts.append(("vocabulary_ids", "{\(members.joined(separator: ", "))}"))
    }
    if !added.isEmpty {
      let tokens = added.map {
        "{\"id\": \($0.id), \"content\": \(Self.quoted($0.text)), "
          + "\"normalized\": \($0.isNormalized), \"single_word\": \($0.isWord)}"
      }
      texts.append(("vocabulary_added", "[\(tokens.joined(separator: ", "))]"))
    }
    if start != plain.start { texts.append(("vocabulary_start", start)) }
    if end != plain.end { texts.append(("vocabulary_end", end)) }
    if let padding { texts.append(("vocabulary_padding", padding)) }
    if cleaning != plain.cleaning { texts.append(("vocabulary_cleaning", cleaning.rawValue)) }
    return texts.map { Node.Attribute($0.0, .string($0.1)) }
  }

  /// A vocabulary from attributes of these names; nil if there is none.
  init?(attributes text: (String) -> String?) throws(StoreError.Fault) {
    guard let merges = text("vocabulary") else { return nil }
    self.init(merges: merges)
    if let ids = try text("vocabulary_ids").map(Self.json) {
      self.ids = try TokenizerDescription.ids(ids, "vocabulary_ids")
    }
    if let added = try text("vocabulary_added").map(Self.json) {
      self.added = try TokenizerDescription.added(added)
    }
    start = text("vocabulary_start") ?? start
    end = text("vocabulary_end") ?? end
    padding = text("vocabulary_padding")
    if let name = text("vocabulary_cleaning") {
      guard let cleaning = Cleaning(rawValue: name) else {
        throw .unsupported("the cleaning \(name.prefix(40))")
      }
      self.cleaning = cleaning
    }
  }

  private static func json(_ text: String) throws(StoreError.Fault) -> JSON {
    try JSON(parsing: Array(text.utf8))
  }

  /// A text as JSON spells it.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
