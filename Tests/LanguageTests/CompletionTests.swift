import Language
import Testing

/// What Tab offers.
struct CompletionTests {
  private func session() -> Session {
    let host = TestHost()
    host.files["own.duet"] = "let alpha = 1\nfn beta() => 2"
    let session = host.session(
      prelude: "## Made for tests.\nfn prelude_word(depth, width = 2) => 1")
    _ = session.report(
      """
      let record = {learning_rate: 1, "a b": 2, nested: {inner: 3}}
      let shape = grid([2, 3])
      module Method(classes, n_ctx = 4) { let width = 1
        fn logits(images) => 1 }
      let method = Method([])
      fn train(method, epochs = 1, batch = 2) => 1
      print("ran")
      """)
    return session
  }

  /// The candidates at the mark `|`.
  private func complete(_ marked: String) -> [String] {
    let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let text = parts.joined()
    return session().completions(in: text, at: parts[0].utf8.count).candidates.map(\.text)
  }

  @Test func `names of the session, the host and the language`() {
    #expect(complete("let x = rec|").contains("record"))
    #expect(complete("prelu|") == ["prelude_word"])
    #expect(complete("gri|") == ["grid"])
    #expect(complete("whi|") == ["while"])
    #expect(complete("ENUM|") == ["enumerate"])
    #expect(complete("zzz|") == [])
  }

  @Test func `names of the text itself`() {
    let text = "fn outer(argument_one, b: [n, d], argument_two = 3) {\n  let local_name = 1\n  "
    #expect(complete(text + "loc|") == ["local_name"])
    #expect(complete(text + "arg|") == ["argument_one", "argument_two"])
    #expect(complete(text + "out|") == ["outer"])
  }

  @Test func `what a module includes is offered with its own members`() {
    let text = """
      module Part(scale) { let views = 2
        fn logits(images) => 1 }
      module Whole() { include part = Part(1)
        let views = 3 }
      let whole = Whole()
      """
    let session = session()
    _ = session.report(text)
    let found = session.completions(in: "whole.", at: 6).candidates.map(\.text)
    #expect(found == ["part", "views", "logits", "scale", "parameters", "frozen", "state"])
    #expect(complete("module M() {\n  incl|") == ["include"])
    #expect(complete("module M() {\n  include prompted = 1\n  let x = promp|") == ["prompted"])
  }

  @Test func `members of known values`() {
    #expect(complete("record.|") == ["learning_rate", "a b", "nested"])
    #expect(complete("record.le|") == ["learning_rate"])
    #expect(complete("record.nested.|") == ["inner"])
    #expect(complete("shape.|").contains("T"))
    #expect(
      complete("method.|") == [
        "width", "logits", "classes", "n_ctx", "parameters", "frozen", "state", "for",
      ])
    #expect(complete("unknown.|") == [])
    #expect(complete("f(x).|") == [])
    #expect(complete("print(shape.fi|)") == ["fill"])
  }

  @Test func `labels of the function being called`() {
    #expect(complete("train(method, ep|") == ["epochs:"])
    #expect(complete("train(|") == ["method:", "epochs:", "batch:"])
    #expect(complete("train( |)") == ["method:", "epochs:", "batch:"])
    #expect(complete("train(me|").starts(with: ["method:", "method"]))
    #expect(complete("unknown(|").contains("record"))
    #expect(complete("Method(n_|") == ["n_ctx:"])
    #expect(complete("method.logits(ima|") == ["images:"])
    #expect(complete("sorted([1, (2)], desc|") == ["descending:"])
    #expect(complete("prelude_word(dep|") == ["depth:"])
    #expect(!complete("train([ep|").contains("epochs:"))
  }

  @Test func `keys in an index`() {
    #expect(complete("record[\"le|") == ["learning_rate"])
    #expect(complete("record[\"|") == ["learning_rate", "a b", "nested"])
  }

  @Test func `paths of imports and files`() {
    #expect(complete("import methods.c|") == ["methods.coop"])
    #expect(complete("import |") == ["methods.coop", "methods.maple", "losses"])
    #expect(complete("import \"own.duet\": al|") == ["alpha"])
    #expect(complete("let x = load(\"data/o|") == ["data/own.h5"])
  }

  @Test func `the range covers what was typed`() {
    let completion = session().completions(in: "let é = rec", at: 12)
    #expect(completion.range == 9..<12)
    let path = session().completions(in: "import methods.c", at: 16)
    #expect(path.range == 7..<16)
  }

  @Test(arguments: [
    "", "(", "\"", "\"\\(", ".", "..", "x.", "x..y", "import", "import \"", "import a.b:", "{",
    "[\"",
    "let", "fn (", "fn f(", "日本", "x.日", "\u{0}", "# comment x.", "\"\"\"", ")", "record[",
    "record[[\"",
  ])
  func `a broken text never fails`(_ text: String) {
    let session = session()
    for offset in -1...text.utf8.count + 1 { _ = session.completions(in: text, at: offset) }
  }
}
