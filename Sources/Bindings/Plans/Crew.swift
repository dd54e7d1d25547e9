internal import Foundation
internal import Tensor

/// Processes of this program that run cells beside this one, `duet run --jobs`.
///
/// Each runs the same text up to the plan at hand, with nothing of its effects but what it keeps in
/// the plan's store: it prints nothing, saves nothing and says nothing. There it waits for the number of a
/// cell, runs it, keeps it and says so. This process hands the cells out, gathers them from the
/// store and goes on with the text; the others wait for its next plan. Where a plan has no store they
/// share a folder that is removed at the end.
package final class Crew {
  /// How many processes there are to be.
  let count: Int
  private let arguments: [String]
  private let script: String
  private(set) var workers: [WorkerProcess] = []
  private var hasStarted = false
  private let temporary = FileManager.default.temporaryDirectory
    .appendingPathComponent("duet-jobs-\(getpid())-\(UUID().uuidString)").path

  /// - Parameters:
  ///   - count: The number of processes.
  ///   - arguments: The command line that makes one, without the number of its threads.
  ///   - script: The text that they run.
  package init(count: Int, arguments: [String], script: String) {
    self.count = count
    self.arguments = arguments
    self.script = script
  }

  /// Where plans without a store keep their cells.
  var folder: String { temporary }

  /// Starts the processes, once.
  func start() throws {
    guard !hasStarted else { return }
    hasStarted = true
    Self.removeLeftOver()
    let threads = max(1, Parallel.threads / count)
    let greeting = "\(temporary.utf8.count) \(script.utf8.count)\n\(temporary)\(script)"
    for _ in 0..<count {
      let worker = try WorkerProcess(["run", "--worker", "--threads", "\(threads)"] + arguments)
      workers.append(worker)
      if !worker.send(greeting) { remove(worker) }
    }
  }

  /// Removes what processes that were killed have left behind.
  private static func removeLeftOver() {
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: files.temporaryDirectory.path)) ?? []
    for name in names where name.hasPrefix("duet-jobs-") {
      let words = name.split(separator: "-")
      guard words.count > 3, let owner = pid_t(words[2]), kill(owner, 0) != 0, errno == ESRCH else {
        continue
      }
      try? files.removeItem(at: files.temporaryDirectory.appending(path: name))
    }
  }

  /// Does without a process that has ended.
  func remove(_ worker: WorkerProcess) {
    workers.removeAll { $0 === worker }
    worker.end()
  }

  /// Ends all of them and removes what they shared.
  package func disband() {
    for worker in workers { worker.end() }
    workers = []
    try? FileManager.default.removeItem(atPath: temporary)
  }
}
