import Foundation
import TestSupport
import Testing

/// Small checkpoints of every layout against a network in PyTorch: Golden/checkpoints.json.
struct GoldenCheckpointTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    /// What `load_clip` must be told.
    let options: String
    let size: Int
    let ids: [[Int]]
    let images, texts, logits: [Double]

    var testDescription: String { name }

    static let all: [Case] = {
      guard let data = try? ReferenceFiles.golden("checkpoints.json") else { return [] }
      return (try? JSONDecoder().decode([Case].self, from: data)) ?? []
    }()

    /// Binds `clip`, `pictures` and `table`.
    var script: String {
      """
      let clip = load_clip("\(Self.path(name))"\(options))
      let pictures = reshape(
        tensor(map(0..<\(6 * size * size), fn(i) => float((37 * i) % 101 - 50) / 32)),
        [2, 3, \(size), \(size)])
      let table = clip.class_tokens(\(ids))

      """
    }

    static func path(_ name: String) -> String {
      TestEngine.root.appendingPathComponent("Tests/BindingsTests/Golden/checkpoints/\(name)").path
    }
  }

  @Test func `every layout is here`() { #expect(Case.all.count == 4) }

  @Test(arguments: Case.all) func `features and logits are the reference's`(_ test: Case) throws {
    let engine = try TestEngine()
    let lines = try engine.printed(
      test.script + """
        let images = clip.encode_image(pictures)
        let texts = clip.encode_text(table)
        for x in [images, texts, clip.logit_scale * cosine(images, texts)] {
          print(json(map(reshape(x, [-1]), fn(each) => each.item)))
        }
        """)
    for (line, expected) in zip(lines, [test.images, test.texts, test.logits]) {
      let found = try JSONDecoder().decode([Double].self, from: Data(line.utf8))
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-5 + 1e-4 * abs(b)) }
    }
    #expect(engine.notices == [], "nothing is assumed")
  }

  @Test(arguments: Case.all) func `what was loaded is saved and comes back to the last bit`(
    _ test: Case
  ) throws {
    let lines = try TestEngine().printed(
      test.script + """
        let path = temporary() + "/clip.h5"
        save(path, clip)
        let again = load_clip(path)
        print(max(abs(clip.encode_image(pictures) - again.encode_image(pictures))).item)
        print(max(abs(clip.encode_text(table) - again.encode_text(table))).item)
        print(clip.digest == again.digest, again.image_size == clip.image_size)
        """)
    #expect(lines == ["0.0", "0.0", "true true"])
  }

  @Test func `methods of the text tower train on a ResNet`() throws {
    let resNet = try #require(Case.all.first { $0.name == "resnet" })
    let lines = try TestEngine().printed(
      resNet.script + """
        let names = clip.class_tokens([[18, 1, 1, 3, 17, 19], [18, 1, 1, 4, 17, 19]], [1, 1])
        let methods = [
          CoOp(clip, names, n_ctx: 2, init: nil), CoCoOp(clip, names, n_ctx: 2, init: nil),
          DeepLanguage(clip, names, n_ctx_text: 1, init: nil),
        ]
        for m in methods {
          let loss = cross_entropy(m.logits(pictures), [0, 1])
          let found = gradients(loss, of: m)
          print(m.logits(pictures).shape, loss.item > 0)
        }
        """)
    #expect(lines == [String](repeating: "[2, 2] true", count: 3))
  }

  @Test(arguments: ["VPT(clip, table)", "MaPLe(clip, table)", "clip.vision_layers"])
  func `what needs the tokens of an image is refused on a ResNet`(_ code: String) throws {
    let resNet = try #require(Case.all.first { $0.name == "resnet" })
    #expect {
      try TestEngine().printed(resNet.script + code)
    } throws: {
      "\($0)".contains("has no rows to put prompts among")
    }
  }
}
