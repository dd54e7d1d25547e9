/// A key, or a whole paste.
package enum Key: Equatable, Sendable {
  case character(Unicode.Scalar)
  /// Ctrl and a letter, as in `control("a")`.
  case control(Character)
  /// Alt and a character, or Escape and then the character.
  case alt(Unicode.Scalar)
  case enter
  /// A line break whatever the parser thinks.
  case altEnter
  case tab
  case backspace
  case delete
  case up
  case down
  case left
  case right
  case home
  case end
  case wordLeft
  case wordRight
  case escape
  case paste(String)
}

/// Turns the bytes that a terminal sends into keys.
///
/// A terminal sends text as UTF-8 and other keys as sequences that begin with Escape. A sequence that
/// is not known is taken as a whole and means nothing, so that no part of it ends up in the text.
/// Between the marks of a bracketed paste everything is text.
package struct KeyDecoder {
  private enum State {
    case plain
    /// Inside a character of several bytes.
    case character(bytes: [UInt8], missing: Int)
    case escape
    /// Behind `ESC [`.
    case sequence([UInt8])
    /// Behind `ESC O`.
    case function
    case paste([UInt8])
  }

  private var state = State.plain
  private static let escape: UInt8 = 0x1B
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// A decoder between two keys.
  package init() {}

  /// Whether an Escape has come that may stand for itself, if nothing follows soon.
  package var awaitsRest: Bool { if case .escape = state { true } else { false } }

  /// Takes a byte; the key that it completes, if it does.
  package mutating func take(_ byte: UInt8) -> Key? {
    switch state {
    case .plain: return plain(byte)
    case .character(let bytes, let missing): return character(bytes, missing, byte)
    case .escape: return escaped(byte)
    case .sequence(let bytes):
      // Parameters and intermediates go on; a byte from @ to ~ is the last.
      guard (0x40...0x7E).contains(byte) || bytes.count > 32 else {
        state = .sequence(bytes + [byte])
        return nil
      }
      state = .plain
      return sequence(bytes, byte)
    case .function:
      state = .plain
      // The Enter of a keypad.
      return byte == UInt8(ascii: "M") ? .enter : Self.arrows[byte]
    case .paste(var bytes):
      state = .plain
      bytes.append(byte)
      if byte == UInt8(ascii: "~"), bytes.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
        let text = bytes.dropLast(Self.pasteEnd.count)
        return .paste(String(decoding: text, as: UTF8.self))
      }
      state = .paste(bytes)
      return nil
    }
  }

  /// Nothing followed: an Escape stands for itself.
  package mutating func pause() -> Key? {
    guard awaitsRest else { return nil }
    state = .plain
    return .escape
  }

  private mutating func plain(_ byte: UInt8) -> Key? {
    switch byte {
    case Self.escape:
      state = .escape
      return nil
    case 0x08, 0x7F: return .backspace
    case 0x09: return .tab
    case 0x0A, 0x0D: return .enter
    case 0x00..<0x20:
      return .control(Character(Unicode.Scalar(byte + 0x60)))
    case 0x20..<0x7F: return .character(Unicode.Scalar(byte))
    default:
      let missing = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0
      if missing > 0 { state = .character(bytes: [byte], missing: missing) }
      return nil
    }
  }

  private mutating func character(_ bytes: [UInt8], _ missing: Int, _ byte: UInt8) -> Key? {
    state = .plain
    // A byte that does not go on begins anew: a broken character loses nobody else.
    guard byte & 0xC0 == 0x80 else { return take(byte) }
    guard missing == 1 else {
      state = .character(bytes: bytes + [byte], missing: missing - 1)
      return nil
    }
    let text = String(decoding: bytes + [byte], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first, scalar != "\u{FFFD}" || bytes[0] == 0xEF,
      scalar.properties.generalCategory != .control
    else { return nil }
    return .character(scalar)
  }

  private mutating func escaped(_ byte: UInt8) -> Key? {
    state = .plain
    switch byte {
    case UInt8(ascii: "["): state = .sequence([])
    case UInt8(ascii: "O"): state = .function
    case Self.escape: state = .escape
    case 0x0A, 0x0D: return .altEnter
    case 0x7F: return .alt("\u{7F}")
    case 0x20..<0x7F: return .alt(Unicode.Scalar(byte))
    default: break
    }
    return nil
  }

  private static let arrows: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
  ]

  private static let numbered: [Int: Key] = [
    1: .home, 3: .delete, 4: .end, 7: .home, 8: .end,
  ]

  private mutating func sequence(_ bytes: [UInt8], _ last: UInt8) -> Key? {
    let parameters = String(decoding: bytes, as: UTF8.self).split(separator: ";").map { Int($0) }
    let isModified = parameters.count > 1 && parameters[1] != 1
    if last == UInt8(ascii: "~") {
      guard let number = parameters.first ?? nil else { return nil }
      if number == 200 { state = .paste([]) }
      return Self.numbered[number]
    }
    switch (Self.arrows[last], isModified) {
    case (.right, true): return .wordRight
    case (.left, true): return .wordLeft
    case (let key, _): return key
    }
  }
}
