import Language
import Testing

/// What `duet check` finds without running anything.
struct CheckerTests {
  private func check(_ text: String) -> [String] {
    let host = TestHost()
    host.files["own.duet"] = "fn beta(x, y: Int = 1) => 2\nprint(\"ran\")"
    let found = host.session(prelude: "import own: beta").check(text, name: "check.duet")
    #expect(host.output == "")
    return found.map { "\($0.line):\($0.column) \($0.severity.rawValue)[\($0.code)] \($0.message)" }
  }

  @Test func `a good text has nothing to report`() {
    #expect(
      check(
        """
        import "own.duet": beta as b
        fn f(n: Int, x: [n, d]? = nil, name: String? = nil) -> Float {
          let used = n + d
          let _ignored = 1
          return used + b(1)
        }
        module M(classes: Classes) { param w: [C, 2] = grid([C, 2])
          fn call(x) => x }
        f(1, name: nil)
        b("text", 2)
        let m = M(["a"])
        for i in 0..<3 { print("again") }
        let z: Float = 1
        """) == [])
  }

  @Test func `what certainly is no module cannot be included`() {
    #expect(
      check(
        """
        module Part() { let x = 1 }
        module Whole(part) {
          include a = Part()
          include b = part
          include c = "part"
          include d = missing
        }
        """) == [
          "5:15 error[type] 'c' must be a module",
          "6:15 error[name] 'missing' is not bound",
        ])
  }

  @Test func `a name of the prelude is declared where its file declares it`() throws {
    let host = TestHost()
    host.files["own.duet"] = "\nfn beta(x) => 2"
    let found = host.session(prelude: "import own: beta").check("beta()", name: "check.duet")
    let note = try #require(found.first?.notes.first)
    #expect(note.text == "declared here")
    #expect(note.location.text == "own.duet:2:4")
  }

  @Test func `unused names`() {
    #expect(
      check(
        """
        import "own.duet": beta
        fn f(x) {
          let unused = 1
          var changed = 2
          changed = 3
          fn helper() => 1
          x
        }
        """) == [
          "1:20 warning[unused] 'beta' is imported and not used",
          "3:7 warning[unused] 'unused' is not used", "4:7 warning[unused] 'changed' is not used",
          "6:6 warning[unused] 'helper' is not used",
        ])
  }

  @Test func `calls that do not fit`() {
    #expect(
      check(
        """
        fn f(a, depth = 1) => a
        module M(n) { fn get() => 1
          fn twice() => get(1) }
        f()
        f(1, 2, 3)
        f(1, detph: 2)
        f(1, a: 2)
        M(1, 2)
        len()
        sorted([1], decending: true)
        print(1, 2, 3, end: "")
        beta()
        """) == [
          "3:21 error[argument] 'get' takes no arguments, 1 given",
          "4:1 error[argument] 'f' needs the argument 'a'",
          "5:9 error[argument] 'f' takes 2 arguments, 3 given",
          "6:6 error[argument] 'f' has no argument 'detph'",
          "7:6 error[argument] the argument 'a' is given twice",
          "8:6 error[argument] 'M' takes 1 argument, 2 given",
          "9:1 error[argument] 'len' needs the argument 'x'",
          "10:13 error[argument] 'sorted' has no argument 'decending'",
          "12:1 error[argument] 'beta' needs the argument 'x'",
        ])
  }

  @Test func `contracts that contradict`() {
    #expect(
      check(
        """
        fn f(n: Int, x: [2, d]? = nil) -> [3, d] => x
        f("text")
        let a: [4, d] = f(1)
        let b: [3] = f(1)
        let c: String = f(1)
        let d: Int = "x"
        let e: [n] = "x"
        fn g(y: [5, k]) => f(1, y)
        fn h(x: Int = "one") => x
        let ok: Float? = nil
        """) == [
          "2:3 error[type] 'n' must be an Int", "3:17 error[shape] 'a' does not fit [4, d]",
          "4:14 error[shape] 'b' does not fit [3]", "5:17 error[type] 'c' must be a String",
          "6:14 error[type] 'd' must be an Int", "7:14 error[shape] 'e' does not fit [n]",
          "8:25 error[shape] 'x' does not fit [2, d]", "9:15 error[type] 'x' must be an Int",
        ])
  }

  @Test func `statements that are never reached`() {
    #expect(
      check(
        """
        fn f() {
          return 1
          print(2)
          print(3)
        }
        for i in [1] { continue; print(i) }
        """) == [
          "3:3 warning[unreachable] this is never reached",
          "6:26 warning[unreachable] this is never reached",
        ])
  }

  @Test func `conditions that are no Bool`() {
    #expect(
      check("if 1 { }\nwhile \"x\" { }\nnot 3\nassert [1]") == [
        "1:4 error[type] a condition must be a Bool, this is an Int",
        "2:7 error[type] a condition must be a Bool, this is a String",
        "3:5 error[type] a condition must be a Bool, this is an Int",
        "4:8 error[type] a condition must be a Bool, this is a List",
      ])
  }

  @Test func `errors come before warnings`() {
    #expect(
      check("fn f() { let unused = 1 }\nmissing") == [
        "2:1 error[name] 'missing' is not bound", "1:14 warning[unused] 'unused' is not used",
      ])
    #expect(check("let x = )") == ["1:9 error[syntax] expected an expression, found ')'"])
  }
}
