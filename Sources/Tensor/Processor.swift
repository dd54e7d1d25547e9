internal import CKernels
internal import Glibc

/// What the processor offers that kernels and threads are chosen by. A feature counts only if the
/// operating system supports it, too.
package struct Processor: Equatable, Sendable {
  package var isIntel = false
  package var hasSSE42 = false
  package var hasAVX = false
  /// AVX2, FMA and BMI2, which came together.
  package var hasAVX2 = false
  /// The parts F, BW, DQ and VL of AVX-512. What came later (BF16, …) does not matter to float32.
  package var hasAVX512 = false

  package init() {}

  /// The one that this program runs on.
  package static let current: Processor = {
    let found = duet_this_processor()
    var processor = Processor()
    processor.isIntel = found.intel
    processor.hasSSE42 = found.sse42
    processor.hasAVX = found.avx
    processor.hasAVX2 = found.avx2
    processor.hasAVX512 = found.avx512
    return processor
  }()

  /// The core type whose kernels suit OpenBLAS best here; nil where it may decide.
  ///
  /// Without AVX2 only Intel's processors need help: there are new ones that it does not know, while
  /// it knows all of the others that old.
  package var openBLASCore: String? {
    if hasAVX512, hasAVX2 { return "SkylakeX" }
    if hasAVX2 { return "Haswell" }
    guard isIntel else { return nil }
    return hasAVX ? "Sandybridge" : hasSSE42 ? "Nehalem" : nil
  }

  /// How many of the machine's processors this process may use: those of its affinity mask, and no
  /// more than its control group pays for.
  static var usableCount: Int {
    let allowed = duet_allowed_processors()
    let count = allowed > 0 ? allowed : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    guard let quota = text(of: "/sys/fs/cgroup/cpu.max").flatMap(processors(inQuota:)) else {
      return count
    }
    return min(count, quota)
  }

  /// "150000 100000", microseconds in each period, are two processors; "max" is no limit.
  package static func processors(inQuota text: String) -> Int? {
    let numbers = text.split { $0 == " " || $0 == "\n" }.map { Int($0) }
    guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0
    else { return nil }
    return (time - 1) / period + 1
  }

  /// The first line of a small file.
  static func text(of path: String) -> String? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 64)
    guard unsafe fgets(&line, 64, file) != nil else { return nil }
    return String(decoding: line.prefix { $0 > 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
