import Language
import Testing

/// Value semantics without copies: what one variable alone holds is changed in place. Were it copied
/// each time, these loops would move gigabytes; the test only needs to end.
struct OwnershipTests {
  struct Loop: CustomTestStringConvertible {
    let name: String
    let script: String
    let result: String
    var testDescription: String { name }
  }

  static let loops: [Loop] = [
    Loop(
      name: "appending to text",
      script: "var s = \"\"\nfor i in 0..<200_000 { s += \"x\" }\nlen(s)",
      result: "200000"),
    Loop(
      name: "appending to a list", script: "var x = []\nfor i in 0..<200_000 { x += [i] }\nlen(x)",
      result: "200000"),
    Loop(
      name: "writing elements",
      script: "var x = [0] * 100_000\nfor i in 0..<100_000 { x[i] = i }\nx[99_999]",
      result: "99999"),
    Loop(
      name: "appending inside a record",
      script:
        "var r = {items: [], n: 0}\nfor i in 0..<100_000 { r.items += [i]; r.n += 1 }\nlen(r.items) + r.n",
      result: "200000"),
    Loop(
      name: "deep places",
      script: """
        var r = {a: [{b: [0] * 50_000}]}
        for i in 0..<50_000 { r.a[0].b[i] = i; r.a[0].b[i] += 1 }
        r.a[0].b[49_999]
        """,
      result: "50000"),
    Loop(
      name: "captured variables",
      script: """
        fn f() {
          var x = []
          let add = fn(i) { x += [i] }
          for i in 0..<100_000 { add(i) }
          len(x)
        }
        f()
        """,
      result: "100000"),
    Loop(
      name: "variables of a file",
      script: """
        var x = []
        var s = ""
        fn add(i) { x += [i]; s += "ab" }
        for i in 0..<100_000 { add(i) }
        len(x) + len(s)
        """,
      result: "300000"),
    Loop(
      name: "fields of a module",
      script: """
        module M() {
          var x = []
          state log = {lines: []}
          fn add(i) { x += [i]; log.lines += ["l"] }
        }
        let m = M()
        for i in 0..<100_000 { m.add(i) }
        len(m.x) + len(m.log.lines)
        """,
      result: "200000"),
    Loop(
      name: "a variable that a block has looked at",
      script: """
        var x = [0] * 20_000
        for i in 0..<20_000 {
          if true {
            let seen = x
            len(seen)
          }
          x[i] = 1
        }
        sum(x)
        """,
      result: "20000"),
    Loop(
      name: "a record as a dictionary",
      script: "var r = {}\nfor i in 0..<100_000 { r[\"k\\(i)\"] = i }\nlen(r)", result: "100000"),
  ]

  @Test(.timeLimit(.minutes(1)), arguments: loops)
  func `nothing is copied in a loop`(_ loop: Loop) {
    #expect(TestHost().session().show(loop.script) == loop.result)
  }
}
