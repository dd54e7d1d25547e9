internal import Foundation

/// Whether the process holds too much memory.
///
/// The limit is the machine's memory or that of the control group, whichever is less; the system
/// would kill a process that goes beyond it, without a word. Asking costs a few microseconds and is
/// done at most every 10 ms.
final class MemoryGauge {
  private let clock: () -> Double
  private let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
  /// Bytes that the process may hold, and that it may reserve.
  private let residentLimit: Double
  private let reservedLimit: Double
  private let statistics: Int32
  private var nextLook = 0.0
  private var isShort = false

  private static let interval = 0.01
  /// The part of the limit at which scripts are stopped.
  private static let part = 0.92
  /// What must stay available on the machine for others.
  private static let reserve = 0.02

  init(clock: @escaping () -> Double) {
    self.clock = clock
    residentLimit = Self.machineLimit
    var limit = rlimit()
    let status = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    // "Unlimited" is the largest number there is.
    reservedLimit = status == 0 ? Double(limit.rlim_cur) : .infinity
    statistics = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
  }

  deinit { if statistics >= 0 { close(statistics) } }

  /// Whether scripts should be stopped before the system stops the process.
  func look() -> Bool {
    let now = clock()
    guard now >= nextLook else { return isShort }
    nextLook = now + Self.interval
    guard let (reserved, resident) = sizes() else { return false }
    isShort =
      resident > Self.part * residentLimit || reserved > Self.part * reservedLimit
      || (resident > 0.25 * residentLimit && available() < Self.reserve * residentLimit)
    return isShort
  }

  /// The bytes that the process holds, and those that it may hold.
  var held: Double? { sizes()?.resident }
  var limit: Double { residentLimit }

  /// Whether the process may grow by so many bytes.
  func hasRoom(for bytes: Int) -> Bool {
    guard let (reserved, resident) = sizes() else { return true }
    return resident + Double(bytes) <= Self.part * residentLimit
      && reserved + Double(bytes) <= Self.part * reservedLimit
  }

  /// The bytes that the process has reserved, and that it holds.
  private func sizes() -> (reserved: Double, resident: Double)? {
    var text = [UInt8](repeating: 0, count: 64)
    let count = unsafe pread(statistics, &text, text.count, 0)
    guard count > 0 else { return nil }
    let pages = text[..<count].split(separator: UInt8(ascii: " ")).prefix(2).compactMap {
      Double(String(decoding: $0, as: UTF8.self))
    }
    return pages.count == 2 ? (pages[0] * pageSize, pages[1] * pageSize) : nil
  }

  private func available() -> Double { Self.machine("MemAvailable:") ?? .infinity }

  // Limits

  private static var machineLimit: Double {
    ([machine("MemTotal:") ?? .infinity] + groupLimits()).min() ?? .infinity
  }

  /// A number of `/proc/meminfo` in bytes.
  private static func machine(_ key: String) -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) })
    else { return nil }
    let words = line.split(separator: " ")
    return words.count > 1 ? Double(words[1]).map { $0 * 1024 } : nil
  }

  /// The limits of the control groups that the process is in, in both versions of the interface.
  private static func groupLimits() -> [Double] {
    let text = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").flatMap { line -> [Double] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      if fields[1].isEmpty { return limits("/sys/fs/cgroup", fields[2], "memory.max") }
      guard fields[1].split(separator: ",").contains("memory") else { return [] }
      return limits("/sys/fs/cgroup/memory", fields[2], "memory.limit_in_bytes")
    }
  }

  private static func limits(_ root: String, _ group: Substring, _ file: String) -> [Double] {
    var path = group.split(separator: "/")
    var found: [Double] = []
    while true {
      let folder = ([root] + path.map(String.init)).joined(separator: "/")
      let text = try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      if let number = text.flatMap({ Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }) {
        found.append(number)
      }
      if path.isEmpty { return found }
      path.removeLast()
    }
  }
}
