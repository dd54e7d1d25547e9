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

  @Test func `a task in a cell tells how far the plan has come`() throws {
    let engine = try TestEngine()
    let told = Told()
    engine.engine.report = { news in
      guard let plan = news.plan else { return }
      told.facts.append("\(news.title) \(plan.number)/\(plan.total)")
    }
    try engine.printed(
      """
      fn run(cell) {
        progress_bar("training", 2).advance()
        return {x: cell.seed}
      }
      cells({seed: 1...2}, run)
      progress_bar("another", 2).advance()
      """)
    #expect(
      told.facts == ["cells 1/2", "training 1/2", "cells 2/2", "training 2/2", "cells 2/2"])
  }

  @Test func `the rest of a plan takes what cells of the same group took`() {
    var times = CellTimes()
    #expect(times.estimate(["a", "b"]) == nil)
    times.add(10, of: "a")
    times.add(20, of: "a")
    #expect(times.estimate(["a", "b"]) == 30)
    times.add(1, of: "b")
    #expect(times.estimate(["a", "b", "b"]) == 17)
  }

  private final class Told { var facts: [String] = [] }
}
