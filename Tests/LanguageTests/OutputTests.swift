import Language
import Testing

/// What goes out to the user: printed values and notices.
struct OutputTests {
  @Test func `an object that is printed alone is shown in full, in the host's width`() {
    let host = TestHost()
    host.width = 7
    let session = host.session()
    #expect(session.report("print(poster())").diagnostics.isEmpty)
    #expect(host.output == "+++++++\n+++++++\n")
    host.output = ""
    _ = session.report("print(poster(), 1)\nprint([poster()])\nprint(poster(), end: \"\")")
    #expect(host.output == "Poster 1\n[Poster]\n+++++++\n+++++++")
    #expect(session.show("\"\\(poster()) \" + string(poster())") == "\"Poster Poster\"")
  }

  @Test func `a module that is printed alone lists its parameters`() {
    let host = TestHost()
    let session = host.session()
    _ = session.report("module M() { param w = grid([2, 3]) }\nlet m = M()\nprint(m)\nprint(m, m)")
    #expect(
      host.output == """
        M
          param   w  [2, 3]
          6 learned numbers
        M(1 parameter) M(1 parameter)

        """)
  }

  @Test func `a notice is shown once for each text and place`() {
    let host = TestHost()
    let session = host.session()
    let text = """
      for i in 0..<1000 { notice("a") }
      notice("a")
      fn f(n) { notice("n is \\(n % 2)") }
      for i in 0..<1000 { f(i) }
      """
    #expect(session.report(text).diagnostics.isEmpty)
    #expect(host.notices == ["a", "a", "n is 0", "n is 1"])
    _ = session.report("for i in 0..<1000 { notice(\"a\") }")
    #expect(host.notices.count == 5)
  }

  @Test func `a notice of the library belongs to the line that called it`() {
    let host = TestHost()
    host.files["told.duet"] = "fn tell() { notice(\"told\") }"
    let session = host.session(prelude: "import told: tell")
    _ = session.report("for i in 0..<5 { tell() }\ntell()")
    #expect(host.notices == ["told", "told"])
  }
}
