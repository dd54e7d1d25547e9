package import Foundation
package import Language
internal import Testing

/// A script that says in its comments what it does:
///
///     print(1 + 1)                # expect: 2
///     [1][5]                      # expect error[index]: position 5 is outside of a list of 1
///     let x = y                   # compile error[name] at 9: 'y' is not bound
///
/// Printed lines are compared in order with all `# expect:` comments. An error must be on the line
/// of its comment and, after `at`, in that column.
package struct ScriptCase: CustomTestStringConvertible, Sendable {
  /// The file, relative to its folder of cases.
  package let path: String
  private let folder: URL

  package var testDescription: String { path }
  package var file: URL { folder.appendingPathComponent(path) }

  /// All scripts below the folder `Cases` beside a test, except those in a folder `imported`, which
  /// others import.
  package static func all(beside test: String) -> [ScriptCase] {
    let folder = URL(fileURLWithPath: test).deletingLastPathComponent()
      .appendingPathComponent("Cases")
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".duet") && !$0.contains("imported/") }.sorted()
      .map { ScriptCase(path: $0, folder: folder) }
  }

  /// The script.
  package func text() throws -> String { try String(contentsOf: file, encoding: .utf8) }

  /// What differs between what the comments ask for and what came: nothing, if all is well.
  package func differences(output: String, _ outcome: Session.Outcome) throws -> [String] {
    try ScriptExpectations(text()).differences(output: output, outcome)
  }
}

/// What the comments of a script ask for.
package struct ScriptExpectations {
  private struct Failure {
    let code: String
    let line: Int
    let column: Int?
    let message: String
  }

  private var output: [String] = []
  private var errors: [Failure] = []
  private var isCompileTime = false

  package init(_ text: String) throws {
    let error = /(?:expect|compile) error\[(\w+)\](?: at (\d+))?: (.*)$/
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if let range = line.range(of: "# expect: ") {
        output.append(String(line[range.upperBound...]))
      } else if line.hasSuffix("# expect:") {
        output.append("")
      } else if let match = try error.firstMatch(in: line) {
        isCompileTime = line.contains("# compile error")
        errors.append(
          Failure(
            code: String(match.1), line: index + 1, column: match.2.flatMap { Int($0) },
            message: String(match.3)))
      }
    }
  }

  /// What differs from what came: nothing, if all is well.
  package func differences(output found: String, _ outcome: Session.Outcome) -> [String] {
    var lines = found.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    var wrong: [String] = []
    for index in 0..<max(lines.count, output.count) {
      let (asked, came) = (Self.line(output, index), Self.line(lines, index))
      if asked != came { wrong.append("printed \(came), not \(asked)") }
    }
    guard case .failed(let diagnostics, let ranAtAll) = outcome else {
      return wrong + errors.map { "line \($0.line) did not fail" }
    }
    if ranAtAll == isCompileTime { wrong.append(ranAtAll ? "it ran" : "it did not run") }
    let asked = errors.map { "\($0.line): \($0.code): \($0.message)" }
    let came = diagnostics.map { "\($0.line): \($0.code): \($0.message)" }
    if asked != came { wrong.append("failed with \(came), not \(asked)") }
    for (diagnostic, error) in zip(diagnostics, errors) {
      guard let column = error.column, diagnostic.column != column else { continue }
      wrong.append("line \(error.line): column \(diagnostic.column), not \(column)")
    }
    return wrong
  }

  private static func line(_ lines: [String], _ index: Int) -> String {
    index < lines.count ? "'\(lines[index])'" : "nothing"
  }
}
