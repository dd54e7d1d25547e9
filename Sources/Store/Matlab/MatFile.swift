/// The variables of a MATLAB file of level 5, as old data sets keep their labels in.
///
/// Read are numbers that are real and dense, texts, cells and structures, compressed or not; everything
/// else (sparse arrays, objects, complex numbers, level 4, level 7.3, files of big-endian machines) is
/// refused. Reading is bounded: no element is taken to be longer than what holds it, arrays are as many
/// as the file has bytes for, and nesting ends at ``depth`` levels.
package struct MatFile: Sendable {
  /// The variables in the file's order.
  package let variables: [(name: String, value: MatValue)]

  /// Cells and structures inside each other.
  static let depth = 16
  /// Bytes that compressed variables may become.
  static let unpackedLimit = 32 << 20

  /// The variable of a name.
  package subscript(name: String) -> MatValue? { variables.first { $0.name == name }?.value }

  /// Reads a file of at most `limit` bytes.
  package init(reading path: String, limit: Int = 32 << 20) throws(StoreError) {
    do throws(Fault) {
      let file = try FileBytes(opening: path)
      guard file.size <= limit else { throw .tooLarge(needed: file.size, limit: limit) }
      try self.init(parsing: try file.bytes(at: 0, count: file.size))
    } catch {
      throw StoreError(file: path, error)
    }
  }

  /// Reads the bytes of a file.
  package init(parsing bytes: [UInt8]) throws(StoreError.Fault) {
    guard bytes.count >= 128 else { throw .damaged("its header of 128 bytes") }
    if bytes.starts(with: "MATLAB 7.3".utf8) || bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      throw .unsupported("version 7.3 of MATLAB's format, which is HDF5")
    }
    guard bytes[126...127].elementsEqual("IM".utf8) else {
      throw .unsupported("no MATLAB header of level 5, little-endian")
    }
    guard bytes[124] == 0, bytes[125] == 1 else { throw .unsupported("an unknown MATLAB version") }
    var variables: [(String, MatValue)] = []
    var cursor = ByteCursor(bytes)
    try cursor.skip(128)
    var unpacked = 0
    while cursor.remaining > 0 {
      let element = try MatElement(&cursor, isTop: true)
      if element.type == MatElement.compressed {
        let room = Self.unpackedLimit - unpacked
        let inner = try Zlib.inflated(element.bytes, limit: room)
        unpacked += inner.count
        var inside = ByteCursor(inner)
        let matrix = try MatElement(&inside, isTop: true)
        variables.append(try MatReader.variable(matrix))
      } else {
        variables.append(try MatReader.variable(element))
      }
    }
    self.variables = variables
  }
}

/// A value of a MATLAB file; arrays are in column-major order, as there.
package indirect enum MatValue: Equatable, Sendable {
  /// Numbers of any stored type.
  case numbers([Double], shape: [Int])
  /// A row of letters.
  case text(String)
  /// Values of any kind.
  case cells([MatValue], shape: [Int])
  /// One record an element, with the fields in the file's order.
  case records([[MatField]], shape: [Int])
}

/// A field of a structure.
package struct MatField: Equatable, Sendable {
  /// The field's name.
  package let name: String
  /// What it holds.
  package let value: MatValue

  /// A field of a structure.
  package init(name: String, value: MatValue) {
    self.name = name
    self.value = value
  }
}

/// A tagged run of bytes: a type, a length, the data, padding.
struct MatElement {
  let type: Int
  let bytes: [UInt8]

  static let matrix = 14
  static let compressed = 15

  /// Small elements have their length in the tag's upper half. Compressed ones are not padded.
  init(_ cursor: inout ByteCursor, isTop: Bool = false) throws(Fault) {
    let first = try cursor.count(4)
    if first >> 16 != 0 {
      type = first & 0xFFFF
      let count = first >> 16
      guard count <= 4 else { throw .damaged("a small element of \(count) bytes") }
      bytes = try cursor.take(count)
      try cursor.skip(4 - count)
      return
    }
    type = first
    let count = try cursor.count(4)
    bytes = try cursor.take(count)
    guard !(isTop && type == Self.compressed) else { return }
    try cursor.skip(min(cursor.remaining, (8 - count % 8) % 8))
  }
}
