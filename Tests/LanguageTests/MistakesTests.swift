import Foundation
import Language
import Testing

/// Scripts with planted mistakes, marked with a caret comment below: every diagnostic must name the
/// right line and column, and there must be no others.
struct MistakesTests {
  /// What does not parse. The mark `^` stands under the column that must be named.
  private static let syntax = """
    let a = 5 &&  6
    #         ^
    let b = (1 + 2
    #             ^
    let c = [1, 2
    #            ^
    let d = "text
    #       ^
    if a = 3 { }
    #    ^
    for i on a { }
    #     ^
    let e = f(1 2)
    #           ^
    let f = {x: 1, x: 2}
    #              ^
    let 5 = 3
    #   ^
    let g = 1 < 2 < 3
    #             ^
    let h = 99999999999999999999
    #       ^
    let i = 3 +
    #          ^
    let j = x[]
    #        ^
    fn k(a, a) => a
    #       ^
    fn l(a = 1, b) => a
    #           ^
    fn m(x: [n, ..., ...]) => x
    #                ^
    1 + 1 = 2
    # 1
    let n = 'text'
    #       ^
    def o(x)
    # 1
    let p = q(x: 1, 2)
    #               ^
    let r = 5 $ 2
    #         ^
    import methods.coop: A, B as c
    #                         ^
    let if = 3
    #   ^
    """

  /// What parses but does not resolve.
  private static let names = """
    let a = unknown
    #       ^
    let b = pritn(a)
    #       ^
    let a = 3
    #   ^
    b = 4
    # 1
    len = 5
    # 1
    fn f(x) { x = 2 }
    #         ^
    fn g(x: Itn) => x
    #       ^
    fn h(x: [n + 1]) => x
    #        ^
    break
    # 1
    return 3
    # 1
    param w = 1
    # 1
    for i in a { i += 1 }
    #            ^
    print(later)
    #     ^
    let later = 1
    module M() { module N() { } }
    #                   ^
    module P() { let x = 1
      fn set() { x = 2 }
    #            ^
    }
    let c = "\\(missing)"
    #          ^
    let d = fn(x) => y
    #                ^
    let [e, e2] = undefined_list
    #             ^
    var s = [1]
    s[wrong] = 1
    # 3
    if a { import "own.duet" }
    #      ^
    """

  @Test func `twenty mistakes of syntax are all found where they are`() {
    check(Self.syntax, atLeast: 20)
  }

  @Test func `mistakes of names are all found where they are`() {
    check(Self.names, atLeast: 18)
  }

  private func check(_ marked: String, atLeast count: Int) {
    let lines = marked.components(separatedBy: "\n")
    var expected: [String] = []
    for (index, line) in lines.enumerated() where line.hasPrefix("#") {
      if let caret = line.firstIndex(of: "^") {
        expected.append("\(index):\(line.distance(from: line.startIndex, to: caret) + 1)")
      } else {
        let column = line.filter(\.isNumber)
        expected.append("\(index):\(column)")
      }
    }
    let host = TestHost()
    host.files = ["own.duet": "let x = 1"]
    let report = host.session().report(marked)
    var found: [String] = []
    for diagnostic in report.diagnostics {
      found.append("\(diagnostic.line):\(diagnostic.column)")
    }
    #expect(expected.count >= count)
    #expect(found.filter { !expected.contains($0) } == [], "\(report.messages)")
    #expect(expected.filter { !found.contains($0) } == [], "\(report.messages)")
  }
}
