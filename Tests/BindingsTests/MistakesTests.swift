import Foundation
import Language
import Testing

/// Twenty and more mistakes that one makes with the engine, each run alone: the diagnostic must name
/// the column under the mark, and be of the kind behind it.
struct MistakesTests {
  private static let mistakes = """
    clip.encode_image(ones([2, 3, 16, 16]))
    ^ shape
    clip.encode_text(5)
                     ^ type
    clip.encode_text(["a"], context: ones([4, 95]))
                                     ^ shape
    clip.word_vectors("a photo", count: 0)
                                        ^ value
    clip.embed_dims
    ^ key
    load_clip("missing.h5")
              ^ value
    CoOp(clip, [])
               ^ type
    CoOp(clip, ["a"], n_ctx: 3)
    ^ assert
    CoOp(clip, ["a"], m_ctx: 4)
                      ^ argument
    MaPLe(clip, ["a"], depth: 7).logits(data.test.images[0..<1])
    ^ assert
    coop.logits(ones([3, 32, 32]))
                ^ shape
    coop.logits(data.test.images[0..<1]) @ ones([3, 3])
    ^ shape
    dataset("shape")
    ^ file
    data.train.batches(0)
    ^ value
    data.train.few_shot(16)
    ^ argument
    data.train.few_short(16, seed: 1)
    ^ key
    cross_entropy(coop.logits(data.test.images[0..<2]), [0, 99])
    ^ assert
    fit(coop, data.train, {lr: 0.1})
    ^ assert
    settings(CoOp, "few_shot", load_clip("mini"), {epochs: "many"}).epochs + 1
    ^ type
    SGD(coop, rate: 0.1)
              ^ argument
    SGD(coop, lr: -1)
                  ^ value
    Linear(2, 2)(ones([1, 3]))
                 ^ shape
    tensor([[1, 2], [3]])
           ^ shape
    save("/proc/none/x.h5", coop)
    ^ file
    load("missing.h5", into: coop)
    ^ file
    let x: [2, 2] = ones([2, 3])
                    ^ shape
    if data.test.images > 0 { print(1) }
       ^ type
    """

  struct Mistake: CustomTestStringConvertible {
    let code: String
    let column: Int
    let kind: String
    var testDescription: String { code }
  }

  static let all: [Mistake] = {
    let lines = mistakes.components(separatedBy: "\n")
    return stride(from: 0, to: lines.count - 1, by: 2).map { index in
      let mark = lines[index + 1]
      let words = mark.split(separator: " ")
      return Mistake(
        code: lines[index], column: mark.prefix { $0 == " " }.count + 1,
        kind: words.count > 1 ? String(words[1]) : "")
    }
  }()

  @Test func `every mistake is found where it is`() throws {
    #expect(Self.all.count > 20)
    let engine = try TestEngine()
    try engine.printed(
      """
      let clip = load_clip("mini")
      let data = dataset("fields")
      let coop = CoOp(clip, data.classes)
      """)
    for mistake in Self.all {
      guard case .failed(let diagnostics, _) = engine.run(mistake.code),
        let first = diagnostics.first
      else {
        Issue.record("nothing is wrong with \(mistake.code)")
        continue
      }
      #expect(diagnostics.count == 1, "\(mistake.code)")
      #expect("\(first.code)" == mistake.kind, "\(mistake.code): \(first.message)")
      #expect(first.column == mistake.column, "\(mistake.code): \(first.message)")
      #expect(!first.message.contains("\n"))
    }
    // Nothing that failed has left anything behind.
    #expect(try engine.printed("print(coop.ctx.shape)") == ["[4, 96]"])
  }
}
