internal import CEdit
internal import Foundation

/// What is typed, or piped, into the program, as bytes, keys and lines.
///
/// Waiting also ends when a signal has come. Bytes that were read and not used stay for the next
/// reader, and are forgotten when the user gives an entry up.
final class StandardInput {
  /// What a wait came to.
  enum Event {
    case byte(UInt8)
    /// A signal has come; the flags of ``Interrupt`` say which.
    case woken
    /// Nothing came in time.
    case pause
    case end
  }

  private var buffer: ArraySlice<UInt8> = []
  private static let capacity = 4096

  /// Waits for the next byte, `milliseconds` at most; -1 waits without end.
  func next(milliseconds: Int32 = -1) -> Event {
    if let byte = buffer.popFirst() { return .byte(byte) }
    let ready = duet_input_wait(Interrupt.wake, milliseconds)
    if ready & 2 != 0 {
      duet_wake_clear(Interrupt.wake)
      return .woken
    }
    if ready == 0 { return .pause }
    var bytes = [UInt8](repeating: 0, count: Self.capacity)
    let count = unsafe read(STDIN_FILENO, &bytes, bytes.count)
    guard count > 0 else { return .end }
    buffer = bytes[..<count]
    return buffer.popFirst().map(Event.byte) ?? .end
  }

  /// What a line came to.
  enum Line: Equatable {
    case text(String)
    case interrupted
    case end
  }

  /// The next line, without its line break.
  func line() -> Line {
    var bytes: [UInt8] = []
    while true {
      switch next() {
      case .byte(UInt8(ascii: "\n")):
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return .text(String(decoding: bytes, as: UTF8.self))
      case .byte(let byte): bytes.append(byte)
      case .woken:
        if Interrupt.takeRequest() {
          forget()
          return .interrupted
        }
      case .pause: break
      case .end: return bytes.isEmpty ? .end : .text(String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  /// Forgets what was typed ahead.
  func forget() { buffer = [] }
}
