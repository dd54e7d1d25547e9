import Foundation
import TestSupport
import Testing

/// What is told of the embedded benchmark comes from the file of its run.
struct BenchmarkTests {
  private static let folder = ExampleTests.folder

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  @Test func `its tables are those of its file`() throws {
    let script = """
      let protocols = [
        "base_to_new", "open_world", "few_shot", "cross_dataset", "domain_generalization"
      ]
      for name in protocols { print(load(args[0], at: "/\\(name)")) }
      """
    let folder = try TemporaryFolder()
    try folder.write(script, to: "tables.duet")
    let file = Self.folder.appending(path: "benchmark.h5").path
    let run = try Program.run(["run", "tables.duet", "--", file], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let told = try Self.text("benchmark.txt")
    #expect(run.output.count > 5000 && told.hasPrefix(run.output))
  }

  @Test func `its file is whole, and every cell was run on drawn data`() throws {
    let script = """
      let r = load(args[0], at: "/few_shot")
      print(len(r.missing()), r.about.data_kind, r.about.model_kind, r.axes)
      print(len(unique(r.cells["algorithm"])), unique(r.cells["seed"]))
      """
    let folder = try TemporaryFolder()
    try folder.write(script, to: "cells.duet")
    let file = Self.folder.appending(path: "benchmark.h5").path
    let run = try Program.run(["run", "cells.duet", "--", file], in: folder.path)
    #expect(
      run.output == """
        0 synthetic synthetic ["dataset", "algorithm", "shots", "seed"]
        8 [1, 2, 3]

        """)
    let inspected = try Program.run(["inspect", file], in: folder.path)
    #expect(inspected.output.contains(": matches\n"))
  }

  @Test func `the README shows its averages`() throws {
    let told = try Self.text("benchmark.txt")
    let table = try #require(told.components(separatedBy: "\n\n").last)
      .trimmingCharacters(in: .newlines)
    #expect(table.split(separator: "\n").count >= 9)
    let readme = try String(
      contentsOf: Self.folder.deletingLastPathComponent().appending(path: "README.md"),
      encoding: .utf8)
    #expect(readme.contains(table))
  }
}
