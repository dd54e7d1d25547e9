import Foundation
import TestSupport
import Testing

/// `duet data` as a user runs it.
struct DataCommandTests {
  private static let picture = Data(
    base64Encoded:
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAA"
      + "AElFTkSuQmCC")
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ data: Data?, _ name: String) throws {
    let url = URL(filePath: folder.file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data?.write(to: url)
  }

  private func fill(_ name: String, _ count: Int) throws {
    for number in 0..<count { try write(Self.picture, "\(name)/\(number).png") }
  }

  @Test func `a folder of one's own that is well is told with its counts`() throws {
    for name in ["ant", "bee"] { try fill("own/\(name)", 40) }
    let run = try Program.run(["data", "check", folder.file("own")])
    #expect(run.status == 0)
    #expect(run.output.contains("own: own, own split"))
    #expect(run.output.contains("train          40"))
  }

  @Test func `a copy that differs from what is published is told`() throws {
    for name in ["banded", "blotchy"] { try fill("dtd/images/\(name)", 10) }
    let run = try Program.run(["data", "check", "dtd", "--root", folder.path])
    #expect(run.status == 1)
    #expect(run.output.contains("classes         2         47"))
    #expect(run.output.contains("warning: not the published split"))
    #expect(run.output.contains("2 classes have fewer than 16 training pictures, the fewest 5"))
  }

  @Test func `a root that does not exist and a name that means nothing are usage errors`() throws {
    let run = try Program.run(["data", "check", "dtd", "--root", folder.file("none")])
    #expect(run.status == 64)
    #expect(run.errors.contains("there is no folder '\(folder.file("none"))'"))
    #expect(try Program.run(["data", "check", folder.file("none")]).status == 64)
    #expect(try Program.run(["data", "check", folder.file("none.json")]).status == 64)
  }

  @Test func `folders at the wrong place are recognised`() throws {
    for name in ["banded", "blotchy"] { try fill("dtd/dtd/images/\(name)", 10) }
    let nested = try Program.run(["data", "check", "dtd", "--root", folder.path])
    #expect(nested.status == 70)
    #expect(nested.errors.contains("'\(folder.file("dtd/dtd/images"))' looks like it"))
    let inner = try Program.run(["data", "check", "dtd", "--root", folder.file("dtd/dtd")])
    #expect(
      inner.status == 70 && inner.errors.contains("'\(folder.file("dtd/dtd"))' looks like it"))
    try fill("Food101/images/pie", 10)
    let spelled = try Program.run(["data", "check", "food101", "--root", folder.path])
    #expect(spelled.errors.contains("'\(folder.file("Food101"))' looks like it"))
  }

  @Test func `pictures one folder too deep are found`() throws {
    try fill("oxford_pets/images/images", 2)
    let rows = "[\"0.png\", 0, \"cat\"], [\"1.png\", 1, \"dog\"]"
    try write(
      Data("{\"train\": [\(rows)], \"test\": [\(rows)]}".utf8),
      "oxford_pets/split_zhou_OxfordPets.json")
    let run = try Program.run(["data", "check", "oxford_pets", "--root", folder.path])
    #expect(run.status == 70)
    #expect(run.output.contains("4 of 4 pictures are missing"))
    #expect(run.output.contains("one folder too deep"))
  }

  @Test func `all faults of a list are told at once, with the counts`() throws {
    try fill("own", 2)
    try write(
      Data(
        """
        {"train": [["own/0.png", 0, "ant"], ["own/0.png", 1, "bee"], ["own/9.png", 3, "cat"]],
         "test": [["../own/1.png", 0, "fly"]]}
        """.utf8), "list.json")
    let run = try Program.run(["data", "check", folder.file("list.json")])
    #expect(run.status == 70)
    for text in [
      "train           3", "0 (ant, fly)", "own/0.png (0, 1)", "../own/1.png", "own/9.png",
      "1 below it have no pictures",
    ] { #expect(run.output.contains(text), "\(text) in \(run.output)") }
    #expect(run.output.components(separatedBy: "error: ").count == 6, "\(run.output)")
  }

  @Test func `a GIF that is called PNG is told as what it is`() throws {
    try fill("own/ant", 20)
    try write(Data("GIF89a".utf8) + Data(count: 40), "own/ant/3.png")
    let rows = (0..<20).map { "[\"own/ant/\($0).png\", 0, \"ant\"]" }.joined(separator: ", ")
    try write(Data("{\"train\": [\(rows)]}".utf8), "list.json")
    let run = try Program.run(["data", "check", folder.file("list.json")])
    #expect(run.status == 70)
    #expect(run.output.contains("1 of 20 pictures are of a kind that is not read"), "\(run.output)")
    #expect(run.output.contains("ant/3.png (GIF)"))
  }

  @Test func `damaged pictures are found by their first bytes, or by decoding`() throws {
    for name in ["ant", "bee"] { try fill("own/\(name)", 20) }
    let rows = (0..<20).map { "[\"own/ant/\($0).png\", 0, \"ant\"]" }.joined(separator: ", ")
    try write(Data("{\"train\": [\(rows)]}".utf8), "list.json")
    try write(Self.picture?.prefix(40), "own/ant/3.png")
    #expect(try Program.run(["data", "check", folder.file("list.json")]).status == 0)
    let run = try Program.run(["data", "check", folder.file("list.json"), "--pictures"])
    #expect(run.status == 70)
    #expect(run.output.contains("error: 1 of 20 pictures cannot be used: own/ant/3.png"))
    try write(Data("hello".utf8), "own/ant/4.png")
    #expect(try Program.run(["data", "check", folder.file("list.json")]).status == 70)
  }

  @Test func `the known data sets are listed with what is there`() throws {
    try fill("dtd/images/a", 1)
    let run = try Program.run(["data", "list", "--root", folder.path])
    #expect(run.status == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 16)
    #expect(lines.contains { $0.hasPrefix("dtd ") && $0.hasSuffix("found") })
    #expect(lines.contains { $0.hasPrefix("imagenetv2 ") && $0.hasSuffix("-") })
  }
}
