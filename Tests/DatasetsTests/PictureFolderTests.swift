import Datasets
import Foundation
import Pictures
import Tensor
import Testing

/// A user's own pictures, and what can be wrong with them.
struct PictureFolderTests {
  /// A folder that exists while a test runs.
  private final class Folder {
    let path: String

    init() throws {
      path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
      let url = URL(filePath: "\(path)/\(name)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }

    /// Writes pictures 0 ..< count of one shade each into a folder.
    func fill(_ folder: String, _ count: Int, shade: UInt8 = 50) throws {
      for index in 0..<count {
        let pixels = [UInt8](repeating: shade + UInt8(index), count: 3 * 6 * 4)
        let picture = try Picture(width: 6, height: 4, pixels: pixels)
        try write("\(folder)/\(index).png", try picture.encodedAsPNG())
      }
    }

    func link(_ name: String, to target: String) throws {
      try FileManager.default.createSymbolicLink(
        atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    func expect(
      _ fault: FolderFault, count: Int, _ first: [String], in part: String = "",
      _ location: SourceLocation = #_sourceLocation
    ) {
      #expect(
        throws: DatasetError.folder(path: path + part, fault, count: count, first: first),
        sourceLocation: location
      ) { try Dataset.named(self.path) }
    }
  }

  @Test func `one folder of classes is split by the seed`() throws {
    let folder = try Folder()
    try folder.fill("wild_cat", 10)
    try folder.fill("Dog", 20, shade: 100)
    try folder.fill(".cache", 1)
    let data = try Dataset.named(folder.path, seed: 3)
    #expect(data.kind == .own && data.splitting == .own && data.seed == 3)
    #expect(data.classes == ["Dog", "wild_cat"])
    #expect(try data.prompts() == ["a photo of a Dog.", "a photo of a wild cat."])
    #expect(try SplitPart.allCases.map { try data.split($0).count } == [15, 6, 9])
    var generator = MersenneTwister(seed: 3)
    let labels = [Int](repeating: 0, count: 20) + [Int](repeating: 1, count: 10)
    let parts = try FewShot.splitInThree(labels, from: &generator)
    let files = (0..<20).map { "Dog/\($0).png" }.sorted() + (0..<10).map { "wild_cat/\($0).png" }
    #expect(try data.split(.train).names == parts.train.map { files[$0] })
    #expect(try data.split(.test).names == parts.test.map { files[$0] })
    #expect(try Dataset.named(folder.path, seed: 4).description != data.description)
  }

  @Test func `images are those of the files`() throws {
    let folder = try Folder()
    for part in ["train", "test"] {
      try folder.fill("\(part)/a", 2)
      try folder.fill("\(part)/b", 1, shade: 200)
    }
    let data = try Dataset.named(folder.path)
    #expect(data.splitting == .folders && data.parts == [.train, .test])
    let split = try data.split(.test)
    #expect(split.names == ["test/a/0.png", "test/a/1.png", "test/b/0.png"])
    #expect(split.labels == [0, 0, 1])
    let images = try split.images(0..<3, .mini)
    #expect(images.shape == [3, 3, 32, 32])
    for (index, shade) in [50, 51, 200].enumerated() {
      #expect(images[flat: index * 3072 + 77] == (Float(shade) / 255 - 0.5) / 0.25)
    }
    #expect(throws: DatasetError.missing(.val, dataset: data.name)) { try data.split(.val) }
  }

  @Test func `a class may be called train`() throws {
    let folder = try Folder()
    try folder.fill("train", 5)
    try folder.fill("plane", 5)
    #expect(try Dataset.named(folder.path).classes == ["plane", "train"])
  }

  @Test func `links to folders and files are followed`() throws {
    let (folder, other) = (try Folder(), try Folder())
    try other.fill("x", 4)
    try folder.link("a", to: "\(other.path)/x")
    try folder.fill("b", 3)
    try folder.link("b/9.png", to: "\(other.path)/x/0.png")
    let data = try Dataset.named(folder.path)
    #expect(try SplitPart.allCases.map { try data.split($0).count } == [4, 2, 2])
  }

  @Test func `a picture is told by its content`() throws {
    let folder = try Folder()
    try folder.fill("a", 4)
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/a/0.png", toPath: "\(folder.path)/a/picture.txt")
    #expect(try Dataset.named(folder.path).split(.train).count == 2)
    try folder.write("a/z.png", Array("hello".utf8))
    folder.expect(.notPictures, count: 1, ["a/z.png"])
  }

  @Test func `faults name how many and the first few`() throws {
    let folder = try Folder()
    folder.expect(.noClasses, count: 1, [folder.path])
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: true)
    }
    folder.expect(.emptyClasses, count: 7, ["a", "b", "c", "d", "e"])
    for name in ["a", "b", "c", "d", "e", "f", "g"] { try folder.fill(name, name < "c" ? 3 : 4) }
    folder.expect(.tooFewToSplit, count: 2, ["a", "b"])
    try folder.fill("c/inner", 1)
    folder.expect(.foldersInsideClass, count: 1, ["c/inner"])
    try folder.write("notes.txt", [65])
    folder.expect(.filesBesideFolders, count: 1, ["notes.txt"])
    let loop = "Too many levels of symbolic links"
    try folder.link("loop", to: "loop")
    folder.expect(.unreadableFiles(reason: loop), count: 1, ["loop"])
  }

  @Test func `a loop or a pipe in a class is an unreadable file`() throws {
    let folder = try Folder()
    try folder.fill("a", 4)
    try folder.link("a/me.png", to: "me.png")
    folder.expect(
      .unreadableFiles(reason: "Too many levels of symbolic links"), count: 1, ["a/me.png"])
    try FileManager.default.removeItem(atPath: "\(folder.path)/a/me.png")
    let status = unsafe mkfifo("\(folder.path)/a/pipe.png", 0o600)
    #expect(status == 0)
    folder.expect(.unreadableFiles(reason: "not a file"), count: 1, ["a/pipe.png"])
  }

  @Test func `a link back to the root is a folder inside a class`() throws {
    let folder = try Folder()
    try folder.fill("a", 4)
    try folder.link("a/up", to: folder.path)
    folder.expect(.foldersInsideClass, count: 1, ["a/up"])
  }

  @Test func `parts must have the same classes, and nothing beside them`() throws {
    let folder = try Folder()
    try folder.fill("train/a", 1)
    try folder.fill("train/b", 1)
    try folder.fill("test/a", 1)
    try folder.fill("test/c", 1)
    folder.expect(.differentClasses, count: 2, ["test/b", "train/c"])
    try folder.fill("extra", 1)
    folder.expect(.foldersBesideParts, count: 1, ["extra"])
  }

  @Test func `a damaged picture is named when it is read`() throws {
    let folder = try Folder()
    try folder.fill("a", 4)
    let file = "\(folder.path)/a/2.png"
    let bytes = try Data(contentsOf: URL(filePath: file))
    try folder.write("a/2.png", [UInt8](bytes.prefix(40)))
    let data = try Dataset.named(folder.path)
    let error = DatasetError.picture(
      name: "a/2.png", .corrupt(.png, reason: "the file ends too early"))
    let all = try SplitPart.allCases.map { try data.split($0) }
    #expect(throws: error) {
      for split in all { _ = try split.images(0..<split.count, .mini) }
    }
  }

  @Test func `a gap is for drawings`() throws {
    let folder = try Folder()
    try folder.fill("a", 4)
    #expect(throws: DatasetError.gapOfFolder(path: folder.path)) {
      try Dataset.named(folder.path, gap: 0.5)
    }
    let parent = URL(filePath: folder.path).deletingLastPathComponent().path
    let name = URL(filePath: folder.path).lastPathComponent
    #expect(try Dataset.named(name, root: parent).classes == ["a"])
  }

  @Test func `something that is no folder is refused`() throws {
    let folder = try Folder()
    try folder.write("file", [1])
    #expect(throws: DatasetError.self) { try Dataset.named("\(folder.path)/file") }
    #expect(
      throws: DatasetError.folder(
        path: "/no/such", .unreadable(reason: "No such file or directory"), count: 1,
        first: ["/no/such"])
    ) { try Dataset.folder("/no/such") }
  }
}
