import Foundation
import TestSupport
import Testing

/// The README says what is true.
struct ReadmeTests {
  private static let root = ExampleTests.folder.deletingLastPathComponent()

  private static func text() throws -> String {
    try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
  }

  @Test func `its script runs and learns`() throws {
    let folder = try TemporaryFolder()
    let blocks = try Self.text().components(separatedBy: "```duet\n").dropFirst()
    let block = try #require(blocks.first).components(separatedBy: "```")[0]
    try folder.write(block, to: "coop.duet")
    let run = try Program.run(["run", "coop.duet"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try #require(Double(run.output.trimmingCharacters(in: .whitespacesAndNewlines))) > 50)
  }

  @Test(arguments: [
    ("README", "02_learned_prompts", 12), ("docs/methods", "07_ablation", 8),
    ("docs/methods", "08_aggregation", 18), ("docs/methods", "09_two_readings", 16),
  ])
  func `tables are the output of examples`(_ page: String, _ example: String, _ count: Int) throws {
    let output = try String(
      contentsOf: ExampleTests.folder.appending(path: "\(example).txt"), encoding: .utf8)
    let rows = output.split(separator: "\n").filter { $0.contains(" ± ") && $0.contains("  ") }
    #expect(rows.count == count)
    let text = try String(contentsOf: Self.root.appending(path: "\(page).md"), encoding: .utf8)
    for row in rows { #expect(text.contains(row), "\(row)") }
  }

  @Test func `nothing in it is left to be filled in`() throws {
    let text = try Self.text()
    for placeholder in ["TABLE", "SPEED", "TODO"] { #expect(!text.contains(placeholder)) }
  }

  @Test func `every file and folder that it names is there`() throws {
    let text = try Self.text()
    for match in text.matches(of: /(?:`|\()((?:docs|examples|stdlib|Sources)\/[\w\/.]+)[`)]/) {
      let path = Self.root.appending(path: String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
    }
  }
}
