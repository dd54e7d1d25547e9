import Foundation
import Language
import TestSupport
import Testing

/// How diagnostics look: each snapshot holds a script and what is drawn for it.
struct DiagnosticTests {
  struct Sample: CustomTestStringConvertible {
    let name: String
    let script: String
    var files: [String: String] = [:]
    var testDescription: String { name }
  }

  static let samples: [Sample] = [
    Sample(
      name: "shape_of_an_argument",
      script: """
        module Method() {
          fn logits(images: [B, 3, H, W]) -> [B, 2] => grid([B, 2])
        }
        let method = Method()
        let photo = grid([224, 224, 3])
        let f = method.logits(photo)
        """),
    Sample(
      name: "dimension_bound_in_the_same_call",
      script: """
        fn similarity(img: [n, d], txt: [c, d]) -> [n, c] => grid([n, c])
        let p = similarity(grid([2, 512]), grid([37, 768]))
        """),
    Sample(
      name: "dimension_bound_on_another_line",
      script: """
        fn similarity(img: [n, d], txt: [c, d]) -> [n, c] => grid([n, c])
        similarity(
          grid([2, 512]),
          txt: grid([37, 768]),
        )
        """),
    Sample(
      name: "dimension_of_a_module",
      script: """
        module M(classes: Classes) {
          param ctx: [n, d] = grid([4, 512])
          fn logits(x: [B, d]) -> [B, C] => grid([B, C])
        }
        M(["a"]).logits(grid([1, 768]))
        """),
    Sample(
      name: "result",
      script: """
        fn f(x: [n, d]) -> [d, n] {
          return x
        }
        f(grid([2, 3]))
        """),
    Sample(
      name: "chain_of_calls",
      script: """
        fn inner(x) => x.width
        fn middle(x) {
          let y = inner(x)
          y
        }
        fn outer() => map([1], middle)
        outer()
        """),
    Sample(
      name: "library_is_folded",
      script: """
        import losses: total
        fn train() => total([1, "a"])
        train()
        """,
      files: [
        "losses.duet": """
        fn add(a, b) => a + b
        fn total(xs) => reduce(xs, 0, add)
        """
      ]),
    Sample(
      name: "endless_recursion",
      script: """
        fn f(n) => g(n) + 1
        fn g(n) => f(n + 1)
        f(0)
        """),
    Sample(
      name: "undefined_names",
      script: """
        let values = [1, 2]
        print(valeus)
        if true {
          let hidden = 1
        }
        hidden + missing
        """),
    Sample(
      name: "wide_characters_and_tabs",
      script: """
        \tlet x = ["日本語", "é", "👩‍👩‍👧", 5 + nil]
        """),
    Sample(
      name: "control_characters",
      script: "let x = \"a\u{1B}[31mb\u{0}\" + 1"),
    Sample(
      name: "very_long_line",
      script: "let x = [\(Array(repeating: "1", count: 300).joined(separator: ", ")), 1 + nil]"),
    Sample(
      name: "error_over_several_lines",
      script: """
        let x = [
          1,
          2,
        ] + 1
        """),
    Sample(
      name: "broken_import",
      script: "import \"own.duet\": a",
      files: ["own.duet": "let a = 1\nlet b = )\n"]),
    Sample(name: "unfinished_string", script: "print(\"abc)\nprint(1)"),
    Sample(name: "unclosed_bracket", script: "let x = f(1, [2, 3)\nlet y = 2"),
    Sample(
      name: "thrown_record",
      script: "throw {code: \"settings\", message: \"there is no protocol 'x'\", help: \"use `y`\"}"
    ),
    Sample(
      name: "host_advice",
      script: """
        fn f(x: [1, 3, H, W]) => x
        f(grid([3, 8, 8]))
        """),
    Sample(
      name: "wrong_type_of_a_host",
      script: """
        fn f(classes: Classes) => C
        f("circle")
        """),
    Sample(
      name: "nested_assignment",
      script: """
        var r = {a: [1, 2]}
        r.a[7] = 1
        """),
  ]

  @Test(arguments: samples)
  func `a diagnostic is drawn as before`(_ sample: Sample) {
    let host = TestHost()
    host.files = sample.files
    let report = host.session().report(sample.script, name: "sample.duet")
    #expect(!report.diagnostics.isEmpty)
    let drawing = DiagnosticRenderer().render(report.diagnostics)
    let text = "\(sample.script)\n\n--------\n\n\(drawing)\n"
    let difference = Snapshot.difference(text, "\(sample.name).txt")
    #expect(difference == nil, Comment(rawValue: difference ?? ""))
  }

  @Test func `colours are the only difference of a coloured drawing`() throws {
    let report = TestHost().session().report("1 + nil")
    let plain = DiagnosticRenderer().render(report.diagnostics)
    let colored = DiagnosticRenderer(usesColor: true).render(report.diagnostics)
    #expect(colored.contains("\u{1B}[1;31m"))
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  struct Width: CustomTestStringConvertible {
    let text: String
    let columns: Int
    var testDescription: String { text }
  }

  @Test(arguments: [
    Width(text: "abc", columns: 3), Width(text: "日本", columns: 4), Width(text: "é", columns: 1),
    Width(text: "e\u{301}", columns: 1), Width(text: "👩‍👩‍👧", columns: 2),
    Width(text: "한글", columns: 4),
    Width(text: "\u{200B}x", columns: 1), Width(text: "ｆ", columns: 2), Width(text: "", columns: 0),
  ])
  func `characters take the columns of a terminal`(_ width: Width) {
    #expect(DisplayWidth.of(width.text) == width.columns)
  }
}
