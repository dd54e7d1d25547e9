/// The first block of a file: where the root group is, and whether the file is whole.
struct Superblock {
  /// Address of the root group's object header.
  let root: Int

  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  init(_ source: FileBytes) throws(Fault) {
    try source.findSignature(Self.signature)
    var cursor = try source.cursor(at: 0, count: min(source.size - source.base, 128))
    try cursor.skip(Self.signature.count)
    let version = try cursor.expectVersion(0...3, of: "superblock")
    let end: Int
    if version < 2 {
      (root, end) = try Self.classic(&cursor, version)
    } else {
      (root, end) = try Self.modern(&cursor, version, source)
    }
    guard end <= source.size else {
      throw .damaged("cut off: \(source.size) of \(end) bytes are there")
    }
  }

  private static func sizes(_ cursor: inout ByteCursor) throws(Fault) {
    let (offsets, lengths) = (try cursor.byte(), try cursor.byte())
    guard offsets == 8, lengths == 8 else {
      throw .unsupported("addresses of \(offsets) and lengths of \(lengths) bytes")
    }
  }

  /// Versions 0 and 1, which HDF5 writes unless asked for more.
  private static func classic(_ cursor: inout ByteCursor, _ version: Int) throws(Fault) -> (
    Int, Int
  ) {
    try cursor.skip(4)
    try sizes(&cursor)
    try cursor.skip(version == 0 ? 9 : 13)
    _ = try cursor.address()
    _ = try cursor.address()
    let end = try cursor.requiredAddress()
    guard try cursor.address() == nil else { throw .unsupported("a file in several pieces") }
    try cursor.skip(8)
    return (try cursor.requiredAddress(), end)
  }

  /// Versions 2 and 3, which carry a checksum.
  private static func modern(
    _ cursor: inout ByteCursor, _ version: Int, _ source: FileBytes
  ) throws(Fault) -> (Int, Int) {
    try sizes(&cursor)
    let flags = try cursor.byte()
    guard version < 3 || flags & 0b101 == 0 else { throw .damaged("its writer did not close it") }
    _ = try cursor.address()
    let extra = try cursor.address()
    let end = try cursor.requiredAddress()
    let root = try cursor.requiredAddress()
    let checksum = Checksum.lookup3(cursor.bytes[..<cursor.position])
    guard try cursor.unsigned(4) == UInt64(checksum) else {
      throw .damaged("the checksum of the superblock")
    }
    if let extra {
      for message in try ObjectHeader(source, at: extra).messages {
        switch message.kind {
        case .sharedMessageTable: throw .unsupported("shared messages")
        case .driver: throw .unsupported("a file in several pieces")
        case .cacheImage: throw .unsupported("an image of the metadata cache")
        default: break
        }
      }
    }
    return (root, end)
  }
}
