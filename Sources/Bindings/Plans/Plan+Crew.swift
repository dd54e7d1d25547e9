internal import Foundation
internal import Language
internal import Tensor

/// A plan whose cells are run by other processes: see ``Crew``.
extension Plan {
  /// Hands the cells out until all are finished but those that a process was at when it ended. Once one
  /// has failed no more are begun: it is returned, for this process to meet the same error at once, with
  /// its place in the text.
  func distribute(to crew: Crew, as ordinal: Int) throws -> PlanCell? {
    var waiting = rest
    guard waiting.count > 1 else { return nil }
    try crew.start()
    var isHeldUp = Date.distantPast
    var failed: PlanCell?
    while !crew.workers.isEmpty,
      !waiting.isEmpty || crew.workers.contains(where: { $0.cell != nil })
    {
      if Engine.isStopRequested {
        crew.disband()
        throw TensorError.cancelled
      }
      if isHeldUp < Date() { handOut(&waiting, crew, ordinal) }
      for place in WorkerProcess.wait(for: crew.workers, milliseconds: 100).reversed() {
        let worker = crew.workers[place]
        guard let answers = worker.answers() else {
          let place = worker.cell.map { "in the cell \(cells[$0].title)" } ?? "before its next cell"
          engine.notice("a job ended \(place); what it leaves is run by the others, or here")
          crew.remove(worker)
          continue
        }
        for answer in answers {
          switch try hear(answer, worker, of: crew.workers.count) {
          case .again(let cell):
            waiting.append(cell)
            isHeldUp = Date().addingTimeInterval(0.2)
          case .failed(let cell):
            failed = failed ?? cell
            waiting = []
          case .settled: break
          }
        }
      }
    }
    engine.planProgress = nil
    return failed
  }

  /// What an answer means for its cell.
  private enum Verdict {
    case settled
    case again(PlanCell)
    case failed(PlanCell)
  }

  /// Gives each process that has nothing to do a cell.
  private func handOut(_ waiting: inout [PlanCell], _ crew: Crew, _ ordinal: Int) {
    for worker in crew.workers where worker.cell == nil {
      guard let cell = waiting.first else { return }
      waiting.removeFirst()
      worker.cell = cell.number
      if !worker.send("\(ordinal) \(cell.number) \(cell.key)\n") {
        waiting.insert(cell, at: 0)
        crew.remove(worker)
      }
      tell(cell, workers: crew.workers.count)
    }
  }

  /// Takes an answer of one of so many processes.
  private func hear(_ text: String, _ worker: WorkerProcess, of count: Int) throws -> Verdict {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 2, let answer = Foreman.Answer(rawValue: words[0]),
      let number = Int(words[1]),
      cells.indices.contains(number), number == worker.cell
    else { return .settled }
    worker.cell = nil
    switch answer {
    case .busy: return try take(cells[number]) ? .settled : .again(cells[number])
    case .done:
      try take(cells[number])
      tell(cells[number], workers: count)
    case .strange:
      engine.notice(
        "a job came to another plan than this one; the cell \(cells[number].title) is run here")
    case .failed: return .failed(cells[number])
    }
    return .settled
  }

  /// Runs the cells that a foreman asks for, as long as he asks for those of this plan.
  func serve(_ foreman: Foreman, _ ordinal: Int, _ interpreter: Interpreter) {
    while let order = foreman.order(for: ordinal) {
      guard cells.indices.contains(order.cell), cells[order.cell].key == order.key else {
        foreman.answer(.strange, order)
        continue
      }
      do {
        foreman.answer(try attempt(cells[order.cell], interpreter) ? .done : .busy, order)
      } catch {
        foreman.answer(.failed, order)
      }
    }
  }
}
