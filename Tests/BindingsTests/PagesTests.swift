import Foundation
import Language
import TestSupport
import Testing

/// The scripts of the design pages run as they are printed there.
@Suite(.enabled(if: ReferenceFiles.shared != nil, "the design pages are not here"))
struct PagesTests {
  private static func blocks(_ page: String) throws -> [String] {
    let shared = try #require(ReferenceFiles.shared).deletingLastPathComponent()
    let text = try String(
      contentsOf: shared.appending(path: "design/\(page)"), encoding: .utf8)
    return text.components(separatedBy: "```duet\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }

  @Test func `the tour of the language runs and learns something`() throws {
    let folder = try TemporaryFolder()
    let tour = try Self.blocks("language.md")
    let first = try #require(tour.first).replacing("save(\"", with: "save(\"\(folder.path)/")
    let engine = try TestEngine()
    let lines = try engine.printed(first)
    let (zero, learned) = (try #require(Double(lines[0])), try #require(Double(lines[1])))
    #expect(learned > zero + 5)
    #expect(lines[2] == "synthetic: Shapes world, model mini")
    #expect(lines.contains { $0.hasPrefix("BMIP ") })
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/coop.h5"))
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/open_world.h5"))
    // The page of CoOp beside it is the library's method.
    let same = """
      let own = CoOp(clip, data.classes, n_ctx: 4)
      for k in keys(own.parameters) { assign(own, k, coop.parameters[k]) }
      print(max(abs(own.logits(data.test.images[0..<9]) - coop.logits(data.test.images[0..<9]))).item)
      """
    try engine.printed(tour[1])
    #expect(try #require(Double(engine.printed(same)[0])) < 1e-4)
  }

  @Test func `the pages of methods give logits and gradients`() throws {
    let engine = try TestEngine()
    for block in try Self.blocks("pages.md") { try engine.printed(block) }
    let lines = try engine.printed(
      """
      let clip = load_clip("mini")
      let data = dataset("fields")
      let few = data.train.few_shot(1, seed: 1)
      for make in [CoCoOp, MutualLearning, BMIP] {
        let m = make(clip, data.classes)
        let g = gradients(cross_entropy(m.logits(few.images), few.labels), m)
        print(name(make), m.logits(few.images).shape, filter(keys(g), fn(k) => sum(abs(g[k])).item == 0))
      }
      """)
    #expect(
      lines == [
        "CoCoOp [12, 12] []", "MutualLearning [12, 12] []",
        // The start of text pays no attention to what comes after it.
        "BMIP [12, 12] [\"text_gate.1.weight\"]",
      ])
  }

  @Test func `the page of a protocol gives a table`() throws {
    let engine = try TestEngine()
    for block in try Self.blocks("pages.md") { try engine.printed(block) }
    let lines = try engine.printed(
      "print(open_world(load_clip(\"mini\"), \"fields\", methods: [ZeroShot, BMIP], seeds: [1]).metrics)"
    )
    #expect(lines == ["[\"base\", \"new\", \"hm\", \"joint\"]"])
  }
}
