import Bindings
import Language
import Testing

/// What a script tells of how far it has come.
struct ProgressTests {
  @Test func `the terms of a loss are told by name`() throws {
    let engine = try TestEngine()
    let told = Told()
    engine.engine.report = { told.facts = $0.facts.map { "\($0.name) \($0.text)" } }
    try engine.printed(
      """
      progress_bar("training", 2).advance(epoch: 1, loss: 3.5, terms: {ce: tensor(1.5), kg: 2})
      """)
    #expect(told.facts == ["epoch 1", "loss 3.5", "ce 1.5", "kg 2"])
  }

  @Test func `a term that is no number is refused by name`() throws {
    let engine = try TestEngine()
    let lines = try engine.printed(
      """
      try { progress_bar("training", 2).advance(terms: {ce: ones([2])}) } catch e { print(e.message) }
      """)
    #expect(lines == ["'terms' must hold scalars"])
  }

  private final class Told { var facts: [String] = [] }
}
