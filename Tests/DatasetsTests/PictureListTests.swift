import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct PictureListTests {
  @Test func `pictures are told by their content, at any depth, in the order of their paths`()
    throws
  {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("b/c"), withIntermediateDirectories: true)
    let start = Data([0xFF, 0xD8, 0xFF, 0xE0])
    for name in ["a.txt", "b/c/1.jpg", "b.jpg", ".hidden.jpg"] {
      try start.write(to: URL(filePath: folder.file(name)))
    }
    try folder.write("text", to: "b/c/notes.jpg")
    let list = try PictureList(below: folder.path)
    #expect(list.paths == ["a.txt", "b.jpg", "b/c/1.jpg"])
    #expect(list.others == 1 && list.unreadable.isEmpty)
  }

  @Test func `a link is followed once, and not where it leads back`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("inner"), withIntermediateDirectories: true)
    try Data([0xFF, 0xD8, 0xFF]).write(to: URL(filePath: folder.file("inner/1.jpg")))
    for (name, target) in [("again", "inner"), ("inner/up", ".."), ("lost", "nowhere")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.file(name), withDestinationPath: target)
    }
    let list = try PictureList(below: folder.path)
    #expect(list.paths == ["again/1.jpg", "inner/1.jpg"])
    #expect(
      list.unreadable.map { "\($0.path): \($0.reason)" } == [
        "lost: No such file or directory", "again/up: a link to a folder that it is in",
        "inner/up: a link to a folder that it is in",
      ])
  }
}
