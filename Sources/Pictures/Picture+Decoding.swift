internal import CJPEG
internal import CPNG
internal import CWebP

/// Decoding, as Pillow's `convert("RGB")` leaves a picture.
///
/// - Gray is repeated; 1-, 2- and 4-bit gray is spread over 0 … 255.
/// - Alpha is dropped without blending: the colour hidden under transparent pixels appears.
/// - A palette index beyond the table is black.
/// - 16 bits are cut to the high byte, except plain 16-bit gray: that is *clipped*, min(v, 255), so
///   that an ordinary 16-bit picture turns almost white (``Picture/isClippedGray16(_:)`` tells).
/// - JPEG goes through libjpeg's accurate transform and smooth chroma upsampling; the four channels
///   of a CMYK picture are inverted as Pillow does, with or without Adobe's marker.
/// - A WebP may be lossy or not; of an animation the first frame is taken, on black.
/// - Gamma, colour profiles, orientation marks and further frames are ignored.
///
/// Stricter than Pillow in one point: a PNG must be whole to its last checksum.
extension Picture {
  /// Reads a PNG, JPEG or WebP file.
  package init(contentsOf path: String) throws(PictureError) {
    try self.init(decoding: try PictureFile.bytes(of: path))
  }

  /// Decodes the bytes of a PNG, JPEG or WebP file.
  package init(decoding bytes: [UInt8]) throws(PictureError) {
    switch PictureFormat(signature: bytes) {
    case .png: try self.init(png: bytes)
    case .jpeg: try self.init(jpeg: bytes)
    case .webp: try self.init(webp: bytes)
    case nil: throw .unknownFormat
    }
  }

  /// Whether the bytes are a PNG whose values above 255 Pillow clips: plain gray of 16 bits.
  package static func isClippedGray16(_ bytes: [UInt8]) -> Bool {
    PictureFormat(signature: bytes) == .png && bytes.count > 25 && bytes[24] == 16 && bytes[25] == 0
  }

  private init(png bytes: [UInt8]) throws(PictureError) {
    // A PNG's first chunk holds the size: bytes 16 to 23, most significant first.
    guard bytes.count >= 24 else { throw .corrupt(.png, reason: "the file ends too early") }
    let numbers = [16, 20].map { start in
      bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    // Deflate packs 1032 bytes into one, and a byte may hold eight pixels.
    try Self.checkSize(numbers[0], numbers[1], bytes, ratio: 8 * 1032, .png)
    self = unsafe try Self.decoded(.png, numbers[0], numbers[1]) { pixels, reason in
      unsafe duet_png_read(bytes, bytes.count, numbers[0], numbers[1], pixels, reason) == 1
    }
  }

  private init(jpeg bytes: [UInt8]) throws(PictureError) {
    var (width, height, channels) = (UInt32(0), UInt32(0), Int32(0))
    unsafe try Self.calling(.jpeg) { reason in
      unsafe duet_jpeg_read_header(bytes, bytes.count, &width, &height, &channels, reason) == 1
    }
    guard [1, 3, 4].contains(channels) else { throw .channels(Int(channels)) }
    // A block of 64 pixels takes a bit or more, once in a picture.
    try Self.checkSize(width, height, bytes, ratio: 1024, .jpeg)
    self = unsafe try Self.decoded(.jpeg, width, height) { pixels, reason in
      unsafe duet_jpeg_read(bytes, bytes.count, width, height, pixels, reason) == 1
    }
  }

  private init(webp bytes: [UInt8]) throws(PictureError) {
    var (width, height) = (UInt32(0), UInt32(0))
    let reason = "it has no frame, or ends too early"
    guard unsafe duet_webp_read_header(bytes, bytes.count, &width, &height) == 1 else {
      throw .corrupt(.webp, reason: reason)
    }
    // Unlike the others, a few bytes can be a whole picture of any size here.
    guard Int(width) * Int(height) <= Self.mostPixels / 2 else {
      throw .tooLarge(width: Int(width), height: Int(height))
    }
    self = unsafe try Self.decoded(.webp, width, height) { pixels, words in
      if unsafe duet_webp_read(bytes, bytes.count, width, height, pixels) == 1 { return true }
      for (place, unit) in reason.utf8.enumerated() { unsafe words[place] = CChar(unit) }
      return false
    }
  }

  /// Refuses a size that so few bytes cannot hold: `ratio` pixels for each byte are more than any.
  private static func checkSize(
    _ width: UInt32, _ height: UInt32, _ bytes: [UInt8], ratio: Int, _ format: PictureFormat
  ) throws(PictureError) {
    _ = try byteCount(width: Int(width), height: Int(height))
    guard Int(width) * Int(height) / ratio <= bytes.count else {
      throw .corrupt(format, reason: "\(bytes.count) bytes cannot hold \(width) × \(height) pixels")
    }
  }

  /// Allocates the pixels of a declared size, once it is known to be reasonable, for `read` to fill.
  @unsafe
  private static func decoded(
    _ format: PictureFormat, _ width: UInt32, _ height: UInt32,
    read: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<CChar>) -> Bool
  ) throws(PictureError) -> Picture {
    let count = try byteCount(width: Int(width), height: Int(height))
    var pixels: [UInt8] = []
    unsafe try calling(format) { reason in
      var isWhole = false
      pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        isWhole = unsafe read(buffer.baseAddress, reason)
        initialized = isWhole ? count : 0
      }
      return isWhole
    }
    return Picture(unchecked: Int(width), Int(height), pixels)
  }

  /// Calls a function of a shim, which answers true or writes its reason.
  @unsafe
  static func calling(
    _ format: PictureFormat, _ function: (UnsafeMutablePointer<CChar>) -> Bool
  ) throws(PictureError) {
    var reason = [CChar](repeating: 0, count: max(DUET_PNG_REASON, DUET_JPEG_REASON))
    guard unsafe !function(&reason) else { return }
    let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    throw .corrupt(format, reason: String(decoding: text, as: UTF8.self))
  }
}
