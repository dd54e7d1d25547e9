internal import CZlib
internal import Foundation

/// Small files that may be compressed with gzip, such as vocabularies.
package enum Gzip {
  /// The bytes of a file, unpacked if it begins as gzip does; neither the file nor what it holds may
  /// have more than `limit` bytes.
  package static func bytes(of path: String, limit: Int) throws(StoreError) -> [UInt8] {
    do throws(Fault) {
      let file = try FileBytes(opening: path)
      guard file.size <= limit else { throw .tooLarge(needed: file.size, limit: limit) }
      let bytes = try file.bytes(at: 0, count: file.size)
      return bytes.starts(with: [0x1F, 0x8B]) ? try unpacked(bytes, limit: limit) : bytes
    } catch {
      throw StoreError(file: path, error)
    }
  }

  /// What compressed bytes hold, the checksum of which must be right.
  static func unpacked(_ bytes: [UInt8], limit: Int) throws(Fault) -> [UInt8] {
    // 16: the header and checksum of gzip.
    try Zlib.inflated(bytes, limit: limit, window: 16 + MAX_WBITS)
  }
}

/// Bytes that zlib compressed.
enum Zlib {
  /// What compressed bytes hold; they may become `limit` bytes at most.
  ///
  /// - Parameter window: zlib's `windowBits`, which also tells its header from that of gzip.
  static func inflated(_ bytes: [UInt8], limit: Int, window: Int32 = MAX_WBITS) throws(Fault)
    -> [UInt8]
  {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(&stream, window, ZLIB_VERSION, size) == Z_OK else {
      throw .system("inflateInit2", code: ENOMEM)
    }
    defer { unsafe inflateEnd(&stream) }
    let room = 1 << 20
    var result: [UInt8] = []
    var status = Z_OK
    var input = bytes
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = uInt(input.count)
      while status == Z_OK, result.count <= limit {
        result += unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
          unsafe stream.next_out = buffer.baseAddress
          unsafe stream.avail_out = uInt(room)
          status = unsafe inflate(&stream, Z_NO_FLUSH)
          filled = unsafe room - Int(stream.avail_out)
        }
      }
    }
    guard result.count <= limit else { throw .tooLarge(needed: result.count, limit: limit) }
    guard status == Z_STREAM_END else { throw .damaged("its compressed data") }
    return result
  }
}
