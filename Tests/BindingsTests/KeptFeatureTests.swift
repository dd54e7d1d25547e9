import Bindings
import Foundation
import Store
import TestSupport
import Testing

/// What a frozen model sees in pictures is kept in a plan's store, where encoding took long.
struct KeptFeatureTests {
  private static let seen =
    "print(cells({seed: [1]}, fn(cell) => {x: accuracy(ZeroShot(clip, data.classes), data.test)},"

  private static func run(_ folder: TemporaryFolder, _ store: String, worth: Double = 0) throws
    -> [String]
  {
    let engine = try TestEngine()
    engine.engine.featuresWorthKeeping = worth
    return try engine.printed(
      """
      let clip = load_clip("mini")
      let data = dataset("fields")
      \(seen) store: "\(folder.file(store))").mean("x"))
      """)
  }

  private static func files(_ folder: TemporaryFolder, _ store: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.file("\(store)/features"))
    return (names ?? []).filter { !$0.hasPrefix(".") }
  }

  @Test func `later runs take features from the store`() throws {
    let folder = try TemporaryFolder()
    let fresh = try Self.run(folder, "a")
    let names = Self.files(folder, "a")
    #expect(names.count == 1)
    let file = folder.file("a/features/\(names.first ?? "")")
    let stored = try StoredFeatures(reading: file)
    #expect(stored.rows.count >= 100)
    // The same numbers come from what is kept; other numbers from other features.
    try FileManager.default.removeItem(atPath: folder.file("a/cells"))
    #expect(try Self.run(folder, "a") == fresh)
    let turned = StoredFeatures(
      weightsDigest: stored.weightsDigest, preprocessing: stored.preprocessing,
      width: stored.width,
      rows: zip(stored.rows, stored.rows.reversed()).map { row, other in
        .init(name: row.name, digest: row.digest, prepared: row.prepared, pooled: other.pooled)
      })
    var archive = Archive()
    archive.root.set([StoredFeatures.group], to: try turned.node)
    try archive.write(to: file)
    try FileManager.default.removeItem(atPath: folder.file("a/cells"))
    #expect(try Self.run(folder, "a") != fresh)
    try Data("junk".utf8).write(to: URL(filePath: file))
    try FileManager.default.removeItem(atPath: folder.file("a/cells"))
    #expect(try Self.run(folder, "a") == fresh)
    #expect(Self.files(folder, "a").sorted() == [names[0], names[0] + ".damaged"])
  }

  @Test func `encoding of an instant is not kept`() throws {
    let folder = try TemporaryFolder()
    _ = try Self.run(folder, "a", worth: 20)
    #expect(Self.files(folder, "a").isEmpty)
  }
}
