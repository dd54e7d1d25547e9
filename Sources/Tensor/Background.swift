internal import Glibc
internal import Synchronization

/// Work on a thread of its own, beside the caller's.
///
/// What it computes is waited for with ``value()``. Work that should leave the other processors alone
/// contains no loop of ``Parallel``. Like the threads of that pool, this one is handed its work as raw
/// memory.
package final class Background<Value: Sendable> {
  private let box: Box
  private var thread: pthread_t?

  /// Where the thread leaves the value.
  private final class Box: Sendable {
    let value = Mutex<Value?>(nil)
  }

  /// Starts; where the system has no thread to give, the work is done here and now.
  package init(_ work: @escaping @Sendable () -> Value) {
    let box = Box()
    self.box = box
    let errand = Errand {
      let value = work()
      box.value.withLock { $0 = value }
    }
    var started = pthread_t()
    let context = unsafe Unmanaged.passRetained(errand).toOpaque()
    let status = unsafe pthread_create(
      &started, nil,
      { context in
        if let context = unsafe context {
          unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().run()
        }
        return nil
      }, context)
    if status == 0 {
      thread = started
    } else {
      unsafe Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().run()
    }
  }

  /// Waits for the end of the work.
  package func value() -> Value {
    if let thread = thread.take() { pthread_join(thread, nil) }
    guard let value = box.value.withLock({ $0 }) else {
      preconditionFailure("a thread has ended without its work")
    }
    return value
  }

  deinit { if let thread { pthread_detach(thread) } }
}

/// What a thread runs: C's functions cannot be told the type of the value.
private final class Errand: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
