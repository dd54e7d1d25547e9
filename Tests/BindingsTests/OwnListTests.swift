import Foundation
import TestSupport
import Testing

/// A user's own pictures in a list, and draws in files.
struct OwnListTests {
  private let folder: TemporaryFolder
  private let engine: TestEngine

  init() throws {
    folder = try TemporaryFolder()
    engine = try TestEngine()
    for name in ["a", "b"] {
      for number in 0..<10 {
        try DatasetLayouts.write(DatasetLayouts.picture, folder.file("photos/\(name)\(number).png"))
      }
    }
  }

  private func rows(_ name: String, _ label: Int, _ class: String, _ numbers: Range<Int>) -> String
  {
    numbers.map { "[\"\(name)\($0).png\", \(label), \"\(`class`)\"]" }.joined(separator: ", ")
  }

  private func said(_ code: String) throws -> String {
    try engine.printed(
      """
      try { \(code) } catch e { print(e.message) }
      """
    ).joined(separator: "|").replacing(folder.path, with: "ROOT")
  }

  @Test func `a split file is found with its pictures beside or below it`() throws {
    let text = """
      {"train": [\(rows("b", 0, "bee", 0..<4)), \(rows("a", 1, "ant", 0..<4))],
       "test": [\(rows("a", 1, "ant", 4..<10))]}
      """
    try folder.write(text, to: "split_zhou_own.json")
    try folder.write(text, to: "photos/list.json")
    for opening in [
      "dataset(\"\(folder.file("split_zhou_own.json"))\")",
      "dataset(\"\(folder.path)\")",
      "dataset(\"\(folder.file("photos/list.json"))\")",
      "dataset(\"\(folder.file("split_zhou_own.json"))\", root: \"\(folder.file("photos"))\")",
    ] {
      try engine.printed("let data = \(opening)")
      #expect(
        try engine.printed("print(data.classes, data.kind, data.origin, data.train.names[0])") == [
          "[\"bee\", \"ant\"] own own list b0.png"
        ])
    }
  }

  @Test func `the digest covers the list`() throws {
    var digests: Set<String> = []
    for range in [0..<4, 0..<5] {
      try folder.write(
        "{\"train\": [\(rows("a", 0, "ant", range)), \(rows("b", 1, "bee", 0..<4))]}",
        to: "list.json")
      digests.insert(
        try engine.printed("print(dataset(\"\(folder.file("list.json"))\").digest)")[0])
    }
    #expect(digests.count == 2)
  }

  @Test func `a table with classes is split by the seed, and one with parts is not`() throws {
    let rows = ["a", "b"].flatMap { name in (0..<10).map { "photos/\(name)\($0).png,\(name)x" } }
    try folder.write("path,class\n" + rows.joined(separator: "\n"), to: "own.csv")
    try engine.printed("let data = dataset(\"\(folder.file("own.csv"))\", seed: 5)")
    #expect(
      try engine.printed(
        "print(data.classes, data.origin, data.train.count, data.val.count, data.test.count)") == [
          "[\"ax\", \"bx\"] own split 10 4 6"
        ])
    let parts = rows.enumerated().map {
      "\($1.replacing("ax", with: "\"a \"\"x\"\"\"")),\($0 % 2 == 0 ? "train" : "test")"
    }
    try folder.write(
      "\u{FEFF}path,class,split\r\n" + parts.joined(separator: "\r\n") + "\r\n", to: "own.csv")
    try engine.printed("let parted = dataset(\"\(folder.file("own.csv"))\")")
    #expect(
      try engine.printed("print(parted.classes, parted.origin, parted.test.names[0])") == [
        "[\"a \\\"x\\\"\", \"bx\"] own list photos/a1.png"
      ])
  }

  @Test func `a picture under two labels is refused, and one that is repeated is told`() throws {
    let photos = folder.file("photos")
    func opened(_ text: String) throws -> String {
      try folder.write(text, to: "list.json")
      return try said(
        "print(dataset(\"\(folder.file("list.json"))\", root: \"\(photos)\").train.count)")
    }
    #expect(
      try opened("{\"train\": [[\"a0.png\", 0, \"x\"], [\"a0.png\", 1, \"y\"]]}")
        == "ROOT/list.json: 1 pictures have several labels in train: a0.png (0, 1)")
    #expect(
      try opened("{\"train\": [[\"a0.png\", 0, \"x\"], [\"a0.png\", 0, \"x\"]]}").contains("2"))
    #expect(
      engine.notices.contains { $0.contains("1 pictures are in their part more than once: a0.png") }
    )
    for path in ["./a0.png", "../photos/a0.png", "b//a0.png", "a0.png\\u0000.png"] {
      #expect(
        try opened("{\"train\": [[\"\(path)\", 0, \"x\"]]}").contains(
          "have a NUL, or a folder that is empty, `.` or `..`"), "\(path)")
    }
  }

  @Test func `val is the test set also by links and in another order`() throws {
    for name in ["a", "b"] {
      for part in ["train", "val", "test"] {
        try FileManager.default.createDirectory(
          atPath: folder.file("own/\(part)/\(name)"), withIntermediateDirectories: true)
      }
      for number in 0..<3 {
        try DatasetLayouts.write(
          DatasetLayouts.picture, folder.file("own/train/\(name)/\(number).png"))
        try DatasetLayouts.write(
          DatasetLayouts.picture, folder.file("own/test/\(name)/\(number).png"))
        try FileManager.default.createSymbolicLink(
          atPath: folder.file("own/val/\(name)/\(9 - number).png"),
          withDestinationPath: folder.file("own/test/\(name)/\(number).png"))
      }
    }
    #expect(try said("print(dataset(\"\(folder.file("own"))\").val_is_test)") == "true")
    try FileManager.default.removeItem(atPath: folder.file("own/train/a/0.png"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("own/train/a/0.png"),
      withDestinationPath: folder.file("own/test/a/0.png"))
    _ = try said("dataset(\"\(folder.file("own"))\")")
    #expect(
      engine.notices.contains {
        $0.contains("1 training pictures are in val or test, too: train/a/0.png")
      })
  }

  @Test func `another draw is kept, and an empty one is refused`() throws {
    let file = folder.file("draw.json")
    let draw = { (seed: Int) in
      "dataset(\"fields\").train.few_shot(1, seed: \(seed)).save_draw(\"\(file)\")"
    }
    #expect(try said(draw(1)) == "" && said(draw(1)) == "")
    #expect(try said(draw(2)) == "'ROOT/draw.json' holds another draw")
    #expect(try said(draw(2).replacing("json\")", with: "json\", overwrite: true)")) == "")
    try folder.write(
      "{\"duet_draw\": 1, \"part\": \"train\", \"items\": []}", to: "empty.json")
    #expect(
      try said("dataset(\"fields\").train.few_shot_from(\"\(folder.file("empty.json"))\")")
        == "ROOT/empty.json: no pictures are listed")
  }

  @Test func `faults of a list name the file and what is wrong`() throws {
    let file = folder.file("list.json")
    func said(of text: String) throws -> String {
      try folder.write(text, to: "list.json")
      return try self.said("dataset(\"\(file)\", root: \"\(folder.file("photos"))\")")
    }
    let ant = rows("a", 0, "ant", 0..<4)
    #expect(
      try said(of: "{\"train\": [\(ant), \(rows("b", 3, "bee", 0..<2))]}")
        == "ROOT/list.json: the largest label is 3, and 2 below it have no pictures: 1, 2")
    #expect(
      try said(of: "{\"train\": [\(ant), [\"b0.png\", 9000000000000000000, \"x\"]]}").hasPrefix(
        "ROOT/list.json: the largest label is 9000000000000000000"))
    #expect(
      try said(of: "{\"train\": [\(ant), \(rows("b", 0, "bee", 0..<2))]}")
        == "ROOT/list.json: 1 labels have several names: 0 (ant, bee)")
    #expect(
      try said(of: "{\"train\": [\(ant)], \"test\": [\(rows("b", 1, "bee", 0..<2))]}")
        == "ROOT/list.json: 1 labels are not among the training pictures: 1 (bee)")
    #expect(
      try said(of: "{\"train\": [\(rows("a", 0, "", 0..<4))]}")
        == "ROOT/list.json: 1 labels have no name: 0")
    #expect(
      try said(of: "{\"train\": [[\"a0.png\", -1, \"x\"]]}")
        == "ROOT/list.json: labels count from 0, and there are -1")
    #expect(
      try said(of: "{\"train\": [[\"/etc/a.png\", 0, \"x\"]]}")
        == "ROOT/list.json: 1 paths are empty or not below the folder of the pictures: /etc/a.png")
    #expect(
      try said(of: "{\"train\": [[\"zz.png\", 0, \"x\"]]}")
        == "ROOT/list.json: 1 of 1 pictures are missing in 'ROOT/photos': zz.png")
    #expect(
      try said(of: "{\"training\": []}")
        == "ROOT/list.json: it holds 'training' beside train, val and test")
    #expect(
      try said(of: "{\"train\": [[\"a0.png\", 0.5, \"x\"]]}")
        == "ROOT/list.json: it holds `train[0]`, which is not [path, label, name]")
    #expect(try said(of: "{}") == "ROOT/list.json: no pictures are listed")
    #expect(try said(of: "{\"train\": ").hasPrefix("'ROOT/list.json' is damaged"))
    try folder.write("path,class\na.png\n", to: "own.csv")
    #expect(
      try self.said("dataset(\"\(folder.file("own.csv"))\")")
        == "ROOT/own.csv: line 2 has 1 fields, and the first line 2")
    try folder.write("file,class\na.png,x\n", to: "own.csv")
    #expect(try self.said("dataset(\"\(folder.file("own.csv"))\")").contains("`path` and `label`"))
    try folder.write("path,class\n\"a.png,x\n", to: "own.csv")
    #expect(try self.said("dataset(\"\(folder.file("own.csv"))\")").contains("not closed"))
  }

  // MARK: - Draws

  @Test(arguments: 0..<6)
  func `the field's cache of a draw is read in every protocol`(_ number: Int) throws {
    let layouts = try #require(DatasetLayouts.all)
    try #require(DatasetLayouts.named("dtd")).write(below: folder.path)
    let rows = Dictionary(
      grouping: try #require(DatasetLayouts.named("dtd")).expected.values.flatMap { $0 }, by: \.path
    ).values.compactMap(\.first)
    let list = rows.map { "[\"\($0.path)\", \($0.label), \"\($0.name)\"]" }
    let text = "{\"train\": [\(list.joined(separator: ", "))]}"
    try folder.write(text, to: "dtd/split_zhou_DescribableTextures.json")
    try layouts.draws[number].write(to: URL(filePath: folder.file("shot.pkl")))
    let opening = "dataset(\"dtd\", root: \"\(folder.path)\")"
    let drawn = try engine.rows(
      of: "{train: \(opening).train.few_shot_from(\"\(folder.file("shot.pkl"))\")}", "train")
    #expect(drawn == layouts.drawn)
  }

  @Test func `a draw that does not fit is refused`() throws {
    let layouts = try #require(DatasetLayouts.all)
    try layouts.draws[4].write(to: URL(filePath: folder.file("shot.pkl")))
    let ask =
      "dataset(\"\(folder.file("list.json"))\").train.few_shot_from(\"\(folder.file("shot.pkl"))\")"
    try folder.write("{\"train\": [[\"photos/a0.png\", 0, \"ant\"]]}", to: "list.json")
    #expect(try said(ask).hasPrefix("2 pictures of the draw are not in this split: /home/someone"))
    for path in layouts.drawn.map(\.path) {
      try DatasetLayouts.write(DatasetLayouts.picture, folder.file(path))
    }
    func list(_ labels: [Int], _ names: [String]) throws {
      let rows = layouts.drawn.enumerated().map {
        "[\"\($1.path)\", \(labels[$0]), \"\(names[$0])\"]"
      }
      try folder.write(
        "{\"train\": [\(rows.joined(separator: ", ")), [\"photos/a0.png\", 1, \"x\"]]}",
        to: "list.json")
    }
    try list([0, 2], ["zigzagged", "banded"])
    #expect(try said(ask).hasPrefix("2 pictures of the draw have another label in this split"))
    try list([2, 0], ["zigzagged", "bended"])
    #expect(try said(ask).hasPrefix("1 pictures of the draw belong to a class"))
    try Data("cposix\nsystem\n(S'ls'\ntR.".utf8).write(to: URL(filePath: folder.file("shot.pkl")))
    #expect(try said(ask).contains("pickle asks for posix.system"))
  }

  @Test func `a draw is written and read back, also of one half of the classes`() throws {
    let list = "{\"train\": [\(rows("a", 0, "ant", 0..<9)), \(rows("b", 1, "bee", 0..<9))]}"
    try folder.write(list, to: "list.json")
    let lines = try engine.printed(
      """
      let data = dataset("\(folder.file("list.json"))")
      let base = data.halves().base.train.few_shot(3, seed: 2)
      base.save_draw("\(folder.file("draws/own.json"))")
      let again = data.train.few_shot_from("\(folder.file("draws/own.json"))")
      print(again.names == data.train.few_shot(3, seed: 2).names)
      again.save_draw("\(folder.file("draws/own.json"))")
      print(data.halves().base.train.few_shot_from("\(folder.file("draws/own.json"))").names == base.names)
      """)
    #expect(lines == ["true", "true"])
    let file = try String(contentsOfFile: folder.file("draws/own.json"), encoding: .utf8)
    #expect(file.contains("\"shots\": 3") && file.contains("\"seed\": 2"))
    #expect(!file.contains(folder.path))
    try folder.write("mine", to: "notes.txt")
    #expect(
      try said(
        "data.train.few_shot(3, seed: 2).save_draw(\"\(folder.file("notes.txt"))\")"
      ).contains("was not written by Duet"))
  }

  @Test func `more shots than there are pictures keep all, and that is said`() throws {
    try folder.write(
      "{\"train\": [\(rows("a", 0, "ant", 0..<9)), \(rows("b", 1, "bee", 0..<3))]}",
      to: "list.json")
    let count = try engine.printed(
      "print(dataset(\"\(folder.file("list.json"))\").train.few_shot(8, seed: 1).count)")
    #expect(count == ["11"])
    #expect(
      engine.notices.contains { $0.hasPrefix("1 of 2 classes of \"list\" have fewer than 8") })
  }
}
