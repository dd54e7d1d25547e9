/// What a paste means: its text, without the prompts of a transcript.
package enum PastedText {
  /// The text to insert for a paste.
  ///
  /// Line breaks become `"\n"`, and one at the end is left out, so that nothing runs before Enter.
  /// When the first line begins with a prompt (`In [3]:`, or `>` as in the examples of the help),
  /// it is a transcript: prompts are stripped, and lines without one are output and left out.
  /// Everything else stays as it is.
  package static func text(_ paste: String) -> String {
    var lines: [String] = []
    var line = ""
    for scalar in paste.replacingLineBreaks {
      if scalar == "\n" {
        lines.append(line)
        line = ""
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    lines.append(line)
    if let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }), input(first) != nil {
      lines = lines.compactMap(input)
    }
    while lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  /// What stands behind the prompt of a line; `nil` when there is none.
  private static func input(_ line: String) -> String? {
    let rest = line.drop { $0 == " " || $0 == "\t" }
    if rest.hasPrefix("In [") {
      let number = rest.dropFirst(4).prefix { $0.isNumber }
      let tail = rest.dropFirst(4 + number.count)
      return !number.isEmpty && tail.hasPrefix("]:") ? withoutBlank(tail.dropFirst(2)) : nil
    }
    if rest.hasPrefix("...:") { return withoutBlank(rest.dropFirst(4)) }
    if rest == ">" || rest.hasPrefix("> ") { return withoutBlank(rest.dropFirst()) }
    return nil
  }

  private static func withoutBlank(_ text: Substring) -> String {
    String(text.first == " " ? text.dropFirst() : text)
  }
}

extension String {
  /// The scalars with `\r\n` and `\r` as `\n`.
  fileprivate var replacingLineBreaks: [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var previous: Unicode.Scalar?
    for scalar in unicodeScalars {
      if scalar != "\n" || previous != "\r" { result.append(scalar == "\r" ? "\n" : scalar) }
      previous = scalar
    }
    return result
  }
}
