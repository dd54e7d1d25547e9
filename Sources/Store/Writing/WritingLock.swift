internal import Foundation
internal import Synchronization
internal import Tensor

/// The right to replace a file, which one process at a time has, and in it one thread.
///
/// Whoever reads a file, adds to it and puts the whole in its place must keep others from doing so
/// meanwhile, or what they add is lost. The lock is an `flock` on an empty file beside the target
/// (`.duet-<digest of its name>.lock`). The operating system lets go of it when its process ends, however
/// that happens. The empty file is removed with the lock; one that a killed process left is in
/// nobody's way, and the next write to the folder removes it. Where a file system knows no
/// locks there is none.
package struct WritingLock {
  private let path: String
  private let descriptor: Int32

  /// Waits for the right to replace `target`, and throws ``StoreError/Fault/busy(seconds:)`` when others
  /// have it for too long.
  package init(for target: String, patience: Duration = .seconds(30)) throws(StoreError.Fault) {
    path = Self.path(for: target)
    let clock = ContinuousClock()
    let end = clock.now + patience
    while true {
      if let descriptor = try Self.locked(path) {
        self.descriptor = descriptor
        return
      }
      if Cancellation.requested.load(ordering: .relaxed) { throw .tensor(.cancelled) }
      guard clock.now < end else { throw .busy(seconds: Int(patience.components.seconds)) }
      usleep(10_000)
    }
  }

  /// The right to replace `target`, if nobody has it at the moment.
  package init?(ifFree target: String) throws(StoreError.Fault) {
    path = Self.path(for: target)
    // Who sweeps the folder holds each lock for an instant, and takes one away that nobody holds.
    for _ in 0..<3 {
      if let descriptor = try Self.locked(path) {
        self.descriptor = descriptor
        return
      }
      usleep(500)
    }
    return nil
  }

  private static func path(for target: String) -> String {
    let target = AtomicFile.resolved(target)
    let name = target.split(separator: "/").last.map(String.init) ?? ""
    return "\(AtomicFile.folder(of: target))/\(prefix)\(Digest.sha256(name).prefix(16))\(suffix)"
  }

  /// Gives the right back.
  package func release() {
    unsafe unlink(path)
    close(descriptor)
  }

  /// A descriptor that holds the lock; nil while another one does.
  private static func locked(_ path: String) throws(Fault) -> Int32? {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw .system("create", code: errno) }
    fchmod(descriptor, 0o666)
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
      if isAt(path, descriptor) { return descriptor }
    } else if ![EWOULDBLOCK, EINTR].contains(errno) {
      return descriptor
    }
    close(descriptor)
    return nil
  }

  /// Whether a file is still the one of this name: who had the lock before has removed it.
  private static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
    var (mine, there) = (stat(), stat())
    return unsafe fstat(descriptor, &mine) == 0 && lstat(path, &there) == 0
      && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
  }

  // MARK: - What killed processes left

  private static let prefix = ".duet-"
  private static let suffix = ".lock"

  /// Removes a file of this name if it is a lock that nobody holds.
  static func sweep(_ name: String, in folder: String) {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return }
    let path = "\(folder)/\(name)"
    let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0, isAt(path, descriptor) { unsafe unlink(path) }
  }
}
