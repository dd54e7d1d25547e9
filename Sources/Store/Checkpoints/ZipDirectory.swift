/// The entries of a zip archive, as its central directory lists them.
///
/// An archive says most things twice, and the second time may contradict the first; readers that believe
/// different halves see different files. Here sizes, checksums and places are those of the central
/// directory, and a local header must only be there and carry the same name. Entries may not overlap each
/// other or the directory. Nothing is inflated and nothing is extracted.
struct ZipDirectory {
  /// A file in the archive.
  struct Entry {
    let name: String
    /// Whether the bytes lie as they are; others are compressed and never read.
    let isStored: Bool
    let bytes: StoredBytes
  }

  private(set) var entries: [Entry] = []
  private var places: [ByteName: Int] = [:]

  private static let entryLimit = 100_000
  private static let sizeLimit = 64 << 20

  init(_ source: FileBytes) throws(Fault) {
    let end = try EndRecord(source)
    guard end.count <= Self.entryLimit else { throw .tooMany("entries", limit: Self.entryLimit) }
    guard end.size <= Self.sizeLimit else {
      throw .tooLarge(needed: end.size, limit: Self.sizeLimit)
    }
    guard end.place <= end.limit, end.size <= end.limit - end.place, end.size / 46 >= end.count
    else {
      throw .damaged("a directory that lies outside the file or is too small for its entries")
    }
    var cursor = ByteCursor(try source.bytes(at: end.place, count: end.size))
    var spans: [Range<Int>] = []
    for _ in 0..<end.count {
      let record = try CentralRecord(&cursor)
      let place = try record.payload(source, before: end.place)
      guard places.updateValue(entries.count, forKey: ByteName(record.name)) == nil else {
        throw .damaged("two entries are called \(TextWidth.quoted(record.name))")
      }
      spans.append(record.local..<place + record.storedSize)
      let bytes = StoredBytes(place: place, count: record.storedSize, checksum: record.checksum)
      entries.append(Entry(name: record.name, isStored: record.method == 0, bytes: bytes))
    }
    guard cursor.remaining == 0 else { throw .damaged("more in the directory than its entries") }
    spans.sort { $0.lowerBound < $1.lowerBound }
    for (span, next) in zip(spans, spans.dropFirst()) where span.upperBound > next.lowerBound {
      throw .damaged("entries that share bytes")
    }
  }

  /// The entry of a name.
  subscript(name: String) -> Entry? { places[ByteName(name)].map { entries[$0] } }
}

/// Where the directory lies.
private struct EndRecord {
  private(set) var count: Int
  private(set) var size: Int
  private(set) var place: Int
  /// Where the records about the directory begin.
  private(set) var limit: Int

  /// The record, its longest comment, and nothing else.
  private static let reach = 22 + 65535

  init(_ source: FileBytes) throws(Fault) {
    let tail = try source.bytes(
      at: max(0, source.size - Self.reach), count: min(source.size, Self.reach))
    guard let start = Self.find(in: tail) else {
      throw .damaged("an archive without its directory, perhaps cut off")
    }
    var cursor = ByteCursor(Array(tail[start...]))
    try cursor.skip(4)
    let disks = [try cursor.count(2), try cursor.count(2)]
    let here = try cursor.count(2)
    count = try cursor.count(2)
    size = try cursor.count(4)
    place = try cursor.count(4)
    limit = source.size - tail.count + start
    guard disks.allSatisfy({ $0 == 0 || $0 == 0xFFFF }), here == count else {
      throw .unsupported("an archive in several parts")
    }
    try readLarge(source)
  }

  /// The last record whose comment reaches exactly to the end of the file.
  private static func find(in tail: [UInt8]) -> Int? {
    guard tail.count >= 22 else { return nil }
    return (0...tail.count - 22).reversed().first { start in
      tail[start..<start + 4].elementsEqual([0x50, 0x4B, 5, 6])
        && start + 22 + Int(tail[start + 20]) + Int(tail[start + 21]) << 8 == tail.count
    }
  }

  /// The numbers of 64 bits, where they are; whatever the short record knows must be the same there.
  private mutating func readLarge(_ source: FileBytes) throws(Fault) {
    let isFull = count == 0xFFFF || size == 0xFFFF_FFFF || place == 0xFFFF_FFFF
    guard limit >= 20, case let locator = try source.bytes(at: limit - 20, count: 20),
      locator.starts(with: [0x50, 0x4B, 6, 7])
    else {
      if isFull { throw .damaged("an archive without its large directory") }
      return
    }
    var cursor = ByteCursor(locator)
    try cursor.skip(8)
    let address = try cursor.count(8)
    guard address <= limit - 20 - 56 else { throw .damaged("a large directory out of its place") }
    cursor = ByteCursor(try source.bytes(at: address, count: 56))
    guard try cursor.take(4) == [0x50, 0x4B, 6, 6] else {
      throw .damaged("a large directory out of its place")
    }
    try cursor.skip(20)
    let numbers = [
      try cursor.count(8), try cursor.count(8), try cursor.count(8), try cursor.count(8),
    ]
    let short = [(count, 0xFFFF), (count, 0xFFFF), (size, 0xFFFF_FFFF), (place, 0xFFFF_FFFF)]
    for (number, (known, full)) in zip(numbers, short) where known != full && known != number {
      throw .damaged("two directories that contradict each other")
    }
    guard numbers[0] == numbers[1] else { throw .unsupported("an archive in several parts") }
    (count, size, place, limit) = (numbers[1], numbers[2], numbers[3], address)
  }
}

/// What the central directory says about one entry.
private struct CentralRecord {
  let name: String
  let method: Int
  let checksum: UInt32
  private(set) var storedSize: Int
  private(set) var size: Int
  /// Where its local header stands.
  private(set) var local: Int
  private let nameBytes: [UInt8]

  init(_ cursor: inout ByteCursor) throws(Fault) {
    guard try cursor.take(4) == [0x50, 0x4B, 1, 2] else {
      throw .damaged("a directory entry without its signature")
    }
    try cursor.skip(4)
    let flags = try cursor.count(2)
    method = try cursor.count(2)
    try cursor.skip(4)
    checksum = UInt32(truncatingIfNeeded: try cursor.unsigned(4))
    storedSize = try cursor.count(4)
    size = try cursor.count(4)
    let (nameCount, extraCount) = (try cursor.count(2), try cursor.count(2))
    let commentCount = try cursor.count(2)
    var disk = try cursor.count(2)
    try cursor.skip(6)
    local = try cursor.count(4)
    nameBytes = try cursor.take(nameCount)
    name = try Self.name(nameBytes)
    var extra = ByteCursor(try cursor.take(extraCount))
    try cursor.skip(commentCount)
    guard flags & 0x2041 == 0 else { throw .unsupported("an encrypted entry") }
    while extra.remaining >= 4 {
      let (id, length) = (try extra.count(2), try extra.count(2))
      var field = ByteCursor(try extra.take(length))
      guard id == 1 else { continue }
      if size == 0xFFFF_FFFF { size = try field.count(8) }
      if storedSize == 0xFFFF_FFFF { storedSize = try field.count(8) }
      if local == 0xFFFF_FFFF { local = try field.count(8) }
      if disk == 0xFFFF { disk = try field.count(4) }
    }
    guard disk == 0 else { throw .unsupported("an archive in several parts") }
    guard method != 0 || size == storedSize else {
      throw .damaged("\(TextWidth.quoted(name)) has two sizes")
    }
  }

  /// Bytes of a name. Names are looked up as often as a pickle asks for them.
  private static let nameLimit = 1024

  /// A name that stays inside the archive.
  private static func name(_ bytes: [UInt8]) throws(Fault) -> String {
    guard bytes.count <= nameLimit else { throw .damaged("a name of \(bytes.count) bytes") }
    guard let name = String(validating: bytes, as: UTF8.self), !name.isEmpty else {
      throw .damaged("the name of an entry")
    }
    let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isOutside =
      bytes[0] == UInt8(ascii: "/") || parts.contains { $0.elementsEqual([0x2E, 0x2E]) }
    guard !isOutside, !bytes.contains(UInt8(ascii: "\\")), !bytes.contains(0) else {
      throw .damaged("an entry called \(TextWidth.quoted(name))")
    }
    return name
  }

  /// Where the bytes begin, after a local header that repeats the name.
  func payload(_ source: FileBytes, before end: Int) throws(Fault) -> Int {
    let outside = Fault.damaged("\(TextWidth.quoted(name)) lies outside the archive")
    let header = 30 + nameBytes.count
    guard local <= end, header <= end - local else { throw outside }
    let bytes = try source.bytes(at: local, count: header)
    guard bytes.starts(with: [0x50, 0x4B, 3, 4]), bytes[30...].elementsEqual(nameBytes),
      Int(bytes[26]) + Int(bytes[27]) << 8 == nameBytes.count
    else { throw .damaged("\(TextWidth.quoted(name)) has no header of its own") }
    let extra = Int(bytes[28]) + Int(bytes[29]) << 8
    guard extra <= end - local - header, storedSize <= end - local - header - extra else {
      throw outside
    }
    return local + header + extra
  }
}
