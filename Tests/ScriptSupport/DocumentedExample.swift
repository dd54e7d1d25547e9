internal import Foundation
internal import Testing

/// Code in documentation with the output that it promises: lines after `> ` are run, the lines below,
/// up to the next code or the end of the comment, are what the last of them shows.
package struct DocumentedExample: CustomTestStringConvertible, Sendable {
  /// Where it stands.
  package let place: String
  package let code: String
  package let output: String

  package var testDescription: String { place }

  package init(place: String, code: String, output: String) {
    self.place = place
    self.code = code
    self.output = output
  }

  /// The examples in the `##` comments of a script.
  package static func all(in text: String, file: String) -> [DocumentedExample] {
    var examples: [DocumentedExample] = []
    var code: [String] = []
    var output: [String] = []
    var start = 0
    func finish() {
      guard !code.isEmpty else { return }
      examples.append(
        DocumentedExample(
          place: "\(file):\(start)", code: code.joined(separator: "\n"),
          output: output.joined(separator: "\n").trimmingCharacters(in: .newlines)))
      (code, output) = ([], [])
    }
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      let words = line.drop { $0 == " " }
      guard words.hasPrefix("##") else {
        finish()
        continue
      }
      let content = words.dropFirst(words.hasPrefix("## ") ? 3 : 2)
      if content.hasPrefix("> ") {
        if !output.isEmpty { finish() }
        if code.isEmpty { start = index + 1 }
        code.append(String(content.dropFirst(2)))
      } else if !code.isEmpty {
        output.append(String(content))
      }
    }
    finish()
    return examples
  }
}
