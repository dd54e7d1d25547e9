import Foundation
import Language
import ScriptSupport
import Testing

/// Every script below `Cases` does what its comments say, with a host of the tests' own.
struct CaseTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Cases")
  static let cases = ScriptCase.all(beside: #filePath)

  @Test(arguments: cases)
  func `a case does what its comments say`(_ test: ScriptCase) throws {
    let host = TestHost()
    host.folder = test.file.deletingLastPathComponent()
    let outcome = host.session().run(try test.text(), name: test.path)
    #expect(try test.differences(output: host.output, outcome) == [])
  }

  @Test func `there are cases`() { #expect(Self.cases.count > 100) }
}
