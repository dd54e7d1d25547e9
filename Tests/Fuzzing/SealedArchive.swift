import CZlib

/// An archive around a pickle, with the checksum that it must have and one storage, "0", of 24 bytes.
enum SealedArchive {
  static func bytes(pickle: [UInt8]) -> [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for (name, bytes) in [("a/data.pkl", pickle), ("a/data/0", [UInt8](0..<24))] {
      let name = Array(name.utf8)
      let sum = unsafe UInt(crc32(0, bytes, uInt(bytes.count)))
      let (count, place) = (UInt(bytes.count), UInt(file.count))
      file += [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 22)
      file += number(UInt(name.count), 2) + [0, 0] + name + bytes
      directory += [0x50, 0x4B, 1, 2] + [UInt8](repeating: 0, count: 12)
      directory += number(sum, 4) + number(count, 4) + number(count, 4)
      directory += number(UInt(name.count), 2) + [UInt8](repeating: 0, count: 12)
      directory += number(place, 4) + name
    }
    let place = UInt(file.count)
    file += directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 2, 0, 2, 0]
    return file + number(UInt(directory.count), 4) + number(place, 4) + [0, 0]
  }

  private static func number(_ value: UInt, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * UInt($0))) }
  }
}
