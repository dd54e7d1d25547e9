import Foundation
import TestSupport
import Testing

/// Every block of `docs/results.md` and `docs/protocols.md` does what the page says, in one folder from
/// top to bottom.
///
/// A block of Duet is a file, named in its first line, which is run; a block of text behind it is
/// what that prints. In a block of the shell, lines behind `$` are typed, and what stands below is
/// what comes. Figures of training depend on the processor in their last digits.
struct PageTests {
  @Test(arguments: [("results", 9, true), ("protocols", 2, false)])
  func `every block of the page does what the page says`(
    _ page: String, _ least: Int, _ isExact: Bool
  ) throws {
    let page = ExampleTests.folder.deletingLastPathComponent().appending(path: "docs/\(page).md")
    let folder = try TemporaryFolder()
    var (output, count) = ("", 0)
    for block in Self.blocks(try String(contentsOf: page, encoding: .utf8)) {
      count += 1
      switch block.language {
      case "duet":
        let name = try #require(block.lines.first).dropFirst(2)
        try folder.write(block.lines.joined(separator: "\n") + "\n", to: String(name))
        let run = try Program.run(["run", String(name)], in: folder.path)
        #expect(run.status == 0, "\(run.errors)")
        output = run.output
      case "text":
        let told = block.lines.joined(separator: "\n") + "\n"
        let plain = isExact ? { $0 } : ExampleTests.withoutFigures
        #expect(plain(output) == plain(told))
      default: try Self.check(block.lines, folder)
      }
    }
    #expect(count >= least)
  }

  private static func check(_ lines: [String], _ folder: TemporaryFolder) throws {
    var rest = lines[...]
    while let line = rest.popFirst() {
      let expected = rest.prefix { !$0.hasPrefix("$ ") }
      rest = rest.dropFirst(expected.count)
      let command = "$DUET" + line.dropFirst("$ duet".count)
      let run = try Program.shell(command + " 2>&1", in: folder.path)
      let output = run.output.replacing("\r\n", with: "\n")
      #expect(
        output.trimmingCharacters(in: .newlines)
          == expected.joined(separator: "\n").trimmingCharacters(in: .newlines), "\(line)")
    }
  }

  private static func blocks(_ page: String) -> [(language: String, lines: [String])] {
    page.components(separatedBy: "\n```").enumerated().compactMap { index, part in
      guard index % 2 == 1 else { return nil }
      let lines = part.components(separatedBy: "\n")
      return (lines[0], Array(lines.dropFirst()))
    }
  }
}
