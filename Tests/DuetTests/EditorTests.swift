import Foundation
import TestSupport
import Testing
import duet

@Suite struct EditorTests {
  private static func keys(_ bytes: some Sequence<UInt8>) -> [Key] {
    var decoder = KeyDecoder()
    var keys = bytes.compactMap { decoder.take($0) }
    if let last = decoder.pause() { keys.append(last) }
    return keys
  }

  @Test(arguments: [
    ("aß漢🎉", [Key.character("a"), .character("ß"), .character("漢"), .character("🎉")]),
    ("\r\n\u{1B}\r\t", [.enter, .enter, .altEnter, .tab]),
    ("\u{1}\u{4}\u{7F}\u{8}", [.control("a"), .control("d"), .backspace, .backspace]),
    ("\u{1B}[A\u{1B}OB\u{1B}[1;5C\u{1B}[3~", [.up, .down, .wordRight, .delete]),
    ("\u{1B}b\u{1B}\u{7F}", [.alt("b"), .alt("\u{7F}")]),
    ("\u{1B}", [.escape]),
    ("\u{1B}[99;7;8zx\u{1B}[<0;1;2My", [.character("x"), .character("y")]),
    ("\u{1B}[200~a\u{1B}[Ab\r\u{1B}[201~c", [.paste("a\u{1B}[Ab\r"), .character("c")]),
  ])
  func `bytes of a terminal are keys`(_ text: String, _ keys: [Key]) {
    #expect(Self.keys(text.utf8) == keys)
  }

  @Test func `a broken character is nobody's key and costs no other`() {
    #expect(Self.keys([0xE6, 0xBC, 0x61, 0xFF, 0x62, 0xC3]) == [.character("a"), .character("b")])
  }

  @Test func `random bytes are keys of some kind`() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let bytes = (0..<50).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(Self.keys(bytes).count <= bytes.count)
    }
  }

  @Test func `a new line is indented behind a bracket, and a closing one takes it back`() {
    var entry = Entry("fn f() {")
    entry.breakLine()
    entry.type("x")
    entry.breakLine()
    entry.type("}")
    #expect(entry.text == "fn f() {\n  x\n}")
  }

  @Test func `Up and Down keep their column across shorter lines`() {
    var entry = Entry("abcdef\n漢\nuvwxyz", cursor: 14)
    #expect(entry.cursor == 14)
    let moved = [entry.moveLine(-1), entry.moveLine(-1), entry.moveLine(-1)]
    #expect(moved == [true, true, false])
    #expect(entry.before == "abcde")
  }

  @Test func `one key removes one character as people see it`() {
    var entry = Entry("e\u{301}👩‍👩‍👧漢")
    entry.eraseBackward()
    entry.eraseBackward()
    #expect(entry.text == "e\u{301}")
    entry.eraseBackward()
    #expect(entry.isEmpty)
  }

  @Test func `the view of an entry fits its screen and shows the cursor`() {
    let lines = (0..<100).map { "line \($0)" }.joined(separator: "\n")
    let frame = EntryView.Frame(promptWidth: 8, columns: 40, rows: 10)
    for cursor in stride(from: 0, through: lines.count, by: 37) {
      let view = EntryView(Entry(lines, cursor: cursor), in: frame)
      #expect(view.text.split(separator: "\n").count <= 10)
      #expect((0...view.text.unicodeScalars.count).contains(view.cursor))
    }
    let long = EntryView(Entry(String(repeating: "漢", count: 5000)), in: frame)
    #expect(long.text.count * 2 <= 400 && long.text.hasPrefix("…"))
  }

  @Test func `history walks through entries that begin alike and comes back`() {
    var history = History(["let a = 1", "print(a)", "let b = 2"])
    let draft = Entry("let")
    #expect(history.step(-1, from: draft)?.text == "let b = 2")
    #expect(history.step(-1, from: Entry("let b = 2"))?.text == "let a = 1")
    #expect(history.step(-1, from: Entry("let a = 1")) == nil)
    #expect(history.step(1, from: Entry("let a = 1"))?.text == "let b = 2")
    #expect(history.step(1, from: Entry("let b = 2")) == draft)
    #expect(history.search("PRINT", before: 3) == nil)
    #expect(history.search("print", before: 3) == 1)
  }

  @Test(arguments: [
    ("x\r\ny\r\n", "x\ny"),
    (
      "In [1]: let q = 4\n\nOut[1]: 4\nIn [12]: fn f() {\n    ...:   q\n    ...: }\n",
      "let q = 4\nfn f() {\n  q\n}"
    ),
    ("> f(1)\n1\n> f(2)\n2", "f(1)\nf(2)"),
    ("a > b\n> c", "a > b\n> c"),
    ("", ""),
  ])
  func `a paste is its text without the prompts of a transcript`(_ paste: String, _ text: String) {
    #expect(PastedText.text(paste) == text)
  }

  @Test func `prose is filled anew for a narrow terminal and examples stay`() {
    let text = "one two three four five\nsix seven\n\n> example(of, something, long)\n1"
    #expect(
      Fitting.wrapped(text, to: 22)
        == "one two three four\nfive six seven\n\n> example(of, something, long)\n1")
    #expect(Fitting.cut("a漢漢", to: 4) == "a漢")
    #expect(
      Fitting.wrapped("  by: one two three four\n    code = of(some, length)", to: 22)
        == "  by: one two three\n    four\n    code = of(some, length)")
    #expect(
      Fitting.wrapped("name    shape\nctx     [M, d], shared by all", to: 22)
        == "name    shape\nctx [M, d], shared by\n  all")
    #expect(Fitting.table(["a", "bc"], ["one two", "three"], to: 40) == "a   one two\nbc  three")
    #expect(
      Fitting.table(["a"], ["one two three four five"], to: 22)
        == "a\n  one two three four\n    five")
  }

  @Test(arguments: [
    (30, "training CoOp 1524/45000"), (22, "training C… 1524/45000"), (21, "training… 1524/45000"),
    (11, "1524/45000"),
    (10, "1524/45000"), (9, "training"),
  ])
  func `a number is never cut, its title gives way`(_ width: Int, _ line: String) {
    #expect(Fitting.line("training CoOp", "1524/45000", to: width) == line)
  }

  @Test func `the history file passes over what it cannot read, and is shared`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a/b/history.jsonl")
    let one = HistoryFile(path: path, session: "1")
    let two = HistoryFile(path: path, session: "2")
    #expect(one.read() == [])
    one.append("let a = \"ü\n漢\"", ok: true)
    two.append("second", ok: false)
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data("{broken\n\u{FF}\n".utf8))
    try file.close()
    one.append("third", ok: true)
    #expect(two.read() == ["let a = \"ü\n漢\"", "second", "third"])
    #expect(one.obstacle() == nil)
    #expect(HistoryFile(path: "", session: "3").obstacle() == nil)
    let lost = HistoryFile(path: "/dev/null/none/file", session: "3")
    lost.append("lost", ok: true)
    #expect(lost.obstacle() == "the folder '/dev/null/none' cannot be made")
    #expect(
      HistoryFile(path: folder.path, session: "3").obstacle()
        == "'\(folder.path)' cannot be written: is a directory")
  }
}
