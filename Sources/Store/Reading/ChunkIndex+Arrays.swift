/// The two indices of HDF5 1.10 that are arrays of entries, one a chunk, in the order of the grid:
/// of a fixed length, or growing along one axis.
///
/// A fixed array is one block, cut into pages with a checksum each when it is long. A growing one
/// starts in its index block, goes on in data blocks that double, and then in blocks of blocks.
extension ChunkMap {
  /// The entries of one array, numbered on as they are read.
  private struct Entries {
    let isFiltered: Bool
    let entrySize: Int
    let chunkBytes: Int
    /// Numbers of entries that are of interest.
    let count: Int
    var next = 0
    var found: [(number: Int, address: Int, size: Int, mask: Int)] = []

    var isDone: Bool { next >= count }

    /// Reads up to `number` entries.
    mutating func read(_ cursor: inout ByteCursor, _ number: Int) throws(Fault) {
      for _ in 0..<number {
        var entry = ByteCursor(try cursor.take(entrySize))
        let address = try entry.address()
        let size = isFiltered ? try entry.count(entrySize - 12) : chunkBytes
        let mask = isFiltered ? try entry.count(4) : 0
        if let address, next < count { found.append((next, address, size, mask)) }
        next += 1
      }
    }
  }

  mutating func readFixedArray(_ source: FileBytes, _ header: Int) throws(Fault) {
    var cursor = try source.checkedCursor(at: header, count: 28)
    try cursor.expect("FAHD")
    _ = try cursor.expectVersion(0...0, of: "array")
    try cursor.skip(1)
    let entrySize = try cursor.byte()
    let pageBits = try cursor.byte()
    let length = try cursor.count(8)
    guard let block = try cursor.address() else { return }
    guard pageBits < 32, entrySize == (isFiltered ? max(entrySize, 13) : 8),
      length <= source.size / 8
    else { throw .damaged("an array of \(length) entries of \(entrySize) bytes") }
    let numbering = try ChunkNumbering(extents)
    var entries = Entries(
      isFiltered: isFiltered, entrySize: entrySize, chunkBytes: chunkBytes, count: numbering.count)
    let pages = length > 1 << pageBits ? (length + 1 << pageBits - 1) >> pageBits : 0
    if pages == 0 {
      var data = try source.checkedCursor(at: block, count: 14 + length * entrySize + 4)
      try data.expect("FADB")
      try data.skip(10)
      try entries.read(&data, length)
    } else {
      try readPages(source, block, length, pages, 1 << pageBits, &entries)
    }
    keep(entries, numbering)
  }

  private func readPages(
    _ source: FileBytes, _ block: Int, _ length: Int, _ pages: Int, _ perPage: Int,
    _ entries: inout Entries
  ) throws(Fault) {
    let prefix = 14 + (pages + 7) / 8 + 4
    var data = try source.checkedCursor(at: block, count: prefix)
    try data.expect("FADB")
    try data.skip(10)
    let written = try data.take((pages + 7) / 8)
    for page in 0..<pages {
      let here = min(perPage, length - page * perPage)
      guard written[page / 8] & (0x80 >> UInt8(page % 8)) != 0 else {
        entries.next += here
        continue
      }
      let address = block + prefix + page * (perPage * entries.entrySize + 4)
      var cursor = try source.checkedCursor(at: address, count: here * entries.entrySize + 4)
      try entries.read(&cursor, here)
    }
  }

  private mutating func keep(_ entries: Entries, _ numbering: ChunkNumbering) {
    for entry in entries.found {
      guard let place = numbering.place(of: entry.number) else { continue }
      add(StoredChunk(address: entry.address, size: entry.size, mask: entry.mask, place: place))
    }
  }

  mutating func readExtensibleArray(_ source: FileBytes, _ header: Int) throws(Fault) {
    let array = try GrowingArray(source, at: header)
    guard let index = array.index else { return }
    let numbering = try ChunkNumbering(extents)
    guard array.entrySize == (isFiltered ? max(array.entrySize, 13) : 8) else {
      throw .damaged("an array with entries of \(array.entrySize) bytes")
    }
    var entries = Entries(
      isFiltered: isFiltered, entrySize: array.entrySize, chunkBytes: chunkBytes,
      count: numbering.count)
    var block = try source.checkedCursor(at: index, count: array.indexSize)
    try block.expect("EAIB")
    try block.skip(10)
    try entries.read(&block, array.indexEntries)
    for row in array.rows {
      for _ in 0..<(row.isDirect ? row.blocks : 1) where !entries.isDone {
        let address = try block.address()
        if row.isDirect {
          try read(source, address, row, array, &entries, isWritten: nil)
        } else {
          try readSecondary(source, address, row, array, &entries)
        }
      }
    }
    keep(entries, numbering)
  }

  /// A block of addresses of data blocks.
  private func readSecondary(
    _ source: FileBytes, _ address: Int?, _ row: GrowingArray.Row, _ array: GrowingArray,
    _ entries: inout Entries
  ) throws(Fault) {
    guard let address else {
      entries.next += row.blocks * row.entries
      return
    }
    let flags = array.pages(row) > 0 ? (array.pages(row) + 7) / 8 : 0
    let prefix = 14 + array.offsetWidth
    let count = prefix + row.blocks * (flags + 8) + 4
    var block = try source.checkedCursor(at: address, count: count)
    try block.expect("EASB")
    try block.skip(prefix - 4)
    var written: [[UInt8]] = []
    for _ in 0..<row.blocks { written.append(try block.take(flags)) }
    for index in 0..<row.blocks where !entries.isDone {
      let child = try block.address()
      try read(source, child, row, array, &entries, isWritten: written[index])
    }
  }

  /// A block of entries, whole or in pages.
  private func read(
    _ source: FileBytes, _ address: Int?, _ row: GrowingArray.Row, _ array: GrowingArray,
    _ entries: inout Entries, isWritten: [UInt8]?
  ) throws(Fault) {
    guard let address else {
      entries.next += row.entries
      return
    }
    let prefix = 14 + array.offsetWidth
    let pages = array.pages(row)
    guard pages > 0, let isWritten else {
      let count = prefix + row.entries * array.entrySize + 4
      var block = try source.checkedCursor(at: address, count: count)
      try block.expect("EADB")
      try block.skip(prefix - 4)
      return try entries.read(&block, row.entries)
    }
    var head = try source.checkedCursor(at: address, count: prefix + 4)
    try head.expect("EADB")
    let pageBytes = array.pageEntries * array.entrySize + 4
    for page in 0..<pages {
      guard isWritten[page / 8] & (0x80 >> UInt8(page % 8)) != 0 else {
        entries.next += array.pageEntries
        continue
      }
      var cursor = try source.checkedCursor(
        at: address + prefix + 4 + page * pageBytes, count: pageBytes)
      try entries.read(&cursor, array.pageEntries)
    }
  }
}

/// The header of a growing array: how its blocks grow.
private struct GrowingArray {
  let entrySize: Int
  let indexEntries: Int
  let pageEntries: Int
  let offsetWidth: Int
  let index: Int?
  let rows: [Row]

  /// Blocks of equal size. The first rows are named in the index block itself.
  struct Row {
    let blocks: Int
    let entries: Int
    let isDirect: Bool
  }

  init(_ source: FileBytes, at header: Int) throws(Fault) {
    var cursor = try source.checkedCursor(at: header, count: 72)
    try cursor.expect("EAHD")
    _ = try cursor.expectVersion(0...0, of: "array")
    try cursor.skip(1)
    entrySize = try cursor.byte()
    let bits = try cursor.byte()
    indexEntries = try cursor.byte()
    let least = try cursor.byte()
    let pointers = try cursor.byte()
    let pageBits = try cursor.byte()
    try cursor.skip(48)
    index = try cursor.address()
    guard bits <= 48, pageBits < 32, least > 0, least.nonzeroBitCount == 1, pointers > 0,
      pointers.nonzeroBitCount == 1, bits >= least.trailingZeroBitCount
    else { throw .damaged("an array that grows by \(least) and \(pointers)") }
    pageEntries = 1 << pageBits
    offsetWidth = (bits + 7) / 8
    let direct = 2 * pointers.trailingZeroBitCount
    rows = (0..<(1 + bits - least.trailingZeroBitCount)).map { row in
      Row(blocks: 1 << (row / 2), entries: least << ((row + 1) / 2), isDirect: row < direct)
    }
  }

  /// Bytes of the index block.
  var indexSize: Int {
    let pointers = rows.reduce(0) { $0 + ($1.isDirect ? $1.blocks : 1) }
    return 14 + indexEntries * entrySize + 8 * pointers + 4
  }

  /// Pages of a block; none when it is short enough to be whole.
  func pages(_ row: Row) -> Int { row.entries > pageEntries ? row.entries / pageEntries : 0 }
}
