import Foundation
import Language
import ScriptSupport
import Testing

/// No text can crash the program: every case, cut off and damaged, ends in a value or a diagnostic.
struct FuzzTests {
  private static let scripts: [String] = CaseTests.cases.compactMap { test in
    // Those that fill the machine on purpose are not for hundreds of runs.
    if test.path.hasPrefix("limits/") { return nil }
    return try? test.text()
  }

  /// Runs a text within narrow limits and looks at everything that comes back.
  private func exercise(_ text: String) {
    let host = TestHost()
    host.folder = CaseTests.folder.appendingPathComponent("imports")
    host.interruptedAfter = 300
    var embedding = host.host()
    embedding.limits.calls = 200
    embedding.limits.listCount = 20_000
    embedding.limits.stringBytes = 100_000
    let session = Session(host: embedding)
    let report = session.report(text, name: "fuzz.duet")
    let renderer = DiagnosticRenderer(usesColor: true)
    #expect(renderer.render(report.diagnostics).isEmpty == report.diagnostics.isEmpty)
    for diagnostic in report.diagnostics {
      #expect(!diagnostic.message.isEmpty)
      #expect(diagnostic.line >= 1)
      #expect(diagnostic.column >= 1)
    }
    if let value = report.value { _ = session.interpreter.display(value, width: 60) }
    _ = session.check(text, name: "fuzz.duet")
    _ = session.completions(in: text, at: text.utf8.count)
    _ = Cell.split(text)
    #expect(session.isIncomplete(text) == session.report(text, name: "again.duet").isIncomplete)
  }

  @Test func `cut off anywhere`() {
    for script in Self.scripts {
      let bytes = Array(script.utf8)
      for part in 1...8 {
        exercise(String(decoding: bytes.prefix(bytes.count * part / 8), as: UTF8.self))
      }
    }
  }

  @Test func `with bytes changed, removed and doubled`() {
    var generator = SplitMix(state: 20_26)
    let marks = Array("(){}[]\"\\,.:;=+-*/%@<>|&!?#\n\t 019azλ\u{0}".utf8)
    for script in Self.scripts {
      for _ in 0..<12 {
        var bytes = Array(script.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
          let place = Int.random(in: bytes.indices, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: bytes.remove(at: place)
          case 1: bytes[place] = marks.randomElement(using: &generator) ?? 0
          case 2: bytes.insert(marks.randomElement(using: &generator) ?? 0, at: place)
          default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
          }
        }
        exercise(String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  @Test func `with words exchanged`() {
    var generator = SplitMix(state: 9)
    let words = Self.scripts.flatMap { $0.split(whereSeparator: \.isWhitespace) }
    for _ in 0..<1500 {
      let count = Int.random(in: 1...12, using: &generator)
      let picked = (0..<count).compactMap { _ in words.randomElement(using: &generator) }
      exercise(picked.joined(separator: Bool.random(using: &generator) ? " " : "\n"))
    }
  }

  struct Nest: CustomTestStringConvertible {
    let name: String
    let text: String
    var testDescription: String { name }
  }

  static let nests: [Nest] = {
    let n = 100_000
    func times(_ text: String, _ count: Int = n) -> String { String(repeating: text, count: count) }
    return [
      Nest(name: "parentheses", text: times("(") + "1" + times(")")),
      Nest(name: "brackets", text: times("[") + times("]")),
      Nest(name: "records", text: times("{a: ") + "1" + times("}")),
      Nest(name: "blocks", text: times("{ ") + "1" + times(" }")),
      Nest(name: "sums", text: "1" + times(" + 1")),
      Nest(name: "minus signs", text: times("-") + "1"),
      Nest(name: "nots", text: times("not ") + "true"),
      Nest(name: "powers", text: "1" + times(" ** 1")),
      Nest(name: "members", text: "x" + times(".a")),
      Nest(name: "calls", text: "print" + times("()")),
      Nest(name: "indices", text: "[1]" + times("[0]")),
      Nest(name: "pipes", text: "1" + times(" |> f()")),
      Nest(name: "else ifs", text: "if true { 1 }" + times(" else if true { 2 }")),
      Nest(name: "functions", text: times("fn() => ") + "1"),
      Nest(name: "ifs", text: times("if true { ") + times("}")),
      Nest(name: "interpolations", text: times("\"\\(") + "1" + times(")\"")),
      Nest(name: "open strings", text: times("\"\\(")),
      Nest(name: "ands", text: "true" + times(" and true")),
      Nest(name: "targets", text: "x" + times(".a") + " = 1"),
      Nest(name: "dimensions", text: "fn f(x: [" + times("n + ") + "1]) => 1"),
      Nest(name: "nested functions", text: times("fn f() { ") + times("}")),
      Nest(name: "a long line", text: "let x = \"" + times("é") + "\" + 1"),
      Nest(name: "many lines", text: times("let x = 1\n", 20_000)),
      Nest(name: "many names", text: (0..<60_000).map { "let a\($0) = 1" }.joined(separator: "\n")),
      Nest(name: "many arguments", text: "print(" + times("1, ", 300) + "1)"),
      Nest(
        name: "many locals",
        text: "fn f() {\n"
          + (0..<70_000).map { "let a\($0) = 1" }
          .joined(separator: "\n") + "\n}"),
      Nest(name: "a long list", text: "len([" + times("1, ", 100_000) + "])"),
      Nest(name: "digits", text: times("9")),
      Nest(name: "zeros", text: times("0") + "1"),
      Nest(name: "closing marks", text: times("}")),
      Nest(name: "comments", text: times("##\n")),
      Nest(name: "patterns", text: "let [" + times("a, ", 70_000) + "b] = []"),
      Nest(
        name: "labels", text: "print(" + (0..<400).map { "a\($0): 1" }.joined(separator: ", ") + ")"
      ),
      Nest(name: "marks of Unicode", text: "let e" + times("\u{301}") + " = 1 + nil"),
    ]
  }()

  @Test(arguments: nests)
  func `nested and repeated without end`(_ nest: Nest) { exercise(nest.text) }

  @Test func `bytes that are no text`() {
    var generator = SplitMix(state: 4)
    for length in 0..<300 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      exercise(String(decoding: bytes, as: UTF8.self))
    }
  }
}
