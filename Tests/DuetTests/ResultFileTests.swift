import Foundation
import TestSupport
import Testing

/// `duet merge` and `duet export` with files that are not what they should be.
struct ResultFileTests {
  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      fn made(name, first, model) {
        let r = results({algorithm: [name], seed: [1, 2]}, {data_kind: "synthetic", model: model, model_kind: "synthetic"})
        for t in r.missing() { r.put(t.number, {hm: first + t.number}) }
        return r
      }
      save("a.h5", made("A", 1.5, "mini"))
      save("b.h5", made("B", 2.5, "mini"))
      save("other.h5", made("A", 9.5, "mini"))
      save("model.h5", made("C", 1.5, "large"))
      save("value.h5", [1, 2])
      save("table.h5", table({n: [1, 2]}), at: "/t")
      save("tensors.h5", {w: ones([2, 2]), names: ["x"]})
      """, to: "make.duet")
    #expect(try Program.run(["run", "make.duet"], in: folder.path).errors == "")
    return folder
  }

  struct Refused: CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    let error: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let refused: [Refused] = [
    .init(
      arguments: ["merge", "a.h5", "other.h5", "-o", "new.h5"], status: 1,
      error: """
        error: the results contradict each other, and nothing is written
          hm at algorithm=A, seed=1 is 1.5 in 'a.h5' and 9.5 in 'other.h5'
          hm at algorithm=A, seed=2 is 2.5 in 'a.h5' and 10.5 in 'other.h5'
        """),
    .init(
      arguments: ["merge", "a.h5", "model.h5", "-o", "new.h5"], status: 1,
      error: """
        error: the results contradict each other, and nothing is written
          model is mini in 'a.h5' and large in 'model.h5'
        """),
    .init(
      arguments: ["merge", "a.h5", "b.h5", "-o", "value.h5"], status: 70,
      error: "error: 'value.h5' is there already, and is kept"),
    .init(
      arguments: ["merge", "a.h5", "b.h5", "-o", "./b.h5", "--overwrite"], status: 70,
      error: "error: './b.h5' is one of the files that are read, and is kept"),
    .init(
      arguments: ["export", "a.h5", "--csv", "-o", "a.h5", "--overwrite"], status: 70,
      error: "error: 'a.h5' is an HDF5 file, which is not replaced by one of another kind"),
    .init(
      arguments: ["export", "tensors.h5", "--safetensors", "-o", "tensors.h5", "--overwrite"],
      status: 70, error: "error: 'tensors.h5' is one of the files that are read, and is kept"),
    .init(
      arguments: ["merge", "a.h5", "make.duet", "-o", "new.h5"], status: 70,
      error: "error: 'make.duet' is not an HDF5 file"),
    .init(
      arguments: ["merge", "a.h5", "value.h5", "-o", "new.h5"], status: 70,
      error: "error: 'value.h5' at /results is a file of /value, expected a result"),
    .init(
      arguments: ["merge", "a.h5", "nowhere.h5", "-o", "new.h5"], status: 64,
      error: "error: there is no file 'nowhere.h5'"),
    .init(
      arguments: ["merge", "a.h5", "b.h5", "-o", "make.duet", "--overwrite"], status: 70,
      error: "error: 'make.duet' was not written by Duet, so it is not overwritten"),
    .init(
      arguments: ["merge", "a.h5", "b.h5"], status: 64,
      error: "error: missing expected argument '--output <file>'"),
    .init(
      arguments: ["export", "value.h5", "--csv"], status: 70,
      error: "error: 'value.h5' at /value is int64 [2], expected a table or a result"),
    .init(
      arguments: ["export", "table.h5", "--csv"], status: 70,
      error: "error: 'table.h5' has nothing at /value"),
    .init(
      arguments: ["export", "value.h5", "--safetensors", "-o", "new.safetensors"], status: 70,
      error: "error: 'value.h5' is a file without any, expected tensors"),
    .init(
      arguments: ["export", "a.h5", "--safetensors"], status: 64,
      error: "error: --safetensors is no text: give a file with -o"),
    .init(
      arguments: ["export", "a.h5", "--csv", "-o", "make.duet"], status: 70,
      error: "error: 'make.duet' is there already, and is kept"),
  ]

  @Test(arguments: refused)
  func `what cannot be done is said in a line, and no file is written or changed`(
    _ refused: Refused
  ) throws {
    let folder = try Self.folder()
    let before = try Self.contents(folder)
    let run = try Program.run(refused.arguments, in: folder.path)
    #expect(run.status == refused.status)
    let help = run.errors.split(separator: "\n").filter { !$0.hasPrefix(" = help") }
    #expect(help.joined(separator: "\n") == refused.error)
    #expect(try Self.contents(folder) == before)
  }

  @Test func `a full disk leaves no file behind`() throws {
    let folder = try Self.folder()
    let before = try Self.contents(folder)
    for command in ["merge a.h5 b.h5 -o new.h5", "export a.h5 --csv -o new.csv"] {
      let line = "(ulimit -f 0; $DUET \(command); echo $?) 2>&1 | cat"
      let output = try Program.shell("rm -f new.*; " + line, in: folder.path).output
      #expect(output.contains("write failed") && output.hasSuffix("70\n"), "\(output)")
      #expect(try Self.contents(folder) == before)
    }
    let run = try Program.shell("$DUET export a.h5 --csv > /dev/full", in: folder.path)
    #expect(run.status == 70)
  }

  @Test func `results of another schema are refused by name`() throws {
    let folder = try Self.folder()
    var bytes = try Data(contentsOf: URL(filePath: folder.file("a.h5")))
    let place = try #require(bytes.range(of: Data("duet/1".utf8)))
    bytes[place.upperBound - 1] = UInt8(ascii: "7")
    try bytes.write(to: URL(filePath: folder.file("later.h5")))
    let run = try Program.run(["merge", "a.h5", "later.h5", "-o", "new.h5"], in: folder.path)
    #expect(run.status == 70)
    #expect(
      run.errors
        == "error: 'later.h5' follows the schema duet/7, and this version knows duet/1\n")
  }

  @Test func `joining in any order, and joining what was joined, gives the same numbers`() throws {
    let folder = try Self.folder()
    for line in ["a.h5 b.h5 -o ab.h5", "ab.h5 a.h5 -o again.h5"] {
      let run = try Program.shell("$DUET merge \(line)", in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(try Program.run(["diff", "ab.h5", "again.h5"], in: folder.path).output == "equal\n")
    let run = try Program.run(
      ["merge", "a.h5", "b.h5", "-o", "ab.h5", "--overwrite"], in: folder.path)
    #expect(
      run.status == 0 && run.output.hasPrefix("ab.h5: 2 algorithm × 2 seed, 4 of 4 cells done"))
  }

  @Test func `tables and tensors are exported from their places`() throws {
    let folder = try Self.folder()
    let table = try Program.run(["export", "table.h5", "--csv", "--at", "/t"], in: folder.path)
    #expect(table.output == "n\r\n1\r\n2\r\n")
    let tensors = try Program.run(
      ["export", "tensors.h5", "--safetensors", "-o", "t.safetensors"], in: folder.path)
    #expect(tensors.output == "t.safetensors: 1 tensors, left out: value/names\n")
    let listing = try Program.run(["inspect", "t.safetensors"], in: folder.path)
    #expect(listing.output.contains("value/w  float32 [2, 2]"))
  }

  private static func contents(_ folder: TemporaryFolder) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try folder.names {
      contents[name] = FileManager.default.contents(atPath: folder.file(name))
    }
    return contents
  }
}
