internal import Foundation
internal import Language
internal import Tensor

/// A plan whose cells are run by other processes: see ``Crew``.
extension Plan {
  /// Hands the cells out until all are finished but those that failed, or that a process was at when it ended: these
  /// are left for this process, which then meets the same error, with its place in the text.
  func distribute(to crew: Crew, as ordinal: Int) throws {
    var waiting = rest
    guard waiting.count > 1 else { return }
    try crew.start()
    var isHeldUp = Date.distantPast
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
          crew.remove(worker)
          continue
        }
        for answer in answers {
          if let cell = try hear(answer, worker) {
            waiting.append(cell)
            isHeldUp = Date().addingTimeInterval(0.2)
          }
        }
      }
    }
    engine.planProgress = nil
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

  /// Takes an answer; the cell that is to be tried again, if the answer is that.
  private func hear(_ text: String, _ worker: WorkerProcess) throws -> PlanCell? {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 2, let answer = Foreman.Answer(rawValue: words[0]),
      let number = Int(words[1]),
      cells.indices.contains(number), number == worker.cell
    else { return nil }
    worker.cell = nil
    switch answer {
    case .busy: return try take(cells[number]) ? nil : cells[number]
    case .done:
      try take(cells[number])
      tell(cells[number], workers: 1)
    case .strange:
      engine.notice(
        "a job came to another plan than this one; the cell \(cells[number].title) is run here")
    case .failed: break
    }
    return nil
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
