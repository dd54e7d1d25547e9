/// Reads little-endian fields one after another; a field beyond the end is an error.
struct ByteCursor {
  let bytes: [UInt8]
  private(set) var position: Int
  let end: Int

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    position = 0
    end = bytes.count
  }

  var remaining: Int { end - position }

  /// The next `count` bytes.
  mutating func take(_ count: Int) throws(Fault) -> [UInt8] {
    guard count >= 0, count <= remaining else {
      throw .damaged("a field of \(count) bytes where \(remaining) are left")
    }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func skip(_ count: Int) throws(Fault) {
    guard count >= 0, count <= remaining else {
      throw .damaged("a field of \(count) bytes where \(remaining) are left")
    }
    position += count
  }

  /// Skips to the next multiple of eight bytes, counted from `start`.
  mutating func align(from start: Int) throws(Fault) {
    try skip(min(remaining, (8 - (position - start) % 8) % 8))
  }

  mutating func byte() throws(Fault) -> Int {
    guard position < end else { throw .damaged("a field past the end") }
    defer { position += 1 }
    return Int(bytes[position])
  }

  /// An unsigned number of up to eight bytes.
  mutating func unsigned(_ width: Int) throws(Fault) -> UInt64 {
    guard width > 0, width <= 8, width <= remaining else {
      throw .damaged("a number of \(width) bytes where \(remaining) are left")
    }
    var value: UInt64 = 0
    for index in 0..<width { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += width
    return value
  }

  /// An unsigned number that counts something, and therefore fits.
  mutating func count(_ width: Int) throws(Fault) -> Int {
    let value = try unsigned(width)
    guard let count = Int(exactly: value) else { throw .damaged("a count of \(value)") }
    return count
  }

  /// An address; nil where the file says that there is none.
  mutating func address() throws(Fault) -> Int? {
    let value = try unsigned(8)
    if value == .max { return nil }
    guard let address = Int(exactly: value) else { throw .damaged("the address \(value)") }
    return address
  }

  /// An address that must be there.
  mutating func requiredAddress() throws(Fault) -> Int {
    guard let address = try address() else { throw .damaged("an address is missing") }
    return address
  }

  /// The four letters with which a block begins.
  mutating func expect(_ signature: String) throws(Fault) {
    guard try take(4) == Array(signature.utf8) else {
      throw .damaged("a block without its signature \(signature)")
    }
  }

  /// A version number that this reader knows.
  mutating func expectVersion(_ known: ClosedRange<Int>, of name: String) throws(Fault) -> Int {
    let version = try byte()
    guard known.contains(version) else { throw .unsupported("\(name) of version \(version)") }
    return version
  }
}
