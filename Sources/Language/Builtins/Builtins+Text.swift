extension Builtins {
  static var text: [Native] {
    [split, join, trim, lower, upper, replace, startsWith, endsWith, format]
  }

  private static var split: Native {
    Native(
      "split(text: String, separator: String? = nil) -> List",
      "The parts of a text between separators; without one, its words.",
      example: "split(\"a photo of\")\n[\"a\", \"photo\", \"of\"]"
    ) { arguments in
      let text = try arguments.string(0)
      guard let separator = try arguments.optionalString(1) else {
        return Value(text.split(whereSeparator: \.isWhitespace).map { Value(String($0)) })
      }
      guard !separator.isEmpty else {
        throw arguments.fault(
          1, "must not be empty", help: "for single characters, use a `for` loop")
      }
      return Value(
        text.split(separator: separator, omittingEmptySubsequences: false).map {
          Value(String($0))
        })
    }
  }

  private static var join: Native {
    Native(
      "join(list: List, separator: String = \"\") -> String",
      "The texts of the elements, one after the other.",
      example: "join([\"a\", \"b\"], \", \")\na, b"
    ) { arguments in
      let interpreter = arguments.interpreter
      let parts = try arguments.list(0).map { try interpreter.text(of: $0) }
      let separator = try arguments.string(1)
      let bytes = parts.reduce(0) { $0 + $1.utf8.count } + separator.utf8.count * parts.count
      try interpreter.checkStringBytes(bytes)
      return Value(parts.joined(separator: separator))
    }
  }

  private static var trim: Native {
    Native(
      "trim(text: String) -> String", "The text without blanks at its ends.",
      example: "trim(\"  a \")\na"
    ) { arguments in
      let text = try arguments.string(0)
      guard let first = text.firstIndex(where: { !$0.isWhitespace }),
        let last = text.lastIndex(where: { !$0.isWhitespace })
      else { return "" }
      return Value(String(text[first...last]))
    }
  }

  private static var lower: Native {
    Native(
      "lower(text: String) -> String", "The text in small letters.",
      example: "lower(\"CLS\")\ncls"
    ) { arguments in Value(try arguments.string(0).lowercased()) }
  }

  private static var upper: Native {
    Native(
      "upper(text: String) -> String", "The text in capital letters.",
      example: "upper(\"cls\")\nCLS"
    ) { arguments in Value(try arguments.string(0).uppercased()) }
  }

  private static var replace: Native {
    Native(
      "replace(text: String, old: String, new: String) -> String",
      "The text with every occurrence of one part replaced by another.",
      example: "replace(\"a_b\", \"_\", \" \")\na b"
    ) { arguments in
      let (text, old, new) = (
        try arguments.string(0), try arguments.string(1), try arguments.string(2)
      )
      guard !old.isEmpty else { throw arguments.fault(1, "must not be empty") }
      let parts = text.split(separator: old, omittingEmptySubsequences: false)
      let (growth, overflow) = new.utf8.count.multipliedReportingOverflow(by: parts.count)
      try arguments.interpreter.checkStringBytes(overflow ? .max : text.utf8.count + growth)
      return Value(parts.joined(separator: new))
    }
  }

  private static var startsWith: Native {
    Native(
      "starts_with(text: String, part: String) -> Bool", "Whether a text begins with another.",
      example: "starts_with(\"photo\", \"ph\")\ntrue"
    ) { arguments in .bool(try arguments.string(0).hasPrefix(try arguments.string(1))) }
  }

  private static var endsWith: Native {
    Native(
      "ends_with(text: String, part: String) -> Bool", "Whether a text ends with another.",
      example: "ends_with(\"photo\", \"to\")\ntrue"
    ) { arguments in .bool(try arguments.string(0).hasSuffix(try arguments.string(1))) }
  }

  private static var format: Native {
    Native(
      "format(x, digits: Int? = nil, width: Int = 0, left: Bool = false) -> String",
      "A value as text: a number with so many decimals, filled up with blanks to a width.",
      example: "format(3.14159, digits: 2)\n3.14"
    ) { arguments in
      var text = try arguments.interpreter.text(of: arguments[0])
      if let digits = try arguments.optionalInt(1) {
        guard (0...FixedDecimal.digitLimit).contains(digits) else {
          throw arguments.fault(1, "must be between 0 and \(FixedDecimal.digitLimit)")
        }
        text = FixedDecimal.text(try arguments.float(0), digits: digits)
      }
      let width = try arguments.int(2)
      guard (0...10_000).contains(width) else {
        throw arguments.fault(2, "must be between 0 and 10000")
      }
      let blanks = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
      return Value(try arguments.bool(3) ? text + blanks : blanks + text)
    }
  }
}
