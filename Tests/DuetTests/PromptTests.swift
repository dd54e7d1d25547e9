import Foundation
import TestSupport
import Testing

@Suite struct PromptTests {
  @Test func `entries and values are numbered, and values stay`() throws {
    let terminal = try Terminal()
    try terminal.expect("In [1]: ")
    terminal.enter("6 * 7")
    try terminal.expect("Out[1]: 42\nIn [2]: ")
    terminal.enter("_ + 1;")
    try terminal.expect("In [3]: ")
    terminal.enter("[_1, _2]")
    try terminal.expect("Out[3]: [42, 43]")
    terminal.enter("nix")
    try terminal.expect("error[name]: 'nix' is not bound")
    terminal.enter(":quit")
    #expect(try terminal.end() == 0)
  }

  @Test func `an unfinished entry goes on in an indented line, and Up edits it`() throws {
    let terminal = try Terminal()
    try terminal.expect("In [1]: ")
    terminal.enter("fn triple(x) {")
    try terminal.expect("   ...:   ")
    terminal.enter("2 * x")
    try terminal.expect("   ...:   ")
    terminal.type("}")
    terminal.type("\u{1B}[A\u{1B}[H\u{1B}[C\u{1B}[C\u{1B}[3~3\u{1B}[B\u{1B}[F\r")
    try terminal.expect("In [2]: ")
    terminal.enter("triple(14)")
    try terminal.expect("Out[2]: 42\nIn [3]: ")
    terminal.type("\u{4}")
    #expect(try terminal.end() == 0)
  }

  @Test func `Tab completes names, labels, keys and files, and twice it lists`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "weights_of_mine.h5")
    let terminal = try Terminal()
    try terminal.expect("In [1]: ")
    terminal.enter(":cd \(folder.path)")
    try terminal.expect("In [2]: ")
    terminal.enter("let record = {alpha: 1, beta: 2}")
    try terminal.expect("In [3]: ")
    terminal.enter("rec\t.al\t + 1")
    try terminal.expect("record.alpha + 1")
    try terminal.expect("Out[3]: 2")
    terminal.enter("fn area(width, height) => width * height")
    try terminal.expect("In [5]: ")
    terminal.enter("area(6, hei\t7)")
    try terminal.expect("area(6, height: 7)")
    try terminal.expect("Out[5]: 42")
    terminal.enter("file_exists(\"wei\t\")")
    try terminal.expect("weights_of_mine.h5")
    try terminal.expect("Out[6]: true")
    terminal.type("load\t\t")
    try terminal.expect("load_clip ")
    // The terminal throws away what it has not yet shown when Ctrl-C is pressed.
    try terminal.expect("In [7]: load")
    terminal.type("\u{3}")
    try terminal.expect("^C\nIn [7]: ")
    terminal.type(":he\t\r")
    try terminal.expect(":vars ")
  }

  @Test func `history is found by its beginning and by search, also at the next start`() throws {
    let folder = try TemporaryFolder()
    let environment = ["DUET_HISTORY": folder.file("state/history.jsonl")]
    let first = try Terminal(environment: environment)
    try first.expect("In [1]: ")
    first.enter("let first = 11")
    try first.expect("In [2]: ")
    first.enter("\"second 漢字\"")
    try first.expect("Out[2]: ")
    first.type("let\u{1B}[A\r")
    try first.expect("let first = 11")
    try first.expect("In [4]: ")
    first.type("\u{4}")
    #expect(try first.end() == 0)
    let attributes = try FileManager.default.attributesOfItem(
      atPath: folder.file("state/history.jsonl"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)

    let next = try Terminal(environment: environment)
    try next.expect("In [1]: ")
    next.type("\u{12}SEC\u{7F}\u{7F}\u{7F}sec")
    try next.expect("second 漢字")
    next.type("\r")
    try next.expect("Out[1]: \"second 漢字\"")
  }

  @Test func `a history that cannot be kept is said once, and help fits the screen`() throws {
    let terminal = try Terminal(environment: ["DUET_HISTORY": "/dev/null/none/file"])
    try terminal.expect("entries will not be kept: the folder '/dev/null/none' cannot be made")
    try terminal.expect("In [1]: ")
    terminal.resize(columns: 40)
    Thread.sleep(forTimeInterval: 0.2)
    terminal.enter("help")
    try terminal.expect(":params [NAME]\n  the parameters of a module, or of all\n    you have\n")
    terminal.type("fit(\t\t")
    try terminal.expect("method:")
    terminal.type("\u{3}")
  }

  @Test func `Ctrl-C gives an entry up, and stops an evaluation whose values stay`() throws {
    let terminal = try Terminal()
    try terminal.expect("In [1]: ")
    terminal.type("let half =\u{3}")
    try terminal.expect("^C")
    try terminal.expect("In [1]: ")
    terminal.enter("var count = 0")
    try terminal.expect("In [2]: ")
    terminal.enter("while true { count += 1 }")
    Thread.sleep(forTimeInterval: 0.3)
    terminal.type("\u{3}")
    try terminal.expect("error[interrupted]: interrupted")
    try terminal.expect("In [3]: ")
    terminal.enter("count > 100")
    try terminal.expect("Out[3]: true")
  }

  @Test func `a paste of hundreds of lines is one entry that waits for Enter`() throws {
    let terminal = try Terminal()
    try terminal.expect("In [1]: ")
    let lines = (0..<300).map { "let v\($0) = \($0)  # ünï 漢字 🎉" }
    terminal.type("\u{1B}[200~" + lines.joined(separator: "\n") + "\n\u{1B}[201~")
    try terminal.expect("more lines above")
    #expect(!terminal.text.contains("In [2]"))
    terminal.type("\r")
    try terminal.expect("In [2]: ")
    terminal.enter("v299 + v0")
    try terminal.expect("Out[2]: 299")
  }

  @Test func `a pasted transcript is run without its prompts and outputs`() throws {
    let terminal = try Terminal()
    try terminal.expect("In [1]: ")
    terminal.type("\u{1B}[200~In [1]: let q = 4\r\nIn [2]: q * 2\r\nOut[2]: 8\r\n\u{1B}[201~\r")
    try terminal.expect("Out[1]: 8")
  }

  @Test func `another size of the window keeps the entry`() throws {
    let terminal = try Terminal()
    try terminal.expect("In [1]: ")
    terminal.type("\"\(String(repeating: "漢", count: 40))")
    try terminal.expect("漢")
    terminal.resize(columns: 50)
    Thread.sleep(forTimeInterval: 0.2)
    terminal.enter("\" == \"\(String(repeating: "漢", count: 40))\"")
    try terminal.expect("Out[1]: true")
  }

  @Test func `NO_COLOR leaves colours out, and a dumb terminal gets no escape sequence`() throws {
    let plain = try Terminal(environment: ["NO_COLOR": "1"])
    try plain.expect("In [1]: ")
    plain.enter("nix")
    try plain.expect("In [2]: ")
    #expect(!plain.bytes.contains(sequence: "\u{1B}[3"))
    let dumb = try Terminal(environment: ["TERM": "dumb"])
    try dumb.expect("In [1]: ")
    dumb.enter("fn f() {")
    dumb.enter("7 }")
    try dumb.expect("In [2]: ")
    dumb.enter("f()")
    try dumb.expect("Out[2]: 7\nIn [3]: ")
    dumb.type("\u{4}")
    #expect(try dumb.end() == 0)
    #expect(!dumb.bytes.contains(0x1B))
  }

  @Test func `a third Ctrl-C ends the program at once`() throws {
    let terminal = try Terminal()
    try terminal.expect("In [1]: ")
    terminal.enter("let l = split(\"a b c d e f g h i j k l m n o p q r s t\", \" \")")
    try terminal.expect("In [2]: ")
    terminal.enter(
      "fn word(i) => l[i % 20] + l[i // 20 % 20] + l[i // 400 % 20] + l[i // 8000 % 20]")
    try terminal.expect("In [3]: ")
    terminal.enter("let words = map(0..<80000, word)")
    try terminal.expect("In [4]: ")
    // One long built-in word that looks at nothing until it is done: half a minute of work.
    terminal.enter("train_vocabulary(words, 2000)")
    Thread.sleep(forTimeInterval: 1)
    // Two of the same signal are one when the program has had no time to take the first.
    terminal.type("\u{3}")
    Thread.sleep(forTimeInterval: 0.3)
    terminal.type("\u{3}")
    try terminal.expect("still stopping: In [4]")
    terminal.type("\u{3}")
    #expect(try terminal.end() == 130)
  }
}

extension [UInt8] {
  fileprivate func contains(sequence text: String) -> Bool {
    String(decoding: self, as: UTF8.self).contains(text)
  }
}
