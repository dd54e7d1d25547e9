internal import Foundation
internal import Glibc

/// The file in which entries outlive the program: one JSON object a line.
///
///     {"ok":true,"session":"4711-1760000000","text":"let x = 1","time":1760000000}
///
/// It belongs to the user alone (mode 0600), is appended to under a lock, so that several prompts may
/// share it, and loses its oldest half when it grows beyond a limit. Whatever goes wrong with it,
/// the prompt goes on without, and says so once.
package struct HistoryFile {
  private struct Line: Codable {
    var text: String
    var time: Int
    var session: String
    var ok: Bool
  }

  private let path: String
  private let session: String

  /// The bytes at which the oldest half is dropped.
  private static let limit = 2_000_000
  /// The most entries that are read.
  private static let readLimit = 5_000

  /// The file at a path.
  package init(path: String, session: String) {
    self.path = path
    self.session = session
  }

  /// The user's file: `$DUET_HISTORY`, else in the folder for the state of programs.
  static func standard() -> HistoryFile {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? NSHomeDirectory()
    let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let path =
      environment["DUET_HISTORY"] ?? (state ?? "\(home)/.local/state") + "/duet/history.jsonl"
    let process = ProcessInfo.processInfo.processIdentifier
    return HistoryFile(path: path, session: "\(process)-\(Int(Date().timeIntervalSince1970))")
  }

  /// The entries, oldest first; lines that cannot be read are passed over.
  package func read() -> [String] {
    guard !path.isEmpty, let data = FileManager.default.contents(atPath: path) else { return [] }
    let decoder = JSONDecoder()
    return data.split(separator: UInt8(ascii: "\n")).suffix(Self.readLimit).compactMap {
      try? decoder.decode(Line.self, from: $0).text
    }
  }

  /// Adds an entry.
  package func append(_ text: String, ok: Bool) {
    let line = Line(text: text, time: Int(Date().timeIntervalSince1970), session: session, ok: ok)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard !path.isEmpty, let encoded = try? encoder.encode(line), let file = open() else { return }
    defer { try? file.close() }
    guard lock(file) else { return }
    let size = (try? file.seekToEnd()) ?? 0
    if size > Self.limit { shorten(file) }
    try? file.write(contentsOf: encoded + [UInt8(ascii: "\n")])
  }

  /// Why entries cannot be kept; `nil` when they can, or are not to be.
  package func obstacle() -> String? {
    if path.isEmpty { return nil }
    if let file = open() {
      try? file.close()
      return nil
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      return "the folder '\(folder)' cannot be made"
    }
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    let reason = unsafe String(cString: strerror(errno)).lowercased()
    if descriptor >= 0 { close(descriptor) }
    return "'\(path)' cannot be written: \(reason)"
  }

  private func open() -> FileHandle? {
    let files = FileManager.default
    if !files.fileExists(atPath: path) {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      try? files.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      _ = files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    return FileHandle(forUpdatingAtPath: path)
  }

  /// Waits a moment for the lock; a program that was stopped while holding it must not stop us.
  private func lock(_ file: FileHandle) -> Bool {
    for attempt in 0..<5 {
      if attempt > 0 { Thread.sleep(forTimeInterval: 0.01) }
      if flock(file.fileDescriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    }
    return false
  }

  /// Leaves the younger half of the lines.
  private func shorten(_ file: FileHandle) {
    guard (try? file.seek(toOffset: UInt64(Self.limit / 2))) != nil,
      let tail = try? file.readToEnd(), let cut = tail.firstIndex(of: UInt8(ascii: "\n")),
      (try? file.truncate(atOffset: 0)) != nil
    else { return }
    try? file.write(contentsOf: tail[(cut + 1)...])
  }
}
