import Foundation
import Language
import Testing

/// Texts run one after the other, as a prompt and a notebook do.
struct SessionTests {
  @Test func `names stay from cell to cell`() {
    let session = TestHost().session()
    #expect(session.show("let x = 2\nvar y = 1") == "no value")
    #expect(session.show("y += x\ny") == "3")
    #expect(session.show("fn f(a) => a * x") == "no value")
    #expect(session.show("f(y)") == "6")
  }

  @Test func `a new name that is assigned is to be declared, and only near names are suggested`() {
    let session = TestHost().session()
    let help = { (text: String) in session.report(text).diagnostics.first?.help }
    #expect(help("x = 3") == "declare it: `let x = …`, or `var x = …` to assign again")
    #expect(help("lenn = 3")?.hasPrefix("declare it: ") == true)
    #expect(help("var total = 1\ntotel = 2")?.hasPrefix("did you mean `total`? A new") == true)
    #expect(help("lenn") == "did you mean `len`?")
    #expect(help("nope") == nil)
  }

  @Test func `a later cell may declare a name again`() {
    let session = TestHost().session()
    _ = session.report("let x = 1\nfn f() => x")
    #expect(session.show("let x = x + 1\nx") == "2")
    #expect(session.show("f()") == "2")
    _ = session.report("fn g() => 1\nfn h() => g()")
    _ = session.report("fn g() => 2")
    #expect(session.show("h()") == "2")
  }

  @Test func `a constant does not take the place of a variable that functions assign`() {
    let session = TestHost().session()
    _ = session.report("var n = 0\nfn up() { n += 1; n }")
    _ = session.report("let n = 10")
    #expect(session.show("up()") == "1")
    #expect(session.show("n") == "10")
  }

  @Test func `a cell that does not compile changes nothing`() {
    let host = TestHost()
    let session = host.session()
    let report = session.report("let a = 1\nprint(a)\nlet b = c")
    #expect(report.codes == ["name"])
    #expect(host.output == "")
    #expect(session.report("a").codes == ["name"])
    #expect(session.names.isEmpty)
  }

  @Test func `a cell that fails keeps what it has bound`() {
    let session = TestHost().session()
    #expect(session.report("let a = 1\nlet b = a + nil\nlet c = 3").codes == ["type"])
    #expect(session.show("a") == "1")
    #expect(
      session.report("b").messages == ["'b' has no value: its cell failed before it was bound"])
    #expect(session.report("fn f() => c\nf()").messages == ["'c' is used before it is bound"])
    #expect(session.show("let c = 5\nf()") == "5")
  }

  @Test func `a failing redeclaration keeps the old value`() {
    let session = TestHost().session()
    _ = session.report("let a = [1]")
    _ = session.report("let a = a + nil")
    #expect(session.show("a") == "[1]")
  }

  @Test(
    arguments: [
      "if true {", "fn f(x) {", "let x =", "let x = [1,", "f(", "1 +", "x |>", "{a:",
      "\"\"\"\ntext",
      "fn f() ->", "let {a", "for x in", "try { 1 }", "import a:", "no_grad {",
      "if true { 1 } else",
      "let x = f(fn(y) {\n  y", "module M(a,", "@@" + "", "x[", "let x: [n,",
    ].filter { $0 != "@@" })
  func `an unfinished text is not wrong`(_ text: String) {
    let session = TestHost().session()
    #expect(session.isIncomplete(text))
    #expect(session.report(text).isIncomplete)
  }

  @Test(arguments: [
    "1 + 1", "let x = 1", "if true { 1 }", "\"abc", "let x = )", "fn f() => 1", "", "# comment",
    "x)", "if 1 } {",
  ])
  func `a finished or broken text is not unfinished`(_ text: String) {
    #expect(!TestHost().session().isIncomplete(text))
  }

  @Test func `the last expression is the value unless a semicolon hides it`() {
    let session = TestHost().session()
    #expect(session.report("1 + 1").value?.int == 2)
    #expect(!session.report("1 + 1").isQuiet)
    #expect(session.report("1 + 1;").isQuiet)
    #expect(session.report("let x = 1").value == nil)
    #expect(session.report("let x = 1\nx").value?.int == 1)
    #expect(session.report("for i in 0..<2 { i }").value == nil)
    #expect(session.report("").value == nil)
  }

  @Test func `the host may bind names`() {
    let session = TestHost().session()
    session.define("_", [1, 2])
    session.define("_3", "three")
    #expect(session.show("[_, _3]") == "[[1, 2], \"three\"]")
    session.define("_", 7)
    #expect(session.show("_ + 1") == "8")
    #expect(session.report("_3 = 4").codes == ["name"])
  }

  @Test func `names are listed with their kinds`() {
    let host = TestHost()
    host.files = ["own.duet": "let a = 1"]
    let session = host.session()
    _ = session.report(
      "import \"own.duet\": a\nlet b = 2\nvar c = 3\nfn d() => 4\nmodule E() { }\nlet f = nil + 1")
    let kinds = session.names.map { "\($0.name):\($0.kind.rawValue)" }
    #expect(kinds == ["a:import", "b:let", "c:var", "d:fn", "E:module", "f:let"])
    #expect(session.names[5].value == nil)
    #expect(session.names[1].value?.int == 2)
    #expect(session.builtinNames.contains { $0.name == "len" })
  }

  @Test func `an interrupt stops a loop and keeps every value`() {
    let host = TestHost()
    let session = host.session()
    host.interruptedAfter = 3
    let report = session.report("var n = 0\nlet xs = [1, 2]\nwhile true { n += 1 }")
    #expect(report.codes == ["interrupted"])
    #expect(report.diagnostics.first?.line == 3)
    host.interruptedAfter = .max
    #expect(session.show("n > 0 and len(xs) == 2") == "true")
  }

  @Test func `an interrupt stops recursion and natives, and cannot be caught`() {
    let host = TestHost()
    let session = host.session()
    host.interruptedAfter = 20
    let text = """
      fn forever(n) => if n == 0 { 0 } else { forever(n - 1) + forever(n - 1) }
      try { forever(60) } catch e { print("caught") }
      """
    #expect(session.report(text).codes == ["interrupted"])
    host.polls = 0
    #expect(session.report("for i in 0..<1000 { len([i]) }").codes == ["interrupted"])
    #expect(host.output == "")
  }

  @Test func `a shortage of memory ends in a diagnostic`() {
    let host = TestHost()
    let session = host.session()
    host.isMemoryShort = true
    #expect(session.report("var i = 0\nwhile true { i += 1 }").codes == ["memory"])
    #expect(session.report("let big = [0] * 2_000_000").codes == ["memory"])
    host.isMemoryShort = false
    #expect(session.show("i > 0") == "true")
  }

  @Test func `recording is resumed whatever happens`() {
    let host = TestHost()
    let session = host.session()
    let texts = [
      "no_grad { 1 }", "fn f() { no_grad { return 2 } }\nf()",
      "for i in 0..<2 { no_grad { continue } }", "while true { no_grad { break } }",
      "no_grad { no_grad { nil + 1 } }", "try { no_grad { throw 1 } } catch e { }",
      "fn g() -> Int { no_grad { return \"x\" } }\ng()",
      "map([1], fn(x) { no_grad { x.y } })",
    ]
    for text in texts {
      host.recording = []
      _ = session.report(text)
      let pauses = host.recording.count { $0 == "pause" }
      #expect(pauses > 0)
      #expect(pauses * 2 == host.recording.count, "\(text): \(host.recording)")
    }
  }

  @Test func `a session refuses a text inside a text`() {
    let host = TestHost()
    var session: Session?
    var inner: Report?
    var embedding = host.host()
    embedding.natives.append(
      Native("again()", "Runs a text in the running session.") { _ in
        inner = session?.report("1")
        return .nil
      })
    session = Session(host: embedding)
    #expect(session?.report("again()").diagnostics.isEmpty == true)
    #expect(inner?.messages == ["the session is running another text"])
  }

  @Test func `the source of a definition is kept`() {
    let session = TestHost().session()
    _ = session.report(
      "## Doubles.\nfn twice(x) {\n  x * 2\n}\nmodule M() { let a = 1 }", name: "In [1]")
    #expect(session.source(of: "twice")?.text == "fn twice(x) {\n  x * 2\n}")
    #expect(session.source(of: "twice")?.location.text == "In [1]:2:1")
    #expect(session.source(of: "M")?.text == "module M() { let a = 1 }")
    #expect(session.source(of: "len") == nil)
  }

  @Test func `cells are split at percent lines`() {
    let script = """
      let a = 1

      # %% First cell
      a + 1

      # %% [markdown] Notes
      # Some *text*
      #
      # more
      # %%
      let s = \"\"\"
      # %% not a cell
      \"\"\"
      # %%not a cell either
      """
    let cells = Cell.split(script)
    #expect(cells.map(\.title) == ["", "First cell", "Notes", ""])
    #expect(cells.map(\.kind) == [.code, .code, .markdown, .code])
    #expect(cells.map(\.firstLine) == [1, 4, 7, 11])
    #expect(cells[2].text == "Some *text*\n\nmore")
    #expect(cells[1].text == "a + 1")
    #expect(cells[3].text.hasSuffix("# %%not a cell either"))
    #expect(Cell.split("# %% only\n1").map(\.title) == ["only"])
    #expect(Cell.split("").isEmpty)
  }

  @Test(arguments: [
    "map(0..<10000000, fn(x) => x)", "filter(0..<10000000, fn(x) => true)",
    "sorted(map(0..<1000000, fn(x) => x * 7919 % 1000003))",
    "sorted(0..<10000000, by: fn(x) => -x)",
  ])
  func `built-in words over many elements can be interrupted`(text: String) {
    let host = TestHost()
    let session = host.session()
    host.interruptedAfter = 20
    #expect(session.report(text).codes == ["interrupted"])
  }

  @Test func `a large value is refused before it is made when there is no room for it`() {
    let host = TestHost()
    let session = host.session()
    host.room = 100_000_000
    #expect(session.report("len([1] * 10_000_000)").codes == ["memory"])
    #expect(session.report("len(\"a\" * 90_000_000)").codes == ["memory"])
    #expect(session.show("len([1] * 2_000_000)") == "2000000")
  }

  @Test func `a string of many interpolations is read in one go`() {
    let text = String(repeating: "\\(a)", count: 40_000)
    #expect(TestHost().session().show("let a = 1\nlen(\"\(text)\")") == "40000")
  }
}
