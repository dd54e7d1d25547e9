import Foundation
import TestSupport
import Testing

/// Benchmarks on the layouts that their users have.
struct DatasetPageTests {
  @Test func `there is a layout for each page`() throws {
    let pages = try FileManager.default.contentsOfDirectory(
      atPath: TestEngine.root.appending(path: "stdlib/datasets").path)
    let names = pages.filter { $0.hasSuffix(".duet") }.map { String($0.dropLast(5)) }
    #expect(try #require(DatasetLayouts.all).cases.map(\.name).sorted() == names.sorted())
    #expect(names.count == 15)
  }

  @Test(arguments: DatasetLayouts.all?.cases ?? [])
  func `lists, labels and names are those of the released code`(
    _ layout: DatasetLayouts.Layout
  ) throws {
    let folder = try TemporaryFolder()
    try layout.write(below: folder.path)
    let engine = try TestEngine()
    let seed = try #require(DatasetLayouts.all).seed
    let opening = "dataset(\"\(layout.name)\", root: \"\(folder.path)\", seed: \(seed))"
    for (part, rows) in layout.expected {
      #expect(try engine.rows(of: opening, part) == rows, "\(part)")
    }
    try engine.printed("let data = \(opening)")
    let isOwn = layout.origin == "own split"
    #expect(try engine.printed("print(data.origin)") == [layout.origin])
    #expect(try engine.printed("print(data.kind)") == [isOwn ? "own" : "published"])
    #expect(
      try engine.printed("print(data.val_is_test)")
        == ["\(layout.expected["val"] != nil && layout.expected["val"] == layout.expected["test"])"]
    )
    #expect(engine.notices.contains { $0.contains("not the published split") } == isOwn)
    #expect(
      engine.notices.contains { $0.contains("passed over") } == false || !layout.others.isEmpty)
    let others = layout.expected.keys.count
    #expect(others == 3 || layout.expected.keys.sorted() == ["test"])
  }

  @Test(arguments: (DatasetLayouts.all?.cases ?? []).filter { $0.origin == "own split" })
  func `a published split file wins over an own split`(_ layout: DatasetLayouts.Layout) throws {
    let folder = try TemporaryFolder()
    try layout.write(below: folder.path)
    let engine = try TestEngine()
    let page = try engine.printed(
      """
      import datasets.\(layout.name) as page
      print(page.folder)
      print(page.list)
      print(page.template)
      """)
    // The other way round, and labels as texts.
    let rows = try #require(layout.expected["train"]).reversed().map {
      "[\"\($0.path)\", \"\($0.label)\", \"\($0.name)\"]"
    }.joined(separator: ", ")
    try DatasetLayouts.write(
      Data("{\"train\": [\(rows)], \"val\": [], \"test\": [\(rows)]}".utf8),
      "\(folder.path)/\(page[0])/\(page[1])")
    let opening = "dataset(\"\(layout.name)\", root: \"\(folder.path)\")"
    #expect(
      try engine.rows(of: opening, "train") == layout.expected["train"].map { $0.reversed() })
    #expect(
      try engine.printed("print(\(opening).kind, \(opening).origin)") == [
        "published published split"
      ])
    #expect(try engine.printed("print(\(opening).template)") == [page[2]])
    #expect(!engine.notices.contains { $0.contains("not the published split") })
  }

  @Test func `a data set is also found by the name that others use, and by its environment`() throws
  {
    let folder = try TemporaryFolder()
    try #require(DatasetLayouts.named("dtd")).write(below: folder.path)
    let engine = try TestEngine()
    #expect(
      try engine.printed(
        "print(dataset(\"DescribableTextures\", root: \"\(folder.path)\").name)") == ["dtd"])
    #expect(
      try engine.printed(
        "print(dataset(\"dtd\", root: \"\(folder.path)\", template: \"{} texture, close.\").template)"
      ) == ["{} texture, close."])
  }

  @Test func `links to the folders are followed`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    try #require(DatasetLayouts.named("imagenet_a")).write(below: other.path)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("imagenet-adversarial"),
      withDestinationPath: other.file("imagenet-adversarial"))
    #expect(
      try TestEngine().printed(
        "print(len(dataset(\"imagenet_a\", root: \"\(folder.path)\").classes))") == ["3"])
  }

  private func message(_ name: String, _ folder: TemporaryFolder) throws -> String {
    let engine = try TestEngine()
    return try engine.printed(
      """
      try { dataset("\(name)", root: "\(folder.path)") } catch e { print(e.message) }
      """
    ).joined().replacing(folder.path, with: "ROOT")
  }

  @Test func `what is missing is named before any training`() throws {
    let folder = try TemporaryFolder()
    #expect(try message("dtd", folder) == "dtd is not there: no folder 'ROOT/dtd'")
    try #require(DatasetLayouts.named("imagenet")).write(below: folder.path)
    try FileManager.default.removeItem(atPath: folder.file("imagenet/images/train/n03773504"))
    #expect(
      try message("imagenet", folder)
        == "ROOT/imagenet/images/train lacks the folders of 1 classes: n03773504")
    try FileManager.default.removeItem(atPath: folder.file("imagenet/classnames.txt"))
    #expect(
      try message("imagenet", folder) == "there is no file 'ROOT/imagenet/classnames.txt'")
    try #require(DatasetLayouts.named("fgvc_aircraft")).write(below: folder.path)
    for number in 0..<6 {
      try FileManager.default.removeItem(
        atPath: folder.file("fgvc_aircraft/images/000000\(number).jpg"))
    }
    #expect(
      try message("fgvc_aircraft", folder)
        == "stdlib/datasets/fgvc_aircraft.duet: 6 of 27 pictures are missing in "
        + "'ROOT/fgvc_aircraft/images': 0000000.jpg, 0000001.jpg, 0000002.jpg, 0000003.jpg, "
        + "0000004.jpg, …")
    try FileManager.default.removeItem(atPath: folder.file("fgvc_aircraft/images"))
    #expect(
      try message("fgvc_aircraft", folder)
        == "fgvc_aircraft has no folder of pictures 'ROOT/fgvc_aircraft/images'")
  }

  @Test func `the page of the documentation describes a benchmark of one's own`() throws {
    let docs = try String(
      contentsOf: TestEngine.root.appending(path: "docs/datasets.md"), encoding: .utf8)
    let block = try #require(docs.components(separatedBy: "```duet\n## Birds").dropFirst().first)
    let page = "## Birds" + (block.components(separatedBy: "```").first ?? "")
    let folder = try TemporaryFolder()
    try folder.write(page, to: "birds.duet")
    for name in ["crow", "great_tit"] {
      for number in 0..<10 {
        try DatasetLayouts.write(
          DatasetLayouts.picture, folder.file("birds/photos/\(name)/\(number).png"))
      }
    }
    let engine = try TestEngine()
    let lines = try engine.printed(
      """
      let data = dataset("\(folder.file("birds.duet"))", root: "\(folder.path)")
      print(data.classes, data.train.count, data.val.count, data.test.count, data.origin)
      """)
    #expect(lines == ["[\"crow\", \"great_tit\"] 10 4 6 own split"])
  }
}
