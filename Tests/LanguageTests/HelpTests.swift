import Language
import Testing

/// What `help` and `?name` say.
struct HelpTests {
  @Test func `a function shows its signature, its text and where it is`() {
    let session = TestHost().session()
    _ = session.report(
      """
      ## Scales a number.
      ##
      ## > scale(2)
      ## 20
      fn scale(
        x: Float,
        ## The factor.
        by: Int = 10,
      ) -> Float => x * by
      """, name: "own.duet")
    #expect(
      session.help("scale") == """
        fn scale(x: Float, by: Int = 10) -> Float

        Scales a number.

        > scale(2)
        20

          by: The factor.

        defined at own.duet:5
        """)
    #expect(session.summary(of: "scale") == "Scales a number.")
  }

  @Test func `a module shows what it includes`() {
    let session = TestHost().session()
    _ = session.report(
      """
      module Part() { fn value(x) => x
        fn hidden() => 1 }
      module Whole() { include part = Part()
        fn hidden() => 2 }
      let m = Whole()
      """)
    #expect(session.help("m")?.hasSuffix("\n\nfrom `part`:\n\n  fn value(x)") == true)
    #expect(session.help("m.value")?.hasPrefix("fn Part.value(x)") == true)
    #expect(session.help("include")?.hasPrefix("include name = module") == true)
    _ = session.report("let include = 3")
    #expect(session.help("include") == "Int: 3")
  }

  @Test func `help tells once what is included twice`() {
    let session = TestHost().session()
    _ = session.report(
      """
      module Part() { fn value(x) => x }
      module Whole(given) {
        include part = given
        include again = given
      }
      let m = Whole(Part())
      """)
    #expect(session.help("m")?.hasSuffix("\n\nfrom `part`:\n\n  fn value(x)") == true)
  }

  @Test func `a module shows its functions`() {
    let session = TestHost().session()
    _ = session.report(
      """
      ## A method.
      module M(classes: Classes) {
        param w: [2] = grid([2])
        ## Logits.
        fn logits(x: [B]) -> [B, C] => x
      }
      let m = M(["a"])
      """)
    #expect(session.help("M")?.contains("fn logits(x: [B]) -> [B, C]") == true)
    #expect(session.help("m")?.hasPrefix("M\n  param   w  [2]\n  2 learned numbers") == true)
    #expect(session.help("m.logits")?.contains("fn M.logits(x: [B]) -> [B, C]\n\nLogits.") == true)
  }

  @Test func `words of the host and the language have help`() {
    let session = TestHost().session()
    #expect(session.help("len")?.hasPrefix("fn len(x) -> Int\n\nHow many") == true)
    #expect(session.help("len")?.hasSuffix("> len(\"über\")\n4") == true)
    #expect(session.help("Classes")?.contains("names of the classes") == true)
    #expect(session.help("while")?.hasPrefix("while condition") == true)
    #expect(session.help("nothing_of_the_kind") == nil)
    #expect(session.help("len.member") == nil)
    #expect(session.help("") == nil)
  }

  @Test func `help prints the help of a value`() {
    let host = TestHost()
    _ = host.session().report("help(abs)\nhelp(grid([1]))\nhelp(3)")
    #expect(host.output.contains("The distance of a number from zero."))
    #expect(host.output.contains("Grid: Grid[1]\n\nmembers: T, fill, shape"))
    #expect(host.output.hasSuffix("Int: 3\n"))
  }

  @Test func `help of nothing lists the words, as wide as they may be`() {
    let host = TestHost()
    host.width = 40
    let report = host.session(prelude: "fn word_of_the_prelude() => 1").report("help()")
    #expect(report.diagnostics.isEmpty)
    #expect(host.output.hasPrefix("`help(name)` says what is known about a name"))
    let lines = host.output.split(separator: "\n").dropFirst()
    #expect(lines.allSatisfy { $0.count <= 40 })
    for word in ["while", "enumerate", "grid", "word_of_the_prelude"] {
      #expect(host.output.contains(word))
    }
  }

  @Test func `every word of the language has a sentence`() {
    for name in TestHost().session().builtinNames {
      switch name.value {
      case .native(let native): #expect(!native.doc.isEmpty, "\(name.name)")
      case .type(let type): #expect(!type.doc.isEmpty, "\(name.name)")
      default: break
      }
    }
  }

  @Test func `the example of every word runs and prints what it says`() throws {
    for name in TestHost().session().builtinNames {
      guard case .native(let native)? = name.value, let example = native.example else { continue }
      let lines = example.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let host = TestHost()
      let session = host.session()
      let report = session.report(lines[0])
      #expect(report.diagnostics.isEmpty, "\(native.name): \(report.messages)")
      var printed = host.output
      if let value = report.value, !value.isNil {
        printed += try session.interpreter.text(of: value)
      }
      #expect(
        printed.trimmed == lines.dropFirst().joined(separator: "\n").trimmed, "\(native.name)")
    }
  }

  @Test func `declarations of natives can be read`() {
    #expect(TestHost().session().brokenNatives == [])
  }

  @Test(arguments: [
    "broken(x", "broken(x: Nothing)", "broken(x = y)", "broken(x) -> ", "broken(x) extra",
  ])
  func `a broken declaration is an error of the call`(_ text: String) {
    var host = TestHost().host()
    host.natives.append(Native(text, "Broken.") { _ in .nil })
    let session = Session(host: host)
    #expect(session.brokenNatives.count == 1)
    let message = session.report("broken(1)").messages.first ?? ""
    #expect(message.hasPrefix("the declaration '\(text)' is broken: "))
  }
}

extension String {
  var trimmed: String {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}
