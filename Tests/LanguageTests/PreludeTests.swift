import Language
import Testing

/// The names that every script sees, loaded when they are first used.
struct PreludeTests {
  private func host() -> TestHost {
    let host = TestHost()
    host.files = [
      "methods/coop.duet": """
      ## Learned contexts.

      ## A method.
      module CoOp(classes: Classes, n_ctx: Int = 4) { param ctx = grid([n_ctx]) }
      print("coop runs")
      """,
      "losses.duet": "fn half(x) => x / 2",
      "broken.duet": "let x = )",
      "failing.duet": "let x = 1 + nil",
    ]
    return host
  }

  private let prelude = """
    import methods.coop: CoOp
    import losses
    import broken: x as broken_name
    import failing: x as failing_name
    ## Twice as much.
    fn twice(x) => x * 2
    fn make(classes) => CoOp(classes)
    """

  @Test func `imports of the prelude wait for their first use`() {
    let host = host()
    let session = host.session(prelude: prelude)
    #expect(host.loads == [])
    #expect(session.show("twice(2)") == "4")
    #expect(host.loads == [])
    #expect(session.show("CoOp([\"a\"]).n_ctx") == "4")
    #expect(host.loads == ["methods/coop.duet"])
    #expect(host.output == "coop runs\n")
    #expect(session.show("CoOp == CoOp") == "true")
    #expect(host.output == "coop runs\n")
    #expect(session.show("losses.half(3)") == "1.5")
  }

  @Test func `functions of the prelude load what they use`() {
    let host = host()
    let session = host.session(prelude: prelude)
    #expect(session.show("type(make([\"a\"]))") == "\"CoOp\"")
  }

  @Test func `names of the prelude serve as contracts`() {
    let session = host().session(prelude: prelude)
    #expect(session.show("fn f(m: CoOp) => 1\nf(CoOp([]))") == "1")
    #expect(session.show("f(2)") == "error[type]: 'm' must be a CoOp")
    #expect(session.show("CoOp([]) in CoOp") == "true")
  }

  @Test func `a broken file is an error where its name is used`() {
    let session = host().session(prelude: prelude)
    let report = session.report("\nbroken_name")
    #expect(report.codes == ["import"])
    #expect(report.diagnostics.first?.line == 2)
    #expect(report.diagnostics.first?.notes.first?.location.text == "broken.duet:1:9")
    #expect(session.report("failing_name").codes == ["type"])
    #expect(session.show("1 + 1") == "2")
  }

  @Test func `a script may shadow a name of the prelude`() {
    let session = host().session(prelude: prelude)
    #expect(session.show("let twice = 5\ntwice") == "5")
    #expect(session.show("CoOp = 1").hasPrefix("error[name]"))
  }

  @Test func `library files see the prelude`() {
    let host = host()
    host.files["uses.duet"] = "let four = twice(2)\nfn method() => CoOp([])"
    let session = host.session(prelude: prelude)
    #expect(session.show("import uses: four, method\n[four, type(method())]") == "[4, \"CoOp\"]")
  }

  @Test func `a broken prelude says so`() {
    let host = TestHost()
    _ = host.session(prelude: "let x = )")
    #expect(host.output.contains("error[syntax]"))
  }

  @Test func `help of a name that is not loaded reads its file without running it`() {
    let host = host()
    let session = host.session(prelude: prelude)
    let help = session.help("CoOp")
    #expect(help?.hasPrefix("module CoOp(classes: Classes, n_ctx: Int = 4)") == true)
    #expect(help?.contains("A method.") == true)
    #expect(session.summary(of: "CoOp") == "A method.")
    #expect(host.output == "")
  }
}
