/// The two checksums of HDF5 files.
enum Checksum {
  /// Bob Jenkins' lookup3 ("hashlittle"), which ends every block of metadata of newer files.
  static func lookup3(_ bytes: some RandomAccessCollection<UInt8>) -> UInt32 {
    let bytes = Array(bytes)
    let start = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count)
    var (a, b, c) = (start, start, start)
    guard !bytes.isEmpty else { return c }
    func word(_ index: Int) -> UInt32 {
      var value: UInt32 = 0
      for byte in 0..<4 where index + byte < bytes.count {
        value |= UInt32(bytes[index + byte]) << UInt32(8 * byte)
      }
      return value
    }
    var index = 0
    while bytes.count - index > 12 {
      a &+= word(index)
      b &+= word(index + 4)
      c &+= word(index + 8)
      mix(&a, &b, &c)
      index += 12
    }
    a &+= word(index)
    b &+= word(index + 4)
    c &+= word(index + 8)
    finish(&a, &b, &c)
    return c
  }

  private static func rotated(_ x: UInt32, _ by: UInt32) -> UInt32 { x << by | x >> (32 - by) }

  private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    a = (a &- c) ^ rotated(c, 4)
    c &+= b
    b = (b &- a) ^ rotated(a, 6)
    a &+= c
    c = (c &- b) ^ rotated(b, 8)
    b &+= a
    a = (a &- c) ^ rotated(c, 16)
    c &+= b
    b = (b &- a) ^ rotated(a, 19)
    a &+= c
    c = (c &- b) ^ rotated(b, 4)
    b &+= a
  }

  private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    c = (c ^ b) &- rotated(b, 14)
    a = (a ^ c) &- rotated(c, 11)
    b = (b ^ a) &- rotated(a, 25)
    c = (c ^ b) &- rotated(b, 16)
    a = (a ^ c) &- rotated(c, 4)
    b = (b ^ a) &- rotated(a, 14)
    c = (c ^ b) &- rotated(b, 24)
  }

  /// Fletcher's checksum over 16-bit words, as HDF5's filter computes it: 360 words at a time, and
  /// an odd last byte by itself.
  static func fletcher32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var low: UInt32 = 0
    var high: UInt32 = 0
    func fold() {
      low = (low & 0xFFFF) + (low >> 16)
      high = (high & 0xFFFF) + (high >> 16)
    }
    var index = bytes.startIndex
    let end = bytes.startIndex + bytes.count / 2 * 2
    while index < end {
      let stop = min(end, index + 720)
      while index < stop {
        low &+= UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        high &+= low
        index += 2
      }
      fold()
    }
    if index < bytes.endIndex {
      low &+= UInt32(bytes[index]) << 8
      high &+= low
      fold()
    }
    fold()
    return high << 16 | low
  }
}
