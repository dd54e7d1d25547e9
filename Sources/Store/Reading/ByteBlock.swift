internal import Foundation
internal import Tensor

/// A piece of memory into which the elements of one dataset are gathered, aligned for tensors.
///
/// A tensor of little-endian Float32 takes the block over without a copy; all other types are
/// converted from it. Every access is checked.
@safe
final class ByteBlock {
  let count: Int
  private let start: UnsafeMutableRawPointer

  /// Repeats a pattern until `count` bytes are filled; without a pattern, whoever made the block
  /// writes every byte.
  init(count: Int, repeating pattern: [UInt8]) throws(Fault) {
    var memory: UnsafeMutableRawPointer? = nil
    guard unsafe posix_memalign(&memory, 64, max(count, 64)) == 0, let memory = unsafe memory else {
      throw .tooLarge(needed: count, limit: 0)
    }
    unsafe start = memory
    self.count = count
    guard let first = pattern.first else { return }
    if pattern.allSatisfy({ $0 == first }) {
      unsafe memset(memory, Int32(first), count)
    } else {
      for index in 0..<count {
        unsafe memory.storeBytes(
          of: pattern[index % pattern.count], toByteOffset: index, as: UInt8.self)
      }
    }
  }

  deinit { unsafe free(start) }

  /// Reads the block's bytes from a file.
  func read(_ source: FileBytes, at address: Int) throws(Fault) {
    try unsafe source.read(at: address, count: count, into: start)
  }

  /// Copies `count` bytes of an array.
  func copy(_ bytes: [UInt8], from first: Int, count: Int, to offset: Int) {
    precondition(first >= 0 && count >= 0 && first + count <= bytes.count, "bytes of a chunk")
    precondition(
      offset >= 0 && offset + count <= self.count, "\(offset) + \(count) of \(self.count)")
    unsafe bytes.withUnsafeBytes { bytes in
      guard count > 0, let base = bytes.baseAddress else { return }
      unsafe (start + offset).copyMemory(from: base + first, byteCount: count)
    }
  }

  /// Gives `body` the memory as floats.
  @unsafe
  func withFloats(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    unsafe body(start.assumingMemoryBound(to: Float.self))
  }

  /// The bytes of an element.
  func bytes(_ index: Int, size: Int) -> [UInt8] {
    precondition(index >= 0 && (index + 1) * size <= count, "element \(index)")
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start + index * size, count: size))
  }

  /// All elements as numbers of one width.
  func numbers<Number: FixedWidthInteger>(_ type: Number.Type, isBigEndian: Bool) -> [Number] {
    let size = MemoryLayout<Number>.size
    let elements = count / size
    return unsafe [Number](unsafeUninitializedCapacity: elements) { out, initialized in
      for index in 0..<elements {
        let raw = unsafe start.loadUnaligned(fromByteOffset: index * size, as: Number.self)
        unsafe out[index] = isBigEndian ? Number(bigEndian: raw) : Number(littleEndian: raw)
      }
      initialized = elements
    }
  }

  /// A tensor over this block, which holds little-endian Float32.
  func tensor(_ shape: [Int]) throws(Fault) -> Tensor {
    do {
      let storage = unsafe Storage(
        mapping: UnsafePointer(start.assumingMemoryBound(to: Float.self)), count: count / 4,
        release: { withExtendedLifetime(self) {} })
      return try Tensor(shape: shape, storage: storage)
    } catch {
      throw .tensor(error)
    }
  }
}

extension FileMapping {
  /// A tensor over a part of the mapping whose place has been checked.
  func tensor(_ shape: [Int], at offset: Int, bytes: Int) throws(Fault) -> Tensor {
    precondition(offset % 4 == 0 && offset >= 0 && bytes >= 0, "offset \(offset)")
    do {
      let storage = unsafe Storage(
        mapping: at(offset).assumingMemoryBound(to: Float.self), count: bytes / 4,
        release: { withExtendedLifetime(self) {} })
      return try Tensor(shape: shape, storage: storage)
    } catch {
      throw .tensor(error)
    }
  }
}
