internal import Crypto
internal import Foundation
package import Tensor

/// SHA-256 over fields, each preceded by its length, so that no two sequences of fields run together
/// to the same bytes.
package struct Digest {
  private var sha = SHA256()

  /// The digest of nothing so far.
  package init() {}

  /// 64 hexadecimal digits.
  package var text: String {
    sha.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  /// SHA-256 of the UTF-8 bytes of a text and nothing else, as `sha256sum` prints it.
  package static func sha256(_ text: String) -> String {
    var digest = Digest()
    digest.sha.update(data: Array(text.utf8))
    return digest.text
  }

  /// SHA-256 of bytes and nothing else.
  package static func sha256(_ bytes: [UInt8]) -> String {
    var digest = Digest()
    digest.sha.update(data: bytes)
    return digest.text
  }

  /// The digest of one tensor: its shape and elements.
  package static func sha256(_ tensor: Tensor) -> String {
    var digest = Digest()
    digest.add(tensor)
    return digest.text
  }

  /// Adds a number, as eight bytes.
  package mutating func add(_ number: Int) {
    unsafe withUnsafeBytes(of: number.littleEndian) { unsafe sha.update(bufferPointer: $0) }
  }

  /// Adds a text.
  package mutating func add(_ text: String) {
    let bytes = Array(text.utf8)
    add(bytes.count)
    sha.update(data: bytes)
  }

  /// Adds bytes.
  package mutating func add(_ bytes: [UInt8]) {
    add(bytes.count)
    sha.update(data: bytes)
  }

  /// Adds a tensor: type, shape, elements.
  package mutating func add(_ tensor: Tensor) {
    addType("float32", tensor.shape)
    add(raw: tensor.elements)
  }

  /// Adds an array: type, shape, elements; Bool is a byte each, a text a field of its own.
  package mutating func add(_ array: StoredArray) {
    addType(array.elements.typeName, array.shape)
    switch array.elements {
    case .integers(let values): add(raw: values)
    case .floats(let values): add(raw: values)
    case .booleans(let values): add(values.map { $0 ? 1 : 0 } as [UInt8])
    case .strings(let values):
      add(values.reduce(0) { $0 + 8 + $1.utf8.count })
      for value in values { add(value) }
    }
  }

  /// Adds a type and a shape such as "4,512".
  mutating func addType(_ name: String, _ shape: [Int]) {
    add(name)
    add(shape.map(String.init).joined(separator: ","))
  }

  /// Adds numbers as the bytes that they have in memory, which is little-endian on all machines that
  /// Duet runs on.
  private mutating func add<Number: BitwiseCopyable>(raw numbers: [Number]) {
    add(numbers.count * MemoryLayout<Number>.stride)
    unsafe numbers.withUnsafeBytes { unsafe sha.update(bufferPointer: $0) }
  }
}
