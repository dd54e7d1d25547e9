import Foundation
import TestSupport
import Testing

/// The project's examples print what stands in the files beside them, but for figures: these depend on
/// the processor in their last digits, and training makes more of that.
struct ExampleTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples")

  struct Example: CustomTestStringConvertible {
    let name: String
    var arguments: [String] = []
    var testDescription: String { name }
  }

  static let examples = [
    Example(name: "01_zero_shot"), Example(name: "02_learned_prompts"),
    Example(name: "03_own_method"), Example(name: "05_save_and_resume"),
    Example(name: "06_pretrain_mini", arguments: ["--", "2560"]),
    Example(name: "07_ablation"), Example(name: "08_aggregation"),
    Example(name: "09_two_readings"), Example(name: "10_combined"),
  ]

  @Test(arguments: examples)
  func `an example prints what stands beside it`(_ example: Example) throws {
    let folder = try TemporaryFolder()
    let path = Self.folder.appending(path: "\(example.name).duet").path
    let run = try Program.run(["run", path] + example.arguments, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    try Self.compare(run.output, example.name)
  }

  @Test func `every example is short and has a text at its top`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let scripts = names.filter { $0.hasSuffix(".duet") }.sorted()
    #expect(scripts.count >= 7)
    for name in scripts {
      let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 41, "\(name)")
      #expect(lines[0].hasPrefix("## "), "\(name)")
      let check = try Program.run(["check", Self.folder.appending(path: name).path])
      #expect(check.status == 0, "\(check.errors)")
    }
  }

  @Test(
    .enabled(if: Python.has("sklearn", "PIL"), Comment(rawValue: Python.absence(of: "sklearn"))))
  func `handwritten digits are learned from a folder of pictures`() throws {
    let folder = try TemporaryFolder()
    let script = Self.folder.appending(path: "write_digits.py").path
    try Python.run(
      "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')",
      script, folder.file("digits"))
    let path = Self.folder.appending(path: "04_own_pictures.duet").path
    let run = try Program.run(["run", path, "--", "digits"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    try Self.compare(run.output, "04_own_pictures")
    #expect(run.output.contains("own dataset \"digits\": 10 classes, train 898, val 359, test 540"))
  }

  /// Compares with the file beside the example; with `RECORD_SNAPSHOTS=1` writes it.
  private static func compare(_ output: String, _ name: String) throws {
    let file = folder.appending(path: "\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(output.utf8).write(to: file)
    }
    let kept = try String(contentsOf: file, encoding: .utf8)
    #expect(withoutFigures(output) == withoutFigures(kept))
  }

  /// Runs of digits with points and blanks around them become `#`.
  static func withoutFigures(_ text: String) -> String {
    text.replacing(/[a-f0-9]{64}/, with: "#").replacing(/\ *-?\d[\d.,:TZe-]*/, with: " #")
      .replacing(/"[^"\n]*…/, with: "…")
  }
}
