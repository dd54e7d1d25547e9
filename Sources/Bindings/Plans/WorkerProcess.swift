internal import Foundation
internal import Glibc
internal import Store

/// A process of this program that runs cells for this one.
///
/// It is told what to do on its standard input and answers on its standard output, a line each. It ends
/// when nobody holds the other end of its input any more, whatever it is doing: so it ends with this
/// process, also if that is killed.
final class WorkerProcess {
  private let process: pid_t
  private let input: Int32
  private let output: Int32
  private var received: [UInt8] = []
  /// What it is doing: the number of a cell.
  var cell: Int?

  /// Starts one; throws if the system has no more processes or descriptors.
  init(_ arguments: [String]) throws {
    let file = "/proc/self/exe"
    let (input, output) = (try Self.pipe(), try Self.pipe())
    let nowhere = "/dev/null"
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, nowhere, O_WRONLY, 0)
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    var process = pid_t()
    let status = unsafe Self.withTexts(["duet"] + arguments) { words in
      unsafe Self.withTexts(environment) { variables in
        unsafe posix_spawn(&process, file, &actions, nil, words, variables)
      }
    }
    close(input.read)
    close(output.write)
    (self.process, self.input, self.output) = (process, input.write, output.read)
    guard status == 0 else {
      close(input.write)
      close(output.read)
      throw StoreError(file: file, .system("start another process", code: status))
    }
  }

  /// Both ends of a pipe, which no other process inherits.
  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe Glibc.pipe(&ends) == 0 else {
      throw StoreError(file: "a pipe", .system("open", code: errno))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  /// Texts as C has them, with a null pointer behind the last.
  private static func withTexts<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = unsafe texts.map { unsafe strdup($0) }
    defer { unsafe copies.forEach { unsafe free($0) } }
    return unsafe body(copies + [nil])
  }

  /// Whether it can be told anything: a text, whole.
  func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let done = unsafe bytes[start...].withUnsafeBytes {
        unsafe write(input, $0.baseAddress, $0.count)
      }
      if done > 0 { start += done } else if errno != EINTR { return false }
    }
    return true
  }

  /// The lines that it has answered, waiting for none; nil when it has ended.
  func answers() -> [String]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe read(output, &bytes, bytes.count)
    if count < 0, errno == EINTR { return [] }
    guard count > 0 else { return nil }
    received += bytes[..<count]
    var lines: [String] = []
    while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(String(decoding: received[..<end], as: UTF8.self))
      received.removeFirst(end + 1)
    }
    return lines
  }

  /// Ends it and waits until it is gone.
  func end() {
    close(input)
    close(output)
    // It would end by itself, unless it was stopped.
    kill(process, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// Waits until one of these has something to say, and returns their places.
  static func wait(for workers: [WorkerProcess], milliseconds: Int32) -> [Int] {
    var polled = workers.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
    guard unsafe poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return [] }
    return polled.indices.filter { polled[$0].revents != 0 }
  }
}
