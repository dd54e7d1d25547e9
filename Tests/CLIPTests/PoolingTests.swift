import Autograd
import CLIP
import Tensor
import Testing

/// Which row of a text is read: the one rule, and what follows from it.
struct PoolingTests {
  private func clip(_ pooling: Pooling) throws -> CLIP {
    var architecture = TinyCLIP.architecture
    architecture.pooling = pooling
    return try CLIP(TinyCLIP.weights(architecture), tokenizer: nil)
  }

  private func features(_ clip: CLIP, _ ids: [Int]) throws -> [Float] {
    let table = try TokenTable(ids: [ids], nameLengths: [0], pooling: clip.architecture.pooling)
    return try clip.text.encode(
      .tokens(table), as: .plain, learned: nil, prompts: nil, tokenizer: nil
    ).value.elements
  }

  @Test func `the largest id ends a text, or the first of a chosen one`() throws {
    let (largest, chosen) = (try clip(.largest), try clip(.first(57)))
    // 59 stands behind the chosen end, and 57 stands there twice.
    let ids = [58, 3, 4, 57, 5, 59, 57, 0, 0]
    #expect(try features(largest, ids) == features(largest, Array(ids.prefix(6))))
    #expect(try features(chosen, ids) == features(chosen, Array(ids.prefix(4))))
    #expect(try features(chosen, ids) != features(largest, ids))
  }

  @Test func `a text may be nothing but its end`() throws {
    let clip = try clip(.largest)
    #expect(try features(clip, [59, 0, 0]) == features(clip, [59]))
    #expect(try features(clip, [58, 59]).count == 16)
  }

  @Test func `a text without its end is refused`() throws {
    #expect(throws: CLIPError.tokens("row 0 has no id 57, at which this CLIP reads a text")) {
      try features(clip(.first(57)), [58, 3, 4, 59])
    }
  }

  @Test func `a row without room for a name is no prompt`() throws {
    let clip = try clip(.largest)
    let table = try TokenTable(ids: [[58, 59]], nameLengths: [0])
    #expect(throws: CLIPError.tokens("row 0 has 2 tokens: too few for a prompt around a name")) {
      try clip.text.encode(
        .tokens(table), as: .words(nil, learned: 0, rows: 0), learned: nil, prompts: nil,
        tokenizer: nil)
    }
  }
}
