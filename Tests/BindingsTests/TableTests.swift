import Bindings
import Foundation
import Language
import TestSupport
import Testing

/// Tables as they are printed and given away.
@Suite struct TableTests {
  private let table = TableValue(
    head: ["synthetic: Shapes world"],
    [
      .init("set", [Value("鳥"), Value("a|b_c"), Value("50% & \"x\", {y}")]),
      .init("n", [.int(1), .int(22), .int(333)]),
      .init("mean", [Value("75.50 ± 15.26"), Value("8.25 ± 0.50"), .nil]),
      .init("hm", [.float(1.0 / 3), .float(100), .float(.nan)], marks: ["*", "", ""]),
    ], notes: ["* doubted"])

  @Test func `points stand below each other, and wide letters take two columns`() {
    #expect(
      table.display(width: 80) == """
        synthetic: Shapes world

        set               n           mean       hm
        鳥                1  75.50 ± 15.26    0.33*
        a|b_c            22   8.25 ±  0.50  100.00
        50% & "x", {y}  333              –        –

        * doubted
        """)
  }

  @Test func `columns that do not fit go on below, beside those that name the row`() {
    let lines = table.display(width: 36).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 36 })
    #expect(lines.count { $0.hasPrefix("set ") } == 2)
    #expect(lines.count { $0.hasPrefix("a|b_c ") } == 2)
    #expect(!table.display(width: 36).contains("too narrow"))
    #expect(table.display(width: 1).contains("100.00"))
  }

  @Test func `Markdown escapes what it would obey`() {
    #expect(
      table.markdown == """
        synthetic: Shapes world

        | set | n | mean | hm |
        | :--- | ---: | ---: | ---: |
        | 鳥 | 1 | 75.50 ± 15.26 | 0.33\\* |
        | a\\|b\\_c | 22 | 8.25 ± 0.50 | 100.00 |
        | 50% &amp; "x", {y} | 333 | – | – |

        \\* doubted

        """)
  }

  @Test func `LaTeX is a table of booktabs with the head as its caption`() {
    #expect(
      table.latex == #"""
        % needs \usepackage{booktabs}
        % synthetic: Shapes world
        \begin{table}[htbp]
          \centering
          \caption{synthetic: Shapes world}
          \begin{tabular}{lrrr}
            \toprule
            set & n & mean & hm \\
            \midrule
            鳥 & 1 & 75.50 $\pm$ 15.26 & 0.33\textsuperscript{*} \\
            a\textbar{}b\_c & 22 & 8.25 $\pm$ 0.50 & 100.00 \\
            50\% \& \textquotedbl{}x\textquotedbl{}, \{y\} & 333 & -- & -- \\
            \bottomrule
          \end{tabular}
          \par\footnotesize * doubted
        \end{table}

        """#)
  }

  @Test func `CSV has all digits, a column of marks, and the head in each row`() {
    #expect(
      table.commaSeparated
        == [
          "set,n,mean,hm,hm_mark,about",
          "鳥,1,75.50 ± 15.26,0.3333333333333333,*,synthetic: Shapes world",
          "a|b_c,22,8.25 ± 0.50,100.0,,synthetic: Shapes world",
          "\"50% & \"\"x\"\", {y}\",333,,,,synthetic: Shapes world", "",
        ].joined(separator: "\r\n"))
  }

  @Test func `nothing that a terminal obeys comes through`() {
    let table = TableValue(head: ["a\u{1B}[31m"], [.init("b\r\n", [Value("\u{1B}]0;x")])])
    for text in [table.display(width: 80), table.markdown, table.latex] {
      #expect(!text.unicodeScalars.contains("\u{1B}") && !text.unicodeScalars.contains("\r"))
    }
  }

  @Test func `a result of drawn data says so in every form`() throws {
    let folder = try TemporaryFolder()
    try TestEngine().printed(
      """
      let r = results({algorithm: ["A"], seed: [1, 2]}, {data_kind: "synthetic", model: "mini"})
      r.put(0, {hm: 1.5})
      for ending in ["md", "tex", "csv"] {
        export(r, "\(folder.path)/r." + ending)
        export(r.table, "\(folder.path)/t." + ending)
      }
      """)
    for name in try folder.names {
      #expect(
        try String(contentsOfFile: folder.file(name), encoding: .utf8).contains("synthetic"),
        "\(name)")
    }
    #expect(try folder.names.count == 6)
  }
}
