internal import Glibc
internal import Synchronization

/// Blocks of memory that go round from step to step, so that a training step allocates nothing new
/// after the first.
///
/// A request is rounded up to a size class (eighths of a power of two: at most 12.5 % is wasted; from
/// 16 MB on whole huge pages) and served from the free blocks of its class. Blocks of a huge page and
/// more are mapped, aligned and advised for huge pages, which makes their first touch three times as
/// fast, and unmapped when they are no longer wanted. Live and free blocks together may take a quarter
/// more than the live ones took at their peak: so all blocks of a step wait for the next one, and those
/// of a size that is no longer asked for make room.
///
/// The pool is global: it is a cache, and no result depends on what it holds.
@safe
package struct MemoryPool: Sendable {
  package static let shared = MemoryPool()

  /// Bytes that tensors may hold in all, nine tenths of the machine's or the control group's memory.
  package let limit: Int
  private let state = SharedState()

  private struct State {
    var free: [Int: [UInt]] = [:]
    var liveBytes = 0
    var peakBytes = 0
    var freeBytes = 0

    /// What live and free blocks may take together.
    var allowed: Int { peakBytes + max(peakBytes / 4, 1 << 26) }
  }

  private final class SharedState: Sendable {
    let state = Mutex(State())
  }

  private init() {
    limit = Self.memoryOfThisMachine / 10 * 9
  }

  /// Bytes that tensors hold now.
  package var liveBytes: Int { state.state.withLock { $0.liveBytes } }

  /// The most that they have held at once.
  package var peakBytes: Int { state.state.withLock { $0.peakBytes } }

  /// Memory for `count` floats. Throws ``TensorError/memory(needed:limit:)``.
  @unsafe
  func take(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Float> {
    guard let bytes = Self.sizeClass(of: count) else {
      throw .memory(needed: .max, limit: limit)
    }
    let found: UInt? = try state.state.withLock { (state) throws(TensorError) in
      guard state.liveBytes + bytes <= limit else {
        throw .memory(needed: state.liveBytes + bytes, limit: limit)
      }
      state.liveBytes += bytes
      state.peakBytes = max(state.peakBytes, state.liveBytes)
      if let address = state.free[bytes]?.popLast() {
        state.freeBytes -= bytes
        return address
      }
      Self.makeRoom(&state, limit)
      return nil
    }
    if let found, let base = unsafe UnsafeMutablePointer<Float>(bitPattern: found) {
      return unsafe base
    }
    guard let fresh = unsafe Self.allocate(bytes) else {
      state.state.withLock { $0.liveBytes -= bytes }
      throw .memory(needed: bytes, limit: limit)
    }
    return unsafe fresh.assumingMemoryBound(to: Float.self)
  }

  @unsafe
  func give(back base: UnsafeMutablePointer<Float>, _ count: Int) {
    guard let bytes = Self.sizeClass(of: count) else { return }
    let address = UInt(bitPattern: base)
    let kept = state.state.withLock { state in
      state.liveBytes -= bytes
      guard state.liveBytes + state.freeBytes + bytes <= state.allowed else { return false }
      state.freeBytes += bytes
      state.free[bytes, default: []].append(address)
      return true
    }
    if !kept { unsafe Self.release(base, bytes) }
  }

  /// Releases free blocks, the largest first, until what is left is allowed.
  private static func makeRoom(_ state: inout State, _ limit: Int) {
    let allowed = min(state.allowed, limit)
    guard state.liveBytes + state.freeBytes > allowed else { return }
    for bytes in state.free.keys.sorted(by: >) {
      while state.liveBytes + state.freeBytes > allowed,
        let address = state.free[bytes]?.popLast()
      {
        state.freeBytes -= bytes
        guard let base = unsafe UnsafeMutableRawPointer(bitPattern: address) else { continue }
        unsafe release(base, bytes)
      }
    }
  }

  /// Bytes of a block that holds `count` floats; nil when the number overflows.
  private static func sizeClass(of count: Int) -> Int? {
    let (bytes, overflow) = max(count, 16).multipliedReportingOverflow(by: 4)
    guard !overflow, bytes < 1 << 46 else { return nil }
    if bytes >= hugePage * 8 { return (bytes + hugePage - 1) & ~(hugePage - 1) }
    let step = max(64, (1 << (Int.bitWidth - bytes.leadingZeroBitCount - 1)) / 8)
    return (bytes + step - 1) / step * step
  }
}

// The system's memory.
extension MemoryPool {
  private static let hugePage = 1 << 21

  @unsafe
  private static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
    guard bytes >= hugePage else { return unsafe aligned_alloc(64, bytes) }
    let whole = bytes + hugePage
    guard
      let start = unsafe mmap(
        nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe start != MAP_FAILED
    else { return nil }
    // What lies before and after the aligned block goes back at once.
    let before = (hugePage - Int(bitPattern: start) % hugePage) % hugePage
    let block = unsafe start + before
    if before > 0 { unsafe munmap(start, before) }
    unsafe munmap(block + bytes, whole - before - bytes)
    unsafe madvise(block, bytes, MADV_HUGEPAGE)
    return unsafe block
  }

  @unsafe
  private static func release(_ base: UnsafeMutableRawPointer, _ bytes: Int) {
    if bytes >= hugePage { unsafe munmap(base, bytes) } else { unsafe free(base) }
  }

  private static var memoryOfThisMachine: Int {
    let physical = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    let group =
      number(in: "/sys/fs/cgroup/memory.max")
      ?? number(in: "/sys/fs/cgroup/memory/memory.limit_in_bytes") ?? physical
    return min(physical, group)
  }

  private static func number(in path: String) -> Int? {
    Processor.text(of: path).flatMap { Int($0.prefix { !$0.isWhitespace }) }
  }
}
