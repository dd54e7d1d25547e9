internal import Foundation

/// Puts a file in place as a whole or not at all.
///
/// The bytes go to a temporary file in the same folder, which is flushed to disk and then renamed
/// over the target, and the folder is flushed, too. A process that is killed at any moment leaves
/// the old file or the new one, and at worst a temporary file; those are named by process and host
/// (`.duet-<process>-<number>-<host>.tmp`), and the next write to the folder removes the ones
/// whose process is dead. A target that is a symbolic link keeps being one.
package struct AtomicFile {
  private let folder: String
  private let target: String
  private let temporary: String
  private let descriptor: Int32

  /// How far a write has come.
  package enum Stage: Equatable, Sendable {
    case written
    case flushed
    case renamed
  }

  /// Writes `bytes` to `path`, or throws and leaves what was there.
  static func write(
    _ bytes: UnsafeRawBufferPointer, to path: String,
    at stage: (Stage) throws(Fault) -> Void = { _ in }
  ) throws(Fault) {
    let file = try AtomicFile(for: path)
    do throws(Fault) {
      defer { close(file.descriptor) }
      try unsafe file.write(bytes)
      try stage(.written)
      try file.keepMode()
      guard fsync(file.descriptor) == 0 else { throw .system("flush", code: errno) }
      try stage(.flushed)
    } catch {
      unsafe unlink(file.temporary)
      throw error
    }
    guard unsafe rename(file.temporary, file.target) == 0 else {
      let code = errno
      unsafe unlink(file.temporary)
      throw .system("rename", code: code)
    }
    try stage(.renamed)
    try file.flushFolder()
  }

  private init(for path: String) throws(Fault) {
    let target = Self.resolved(path)
    let folder = Self.folder(of: target)
    (self.target, self.folder) = (target, folder)
    Self.sweep(folder)
    var number = 0
    while true {
      let name = "\(folder)/\(Self.prefix)\(getpid())-\(number)-\(Self.host)\(Self.suffix)"
      let opened = unsafe open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if opened >= 0 {
        (temporary, descriptor) = (name, opened)
        return
      }
      guard errno == EEXIST, number < 10_000 else { throw .system("create", code: errno) }
      number += 1
    }
  }

  /// The file that a symbolic link leads to, so that the link is not replaced.
  static func resolved(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  static func folder(of path: String) -> String {
    guard let end = path.lastIndex(of: "/") else { return "." }
    return end == path.startIndex ? "/" : String(path[..<end])
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(Fault) {
    var rest = unsafe bytes[...]
    while let start = unsafe UnsafeRawBufferPointer(rebasing: rest).baseAddress,
      unsafe !rest.isEmpty
    {
      let done = unsafe Foundation.write(descriptor, start, min(rest.count, 1 << 30))
      if done > 0 {
        unsafe rest = unsafe rest.dropFirst(done)
      } else if errno != EINTR {
        throw .system("write", code: done == 0 ? EIO : errno)
      }
    }
  }

  /// A file that is replaced keeps its permissions.
  private func keepMode() throws(Fault) {
    var status = stat()
    guard unsafe stat(target, &status) == 0 else { return }
    guard fchmod(descriptor, status.st_mode & 0o7777) == 0 else {
      throw .system("set the permissions", code: errno)
    }
  }

  /// Some file systems cannot flush a folder, and say so; the file is in place nevertheless.
  private func flushFolder() throws(Fault) {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw .system("flush the folder", code: errno)
    }
  }

  // MARK: - What killed processes left

  private static let prefix = ".duet-"
  private static let suffix = ".tmp"

  /// Processes have the same number on different hosts, which may share the folder.
  private static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    return String(decoding: bytes, as: UTF8.self).replacing("/", with: "_")
  }()

  /// Removes the temporary files of this host's dead processes, and locks that nobody holds.
  private static func sweep(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names { WritingLock.sweep(name, in: folder) }
    for name in names where name.hasPrefix(prefix) && name.hasSuffix("-\(host)\(suffix)") {
      let number = name.dropFirst(prefix.count).prefix { $0 != "-" }
      guard let process = Int32(number), process > 0, process != getpid() else { continue }
      if kill(process, 0) != 0, errno == ESRCH { unsafe unlink("\(folder)/\(name)") }
    }
  }
}
