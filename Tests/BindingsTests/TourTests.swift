import Bindings
import Foundation
import Language
import Testing

/// The tour of the language in `docs/language.md`, run from top to bottom in one session.
///
/// A block with lines behind `>` is a transcript: each is run, and the lines below it are what the
/// prompt answers, of an error its first line. Any other block is a script, whose printed lines
/// stand in its `# expect:` comments.
struct TourTests {
  @Test func `every block of the tour does what the page says`() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../docs/language.md")
    let printed = Printed()
    var host = try Engine().host(try Library(given: nil))
    host.print = { printed.text += $0 }
    let session = Session(host: host)
    try session.loadPrelude()
    let blocks = Self.blocks(in: try String(contentsOf: page, encoding: .utf8))
    #expect(blocks.count > 15)
    for block in blocks {
      for entry in block.entries {
        #expect(
          Self.answer(of: session, to: entry.text, printed) == entry.expected,
          "line \(block.line): \(entry.text)")
      }
    }
  }

  private static func answer(of session: Session, to text: String, _ printed: Printed) -> String {
    printed.text = ""
    switch session.run(text, name: "language.md") {
    case .finished(let value?, isQuiet: false) where !value.isNil:
      printed.text += session.interpreter.display(value, width: 80)
    case .finished: break
    case .incomplete: printed.text += "incomplete"
    case .failed(let diagnostics, _):
      if let first = diagnostics.first { printed.text += "error[\(first.code)]: \(first.message)" }
    }
    return printed.text.trimmingCharacters(in: .newlines)
  }

  private struct Entry {
    var text: String
    var expected: String
  }

  private static func blocks(in page: String) -> [(line: Int, entries: [Entry])] {
    var blocks: [(line: Int, entries: [Entry])] = []
    var open: (line: Int, lines: [String])?
    for (index, line) in page.components(separatedBy: "\n").enumerated() {
      if line == "```duet" {
        open = (index + 2, [])
      } else if line == "```", let block = open {
        blocks.append((block.line, entries(of: block.lines)))
        open = nil
      } else {
        open?.lines.append(line)
      }
    }
    return blocks
  }

  private static func entries(of lines: [String]) -> [Entry] {
    guard lines.contains(where: { $0.hasPrefix("> ") }) else {
      let expected = lines.compactMap { line in
        line.range(of: "# expect: ").map { String(line[$0.upperBound...]) }
      }
      let text = lines.joined(separator: "\n")
      return [Entry(text: text + "\nnil", expected: expected.joined(separator: "\n"))]
    }
    var entries: [Entry] = []
    for line in lines {
      if line.hasPrefix("> ") {
        entries.append(Entry(text: String(line.dropFirst(2)), expected: ""))
      } else if !entries.isEmpty {
        let separator = entries[entries.count - 1].expected.isEmpty ? "" : "\n"
        entries[entries.count - 1].expected += separator + line
      }
    }
    return entries
  }
}

/// What scripts have printed.
private final class Printed {
  var text = ""
}
