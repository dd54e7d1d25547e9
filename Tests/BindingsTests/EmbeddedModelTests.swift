import Foundation
import Language
import Testing

/// The embedded model is the one that its description promises.
struct EmbeddedModelTests {
  /// Zero-shot accuracies over all classes, test drawings of data seed 1.
  static let ranges: [(String, ClosedRange<Double>)] = [
    ("shapes", 25...45), ("compositions", 32...58), ("textures", 36...58), ("fields", 35...65),
    ("stars", 20...38), ("scenes", 22...42), ("counts", 20...42), ("emblems", 12...28),
    ("shapes_v2", 17...35), ("shapes_sketch", 38...62), ("shapes_adversarial", 8...24),
    ("shapes_rendition", 40...62),
  ]

  @Test(arguments: ranges)
  func `its zero-shot accuracy lies where it should`(name: String, range: ClosedRange<Double>)
    throws
  {
    let lines = try TestEngine().printed(
      """
      let clip = load_clip("mini")
      let data = dataset("\(name)")
      print(accuracy(ZeroShot(clip, data.classes, template: data.template), data.test))
      """)
    let accuracy = try #require(Double(lines[0]))
    #expect(range.contains(accuracy))
  }

  @Test func `it names shapes that it was not trained on`() throws {
    let lines = try TestEngine().printed(
      """
      let clip = load_clip("mini")
      let names = dataset("shapes").classes
      let texts = normalize(clip.encode_text(map(names, fn(n) => "a photo of a \\(n).")))
      let pairs = pretraining_pairs(400_000, 2000)
      let found = argmax(normalize(clip.encode_image(pairs.images)) @ texts.T)
      let single = filter(range(2000), fn(i) => pairs.shapes[i] != nil)
      let right = filter(single, fn(i) => names[found[i]] == pairs.shapes[i])
      print(100 * len(right) / len(single))
      """)
    let share = try #require(Double(lines[0]))
    #expect(share >= 74)
  }

  @Test func `it is small and says that it has seen drawings only`() throws {
    let path = TestEngine.root.appendingPathComponent("stdlib/models/mini.h5").path
    let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    #expect(try #require(size) < 3_900_000)
    #expect(
      try TestEngine().printed(
        """
        let clip = load_clip("mini")
        print(clip.synthetic, sum(map(keys(clip.parameters), fn(k) => clip.parameters[k].count)))
        print(clip.logit_scale > 22, clip.logit_scale < 33)
        """) == ["true 919201", "true true"])
  }

  @Test func `what is made with it says that it is synthetic`() throws {
    let engine = try TestEngine()
    let result = try engine.shown(
      "few_shot(load_clip(\"mini\"), \"fields\", methods: [ZeroShot], seeds: [1])")
    #expect(result.hasPrefix("synthetic: Shapes world, model mini\n"))
    let table = try engine.shown(
      "classify(dataset(\"fields\").test.images[0..<1], [\"sea\", \"road\"])")
    #expect(table.hasPrefix("synthetic: "))
  }
}
