internal import Foundation
internal import Language
internal import Tensor

/// Time and memory of a step, measured.
extension Engine {
  func measuringNatives() -> [Native] {
    [
      Native(
        "measure(step: Function, steps: Int = 3, warmup: Int = 1) -> Record",
        """
        Calls a function again and again and says what a call took: `median_step_s` (seconds of the \
        clock), `cpu_step_s` (seconds that all threads of the process worked, which hold on a busy \
        machine), both medians, and `peak_rss_mb`, the most memory held meanwhile; with the number of \
        `threads` and the `core` that the matrix kernels were chosen for.
        """
      ) { try Self.measure($0) },
      Native(
        "json(x) -> String", "A value as JSON, on one line.",
        example: "json({a: [1, 2.5, nil], b: \"c\"})\n{\"a\": [1, 2.5, null], \"b\": \"c\"}"
      ) { Value(Self.json($0[0])) },
    ]
  }

  private static func measure(_ arguments: borrowing Arguments) throws -> Value {
    let function = try arguments.function(0)
    let (steps, warmup) = (try arguments.int(1), try arguments.int(2))
    guard steps >= 1 else { throw arguments.fault(1, "must be at least 1") }
    guard warmup >= 0 else { throw arguments.fault(2, "must not be negative") }
    ProcessFigures.forgetPeak()
    for _ in 0..<warmup { _ = try arguments.interpreter.call(function, []) }
    var clock: [Double] = []
    var processor: [Double] = []
    for _ in 0..<steps {
      let start = (ProcessInfo.processInfo.systemUptime, ProcessFigures.processorSeconds)
      _ = try arguments.interpreter.call(function, [])
      clock.append(ProcessInfo.processInfo.systemUptime - start.0)
      processor.append(ProcessFigures.processorSeconds - start.1)
    }
    return Value(
      Record([
        ("threads", .int(Parallel.threads)), ("core", Value(try BLAS.shared.get().core)),
        ("steps", .int(steps)), ("median_step_s", .float(median(clock))),
        ("cpu_step_s", .float(median(processor))),
        ("peak_rss_mb", .float(ProcessFigures.peakMegabytes)),
      ]))
  }

  private static func median(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

/// What the system says about this process.
private enum ProcessFigures {
  /// Seconds that all threads have worked.
  static var processorSeconds: Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Starts the peak anew, where the system allows it.
  static func forgetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }

  /// The most memory that was resident since, in MiB.
  static var peakMegabytes: Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
  }
}
