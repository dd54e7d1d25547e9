internal import Foundation
internal import Glibc

/// The other end of a ``Crew``: what a worker's process hears and answers.
package final class Foreman {
  /// The text to run.
  package let script: String
  /// Where plans without a store keep their cells.
  let folder: String
  private var received: [UInt8]
  private var next: Order?

  /// What a worker is told to do.
  struct Order: Equatable {
    /// Which plan of the text, and which of its cells.
    let plan: Int
    let cell: Int
    /// What tells whether both mean the same cell.
    let key: String
  }

  /// How an order was carried out.
  enum Answer: String {
    case done
    /// Another process is at it.
    case busy
    case failed
    /// This process has another plan.
    case strange
  }

  /// Listens to the standard input; nil if nobody speaks there. From then on this process ends with the one that
  /// started it.
  package init?() {
    received = []
    guard let line = Self.line(&received) else { return nil }
    let counts = line.split(separator: " ").compactMap { Int($0) }
    guard counts.count == 2, counts.allSatisfy({ (0...(1 << 30)).contains($0) }) else { return nil }
    while received.count < counts[0] + counts[1] {
      guard Self.receive(&received) else { return nil }
    }
    folder = String(decoding: received[..<counts[0]], as: UTF8.self)
    script = String(decoding: received[counts[0]..<(counts[0] + counts[1])], as: UTF8.self)
    received.removeFirst(counts[0] + counts[1])
    Thread.detachNewThread {
      var input = pollfd(fd: STDIN_FILENO, events: 0, revents: 0)
      while unsafe poll(&input, 1, -1) <= 0 {}
      _exit(0)
    }
  }

  private static func receive(_ received: inout [UInt8]) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(STDIN_FILENO, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      received += bytes[..<max(0, count)]
      return count > 0
    }
  }

  private static func line(_ received: inout [UInt8]) -> String? {
    while true {
      if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
        defer { received.removeFirst(end + 1) }
        return String(decoding: received[..<end], as: UTF8.self)
      }
      guard received.count < 4096, receive(&received) else { return nil }
    }
  }

  /// The next order, if it concerns a plan; waits for one. Without any more the process ends.
  func order(for plan: Int) -> Order? {
    if next == nil {
      let words = Self.line(&received)?.split(separator: " ").map(String.init) ?? []
      guard words.count == 3, let plan = Int(words[0]), let cell = Int(words[1]) else { _exit(0) }
      next = Order(plan: plan, cell: cell, key: words[2])
    }
    guard next?.plan == plan else { return nil }
    return next.take()
  }

  /// Says how an order was carried out.
  func answer(_ answer: Answer, _ order: Order) {
    let bytes = Array("\(answer.rawValue) \(order.cell)\n".utf8)
    if unsafe write(STDOUT_FILENO, bytes, bytes.count) != bytes.count { _exit(0) }
  }
}
