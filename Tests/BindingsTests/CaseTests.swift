import Language
import ScriptSupport
import Testing

/// Every script below `Cases` does with the real engine what its comments say.
struct CaseTests {
  static let cases = ScriptCase.all(beside: #filePath)

  @Test(arguments: cases)
  func `a case does what its comments say`(_ test: ScriptCase) throws {
    let engine = try TestEngine()
    let outcome = engine.run(try test.text(), name: test.path)
    #expect(try test.differences(output: engine.output, outcome) == [])
  }

  @Test func `there are cases`() { #expect(Self.cases.count > 20) }
}
