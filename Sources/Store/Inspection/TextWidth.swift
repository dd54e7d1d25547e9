/// Text as it appears in a listing, which may come from a stranger's file.
package enum TextWidth {
  /// The text with everything made visible that a terminal would obey instead of print.
  package static func visible(_ text: String) -> String {
    if isPlain(text) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A name from a stranger's file, as it can stand in a message.
  static func quoted(_ name: String) -> String { "'\(excerpt(name, to: 80))'" }

  /// The beginning of a stranger's text, made visible: the text may have megabytes.
  package static func excerpt(_ text: String, to width: Int) -> String {
    clipped(visible(String(text.unicodeScalars.prefix(4 * width))), to: width)
  }

  /// Columns that a text takes: two for wide characters of East Asia, none for combining marks.
  package static func columns(_ text: String) -> Int {
    isPlain(text) ? text.utf8.count : text.reduce(0) { $0 + columns($1) }
  }

  /// Whether a text consists of printable ASCII.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  }

  private static func columns(_ character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default:
      return scalar.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
  }

  /// The beginning of a text that fits a width, with "…" where something was cut.
  package static func clipped(_ text: String, to width: Int) -> String {
    guard columns(text) > width else { return text }
    var result = ""
    var used = 0
    for character in text {
      let more = columns(character)
      guard used + more < width else { break }
      result.append(character)
      used += more
    }
    return result + "…"
  }

  static func padded(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - columns(text)))
  }
}
