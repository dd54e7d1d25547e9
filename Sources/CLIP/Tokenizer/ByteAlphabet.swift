/// CLIP's alphabet of bytes: each byte has a visible character of its own.
///
/// The bytes 33–126, 161–172 and 174–255 stand for the characters of the same codes; the remaining 68,
/// in ascending order, for U+0100, U+0101, … A vocabulary's files spell their symbols with these
/// characters in UTF-8: one byte for the first 94, two for the others.
enum ByteAlphabet {
  /// The bytes in the order of their token ids.
  static let order: [UInt8] = visible + (0...255).filter { !visible.contains($0) }

  /// How each byte is spelt.
  static let spellings: [[UInt8]] = scalars.map { Array(String($0).utf8) }

  /// How each byte is spelt, as a text.
  static let characters: [String] = scalars.map { String($0) }

  /// The bytes that a text in this alphabet stands for; nil for a text in another one.
  static func bytes(of text: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    return read(text) { result.append($0) } ? result : nil
  }

  /// Whether a text is in this alphabet.
  static func isSpelt(_ text: some Sequence<UInt8>) -> Bool { read(text) { _ in } }

  /// Gives away the bytes that a text stands for; false if it is in another alphabet.
  private static func read(_ text: some Sequence<UInt8>, _ body: (UInt8) -> Void) -> Bool {
    var lead: UInt8?
    for unit in text {
      if let first = lead {
        guard unit & 0xC0 == 0x80, let byte = byte(first, unit) else { return false }
        body(byte)
        lead = nil
      } else if unit < 0x80 {
        guard (33...126).contains(unit) else { return false }
        body(unit)
      } else {
        lead = unit
      }
    }
    return lead == nil
  }

  /// The byte whose character has these two units.
  private static func byte(_ first: UInt8, _ second: UInt8) -> UInt8? {
    guard (0xC2...0xC5).contains(first) else { return nil }
    let place = Int(first - 0xC2) << 6 | Int(second & 0x3F)
    return place < pairs.count ? pairs[place] : nil
  }

  /// The bytes of the characters from U+0080 on.
  private static let pairs: [UInt8?] = {
    var result = [UInt8?](repeating: nil, count: 0x144 - 0x80)
    for (byte, scalar) in scalars.enumerated() where scalar.value >= 0x80 {
      result[Int(scalar.value) - 0x80] = UInt8(byte)
    }
    return result
  }()

  private static let visible = [UInt8](33...126) + [UInt8](161...172) + [UInt8](174...255)

  private static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (UInt8.min...UInt8.max).map { byte in
      if visible.contains(byte) { return Unicode.Scalar(byte) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? " "
    }
  }()
}
