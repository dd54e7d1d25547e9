internal import CKernels
internal import Glibc
internal import Synchronization

/// The program's own threads.
///
/// One persistent pool, no threads in OpenBLAS. A loop's chunks are taken from a shared counter, so a
/// busy neighbour on the machine costs its share and does not hold up the others at a barrier. What
/// a chunk computes never depends on who computes it: results are the same for any number of threads.
///
/// This is a sanctioned exception to "no unsafe sharing" (see the style notes in the README): the
/// borrowed closure, the semaphores and the counters are handed to the workers as raw memory, and one
/// `busy` flag admits one loop at a time. A loop inside a loop, or a second caller's, runs serially.
package enum Parallel {
  /// How many threads work on a loop: `DUET_THREADS`, else the processors this process may use.
  package static let threads: Int = {
    if let text = unsafe getenv("DUET_THREADS"), let asked = Int(unsafe String(cString: text)),
      asked > 0
    {
      return min(asked, 256)
    }
    return Processor.usableCount
  }()

  /// Calls `body` once for each chunk in 0 ..< count, on all threads.
  package static func forEach(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1, threads > 1, let pool = Pool.shared, pool.enter() else {
      for chunk in 0..<count { body(chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      unsafe pool.run(count, body)
    }
    pool.leave()
  }

  /// Calls `body` for consecutive ranges of nearly equal length that cover 0 ..< count, each of `size`
  /// items or more.
  package static func forEachRange(_ count: Int, size: Int, _ body: (Range<Int>) -> Void) {
    guard count > 0 else { return }
    let parts = max(1, count / size)
    forEach(parts) { part in
      body(
        count / parts * part + min(part, count % parts)..<count / parts * (part + 1)
          + min(part + 1, count % parts))
    }
  }
}

/// The workers, parked on a semaphore between loops.
@safe
private final class Pool: Sendable {
  static let shared: Pool? = Pool(workers: Parallel.threads - 1)

  private let workers: Int
  private let busy = Atomic<Bool>(false)
  private let next = Atomic<Int>(0)
  private let count = Atomic<Int>(0)
  private let working = Atomic<Int>(0)
  /// The loop's body, and the two semaphores, as raw memory.
  nonisolated(unsafe) private let job: UnsafeMutablePointer<((Int) -> Void)?>
  nonisolated(unsafe) private let start: UnsafeMutablePointer<sem_t>
  nonisolated(unsafe) private let done: UnsafeMutablePointer<sem_t>

  private init?(workers: Int) {
    self.workers = workers
    unsafe job = .allocate(capacity: 1)
    unsafe job.initialize(to: nil)
    unsafe start = .allocate(capacity: 1)
    unsafe done = .allocate(capacity: 1)
    guard unsafe sem_init(start, 0, 0) == 0, unsafe sem_init(done, 0, 0) == 0 else { return nil }
    for _ in 0..<workers {
      var thread = pthread_t()
      let context = unsafe Unmanaged.passRetained(self).toOpaque()
      let status = unsafe pthread_create(
        &thread, nil,
        { context in
          guard let context = unsafe context else { return nil }
          unsafe Unmanaged<Pool>.fromOpaque(context).takeRetainedValue().work()
          return nil
        }, context)
      guard status == 0 else { return nil }
      pthread_detach(thread)
    }
  }

  func enter() -> Bool {
    busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
  }

  func leave() { busy.store(false, ordering: .releasing) }

  @unsafe
  func run(_ count: Int, _ body: @escaping (Int) -> Void) {
    let helpers = min(workers, count - 1)
    unsafe job.pointee = body
    self.count.store(count, ordering: .relaxed)
    working.store(helpers, ordering: .relaxed)
    next.store(0, ordering: .releasing)
    for _ in 0..<helpers { unsafe sem_post(start) }
    takeChunks(body)
    if !recallsEveryone() { unsafe wait(for: done) }
    unsafe job.pointee = nil
  }

  /// Calls back the helpers that have not woken yet; true when nobody is left at work.
  private func recallsEveryone() -> Bool {
    var recalled = 0
    while unsafe sem_trywait(start) == 0 { recalled += 1 }
    guard recalled > 0 else { return false }
    return working.wrappingSubtract(recalled, ordering: .acquiringAndReleasing).newValue == 0
  }

  private func takeChunks(_ body: (Int) -> Void) {
    let count = count.load(ordering: .relaxed)
    while true {
      let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if chunk >= count { return }
      body(chunk)
    }
  }

  /// Tries for about 30 µs before it sleeps: the next loop of a forward pass comes within a few, and
  /// waking a thread costs as much as 20,000 additions.
  private func wait(for semaphore: UnsafeMutablePointer<sem_t>) {
    for _ in 0..<Self.patience {
      if unsafe sem_trywait(semaphore) == 0 { return }
      duet_pause()
    }
    while unsafe sem_wait(semaphore) != 0 {}
  }

  private static let patience = 1000

  private func work() {
    while true {
      unsafe wait(for: start)
      if let body = unsafe job.pointee { takeChunks(body) }
      if working.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        unsafe sem_post(done)
      }
    }
  }
}
