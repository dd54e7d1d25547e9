internal import CPNG

extension Picture {
  /// The picture as the bytes of a PNG file: 8-bit RGB, not interlaced, without further chunks.
  package func encodedAsPNG() throws(PictureError) -> [UInt8] {
    let (width, height) = (UInt32(width), UInt32(height))
    let capacity = duet_png_bound(width, height)
    var bytes: [UInt8] = []
    unsafe try Self.calling(.png) { reason in
      var written = 0
      bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
        let isWritten = unsafe duet_png_write(
          pixels, width, height, buffer.baseAddress, capacity, &written, reason)
        initialized = isWritten == 1 ? written : 0
      }
      return !bytes.isEmpty
    }
    return bytes
  }
}
