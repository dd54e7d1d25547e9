import Foundation
import Language
import Testing

/// Runs every script below `Cases` and compares what it does with the comments in it:
///
///     print(1 + 1)                # expect: 2
///     [1][5]                      # expect error[index]: position 5 is outside of a list of 1
///     let x = y                   # compile error[name] at 9: 'y' is not bound
///
/// Printed lines are compared in order with all `# expect:` comments. An error must be on the line
/// of its comment and, after `at`, in that column.
struct CaseTests {
  struct Case: CustomTestStringConvertible {
    let path: String
    var testDescription: String { path }
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases")

  /// All scripts except those in a folder `imported`, which others import.
  static let cases: [Case] = {
    let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (files ?? []).filter { $0.hasSuffix(".duet") && !$0.contains("imported/") }.sorted()
      .map(Case.init)
  }()

  @Test(arguments: cases)
  func `a case does what its comments say`(_ test: Case) throws {
    let text = try String(
      contentsOf: Self.folder.appendingPathComponent(test.path), encoding: .utf8)
    let expected = try Expectations(text)
    let host = TestHost()
    host.folder = Self.folder.appendingPathComponent(test.path).deletingLastPathComponent()
    let outcome = host.session().run(text, name: test.path)
    var lines = host.output.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    #expect(lines == expected.output)
    guard case .failed(let diagnostics, let ranAtAll) = outcome else {
      #expect(expected.errors.isEmpty, "it did not fail")
      return
    }
    #expect(ranAtAll == !expected.isCompileTime, "whether it ran: \(diagnostics.map(\.message))")
    #expect(diagnostics.count == expected.errors.count, "\(diagnostics.map(\.message))")
    for (diagnostic, error) in zip(diagnostics, expected.errors) {
      #expect("\(diagnostic.code): \(diagnostic.message)" == "\(error.code): \(error.message)")
      #expect(diagnostic.line == error.line)
      if let column = error.column { #expect(diagnostic.column == column) }
    }
  }

  @Test func `there are cases`() { #expect(Self.cases.count > 100) }
}

/// What the comments of a case ask for.
private struct Expectations {
  struct Failure {
    let code: String
    let line: Int
    let column: Int?
    let message: String
  }

  private(set) var output: [String] = []
  private(set) var errors: [Failure] = []
  private(set) var isCompileTime = false

  init(_ text: String) throws {
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
}
