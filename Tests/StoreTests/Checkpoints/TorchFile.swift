import Foundation

/// Builds zip archives, good ones and others.
struct ZipFile: Sendable {
  struct Entry: Sendable {
    var name: String
    var bytes: [UInt8]
    var method = 0
    var flags = 0x0808
    /// Instead of the right ones.
    var checksum: UInt32?
    var storedSize: Int?
    var size: Int?
    var localOffset: Int?
    var localName: String?
    var localSignature: [UInt8] = [0x50, 0x4B, 3, 4]
    var extra: [UInt8] = []

    init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }

    func with(_ change: (inout Entry) -> Void) -> Entry {
      var entry = self
      change(&entry)
      return entry
    }
  }

  var entries: [Entry]
  var comment: [UInt8] = []
  /// Instead of the right ones.
  var count: Int?
  var directorySize: Int?
  var directoryPlace: Int?
  /// 64-bit records of the count, the size and the place.
  var large: (count: Int, size: Int, place: Int)?
  var locatorPlace: Int?
  var behindDirectory: [UInt8] = []

  init(_ entries: [Entry]) { self.entries = entries }

  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let offset = file.count
      let sum = entry.checksum ?? Self.crc32(entry.bytes)
      let name = Array(entry.name.utf8)
      let localName = Array((entry.localName ?? entry.name).utf8)
      file += entry.localSignature + Self.numbers([(0, 2), (entry.flags, 2), (entry.method, 2)])
      file += [UInt8](repeating: 0, count: 16)
      file += Self.numbers([(localName.count, 2), (0, 2)]) + localName + entry.bytes
      directory +=
        [0x50, 0x4B, 1, 2]
        + Self.numbers([(0, 2), (0, 2), (entry.flags, 2), (entry.method, 2), (0, 4)])
      directory += Self.numbers([
        (Int(sum), 4), (entry.storedSize ?? entry.bytes.count, 4),
        (entry.size ?? entry.bytes.count, 4),
        (name.count, 2), (entry.extra.count, 2), (0, 2), (0, 2), (0, 2), (0, 4),
        (entry.localOffset ?? offset, 4),
      ])
      directory += name + entry.extra
    }
    let place = file.count
    file += directory + behindDirectory
    if let large {
      let record = file.count
      file += [0x50, 0x4B, 6, 6] + Self.numbers([(44, 8), (0, 2), (0, 2), (0, 4), (0, 4)])
      file += Self.numbers([(large.count, 8), (large.count, 8), (large.size, 8), (large.place, 8)])
      file += [0x50, 0x4B, 6, 7] + Self.numbers([(0, 4), (locatorPlace ?? record, 8), (1, 4)])
    }
    file +=
      [0x50, 0x4B, 5, 6]
      + Self.numbers([
        (0, 2), (0, 2), (count ?? entries.count, 2), (count ?? entries.count, 2),
        (directorySize ?? directory.count, 4), (directoryPlace ?? place, 4), (comment.count, 2),
      ])
    return file + comment
  }

  static func numbers(_ numbers: [(value: Int, width: Int)]) -> [UInt8] {
    numbers.flatMap { number in
      (0..<number.width).map { UInt8(truncatingIfNeeded: number.value >> (8 * $0)) }
    }
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
  }
}

/// Builds pickles, opcode by opcode.
struct Pickle: Sendable {
  var bytes: [UInt8]

  static func + (a: Pickle, b: Pickle) -> Pickle { Pickle(bytes: a.bytes + b.bytes) }

  static func raw(_ bytes: UInt8...) -> Pickle { Pickle(bytes: bytes) }
  static func op(_ opcode: Character, _ rest: UInt8...) -> Pickle {
    Pickle(bytes: [opcode.asciiValue ?? 0] + rest)
  }
  static func times(_ count: Int, _ pickle: Pickle) -> Pickle {
    Pickle(bytes: [[UInt8]](repeating: pickle.bytes, count: count).flatMap { $0 })
  }
  static let start = raw(0x80, 2)
  static let stop = op(".")
  static let mark = op("(")
  static let dict = op("}")
  static let list = op("]")
  static let none = op("N")
  static func text(_ text: String) -> Pickle {
    Pickle(bytes: [0x58] + ZipFile.numbers([(text.utf8.count, 4)]) + Array(text.utf8))
  }
  static func int(_ value: Int) -> Pickle {
    Pickle(bytes: [0x8A, 8] + ZipFile.numbers([(value, 8)]))
  }
  static func ints(_ values: [Int]) -> Pickle {
    values.reduce(mark) { $0 + int($1) } + op("t")
  }
  static func global(_ module: String, _ name: String) -> Pickle {
    Pickle(bytes: Array("c\(module)\n\(name)\n".utf8))
  }
  static func storage(_ type: String = "FloatStorage", key: String = "0", count: Int = 6) -> Pickle
  {
    mark + text("storage") + global("torch", type) + text(key) + text("cpu") + int(count) + op("t")
      + op("Q")
  }
  static func tensor(
    _ storage: Pickle = storage(), offset: Int = 0, shape: [Int] = [6], strides: [Int] = [1]
  ) -> Pickle {
    global("torch._utils", "_rebuild_tensor_v2") + mark + storage + int(offset) + ints(shape)
      + ints(strides) + raw(0x89) + global("collections", "OrderedDict") + op(")") + op("R")
      + op("t") + op("R")
  }
  /// A state dict with one tensor, "w".
  static func dict(_ value: Pickle) -> Pickle { start + dict + text("w") + value + op("s") + stop }
}

/// Builds archives as torch does: a pickle, the order of bytes, one storage of 0, 1, … 5.
enum TorchFile {
  static let floats = (0..<6).map { Float($0) }

  static func entries(_ pickle: Pickle, data: [UInt8] = floats.littleEndian) -> [ZipFile.Entry] {
    [
      .init("archive/data.pkl", pickle.bytes), .init("archive/byteorder", Array("little".utf8)),
      .init("archive/data/0", data), .init("archive/version", Array("3\n".utf8)),
    ]
  }

  static func bytes(_ pickle: Pickle) -> [UInt8] { ZipFile(entries(pickle)).bytes }
}
