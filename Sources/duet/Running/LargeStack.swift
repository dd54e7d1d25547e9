internal import CEdit
internal import Glibc
internal import Synchronization

/// A thread with a stack that is large enough for every limit on depth.
///
/// Scripts nest: brackets in a text, lists in lists, natives that call scripts that call natives.
/// Each has a limit that ends in a diagnostic; the stack must not end first. Memory is reserved, not
/// used: pages that are never touched cost nothing.
package enum LargeStack {
  /// Sizes to try, largest first: an account may be limited in the memory it can reserve, of which the
  /// stack leaves three quarters to others.
  private static var megabytes: [Int] {
    var limit = rlimit()
    let status = unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    return [1024, 256, 64].filter { $0 == 64 || status != 0 || limit.rlim_cur >> 22 >= $0 }
  }

  private final class Job: Sendable {
    let body: @Sendable () -> Int32
    let result = Atomic<Int32>(0)

    init(_ body: @escaping @Sendable () -> Int32) { self.body = body }

    func run() { result.store(body(), ordering: .releasing) }
  }

  /// Runs a body on such a thread and returns its result.
  package static func run(_ body: @escaping @Sendable () -> Int32) -> Int32 {
    let job = Job(body)
    for size in megabytes {
      let context = unsafe Unmanaged.passUnretained(job).toOpaque()
      let error = unsafe duet_run_on_stack(
        size << 20,
        { context in
          if let context = unsafe context {
            unsafe Unmanaged<Job>.fromOpaque(context).takeUnretainedValue().run()
          }
          return nil
        }, context)
      if error == 0 { return job.result.load(ordering: .acquiring) }
    }
    return body()
  }
}
