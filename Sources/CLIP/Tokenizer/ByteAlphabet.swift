/// CLIP's alphabet of bytes: each byte has a visible character of its own.
///
/// The bytes 33–126, 161–172 and 174–255 stand for the characters of the same codes; the remaining 68,
/// in ascending order, for U+0100, U+0101, …
enum ByteAlphabet {
  /// The 256 characters in the order of their token ids.
  static let characters: [Character] = order.map { scalars[$0] }

  /// The token id of each byte inside a word.
  static let ids: [Int] = {
    var result = [Int](repeating: 0, count: 256)
    for (place, byte) in order.enumerated() { result[byte] = place }
    return result
  }()

  /// The character of each byte.
  static let byByte: [Character] = {
    var result = [Character](repeating: " ", count: 256)
    for (place, byte) in order.enumerated() { result[byte] = characters[place] }
    return result
  }()

  /// The byte of each character.
  static let bytes: [Character: UInt8] = Dictionary(
    uniqueKeysWithValues: byByte.enumerated().map { ($0.element, UInt8($0.offset)) })

  private static let visible = Array(33...126) + Array(161...172) + Array(174...255)
  private static let order = visible + (0...255).filter { !visible.contains($0) }

  private static let scalars: [Character] = {
    var next: UInt32 = 0x100
    return (0...255).map { byte in
      var code = UInt32(byte)
      if !visible.contains(byte) { (code, next) = (next, next + 1) }
      return Unicode.Scalar(code).map(Character.init) ?? " "
    }
  }()
}
