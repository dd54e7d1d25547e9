import Foundation
import Glibc

/// The program on a pseudo-terminal, as a user has it: keys go in, what is drawn comes out.
final class Terminal {
  private let master: Int32
  private let process: pid_t
  /// Everything that the program has sent.
  private(set) var bytes: [UInt8] = []
  private var screen = Screen()
  private var status: Int32?

  /// What the screen shows, with all rows that have scrolled away.
  var text: String { screen.text }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts the program on a terminal of 80 columns and 24 rows.
  init(_ arguments: [String] = [], environment more: [String: String] = [:]) throws {
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    var (master, slave): (Int32, Int32) = (-1, -1)
    // Not `ttyname`, whose one buffer all threads share: a test would start its program on another's
    // terminal.
    var name = [CChar](repeating: 0, count: 64)
    guard unsafe openpty(&master, &slave, nil, nil, &size) == 0,
      unsafe ttyname_r(slave, &name, name.count) == 0
    else { throw Failure(description: "there is no pseudo-terminal") }
    for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(slave) }
    self.master = master
    let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    process = try Self.start(arguments, on: path, Program.environment(more))
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      _ = waitpid(process, nil, 0)
    }
    close(master)
  }

  /// POSIX_SPAWN_SETSID, which the C library shows to GNU programs only.
  private static let newSession: Int16 = 0x80

  /// A session of its own makes the terminal the one whose keys send signals.
  private static func start(
    _ arguments: [String], on terminal: String, _ environment: [String: String]
  ) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawnattr_setflags(&attributes, Self.newSession)
    unsafe posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
    let words = unsafe ([Program.path] + arguments).map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    let error = unsafe posix_spawn(
      &process, Program.path, &actions, &attributes, words, variables)
    if error != 0 { throw Failure(description: "the program does not start: error \(error)") }
    return process
  }

  /// Changes the size.
  func resize(columns: UInt16) {
    screen.columns = Int(columns)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Sends keys.
  func type(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
      _ = receive(milliseconds: 0)
    }
  }

  /// Types a line, and Enter.
  func enter(_ text: String) { type(text + "\r") }

  /// Waits until the screen shows a text, behind what was expected before.
  func expect(_ expected: String, seconds: Double = 30) throws {
    let end = Date().addingTimeInterval(seconds)
    while true {
      let text = text
      if let range = text.range(of: expected, range: place(in: text)..<text.endIndex) {
        seen = String(text[..<range.upperBound])
        return
      }
      guard Date() < end, receive(milliseconds: 50) else {
        throw Failure(
          description:
            "no \(expected.debugDescription) in \(String(text[place(in: text)...]).debugDescription)"
        )
      }
    }
  }

  /// What the screen showed up to the end of what was expected last.
  private var seen = ""

  /// Where what comes next can begin: behind that, or where the screen is another by now.
  private func place(in text: String) -> String.Index {
    zip(text.indices, zip(text, seen)).first { $1.0 != $1.1 }?.0
      ?? text.index(text.startIndex, offsetBy: seen.count, limitedBy: text.endIndex)
      ?? text.endIndex
  }

  /// Waits for the end; its exit code.
  func end(seconds: Double = 30) throws -> Int32 {
    let limit = Date().addingTimeInterval(seconds)
    while Date() < limit {
      let isOpen = receive(milliseconds: 20)
      var code: Int32 = 0
      if unsafe waitpid(process, &code, isOpen ? WNOHANG : 0) == process {
        status = code
        return code & 0x7F == 0 ? code >> 8 & 0xFF : 128 + code & 0x7F
      }
    }
    throw Failure(description: "the program goes on: \(text.suffix(200).debugDescription)")
  }

  /// Takes what has come; `false` when nobody sends any more.
  private func receive(milliseconds: Int32) -> Bool {
    var waited = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&waited, 1, milliseconds) > 0 else { return true }
    var piece = [UInt8](repeating: 0, count: 65536)
    let count = unsafe read(master, &piece, piece.count)
    guard count > 0 else { return false }
    bytes += piece[..<count]
    screen.take(piece[..<count])
    return true
  }
}
