/// What can go wrong with a picture: facts, which `Bindings` turns into sentences.
package enum PictureError: Error, Equatable, Sendable {
  /// A file that cannot be opened or read, with the system's reason.
  case unreadable(path: String, reason: String)
  /// Bytes that are neither a PNG nor a JPEG nor a WebP, whatever the file is called.
  case unknownFormat
  /// A picture of a kind that is not read, whatever the file is called.
  case otherFormat(OtherFormat)
  /// A damaged or truncated file, with the decoder's reason.
  case corrupt(PictureFormat, reason: String)
  /// A JPEG with a number of channels that no picture has.
  case channels(Int)
  /// A side of less than one pixel.
  case size(width: Int, height: Int)
  /// More pixels than ``Picture/mostPixels``, declared by a file or asked for.
  case tooLarge(width: Int, height: Int)
  /// A file of more bytes than ``PictureFile/mostBytes``.
  case tooLong(path: String, bytes: Int)
  /// A part of a picture that is empty or not inside it.
  case region(Region, width: Int, height: Int)
}

/// The formats that are read, told by a file's content and never by its name.
package enum PictureFormat: String, Sendable {
  case png = "PNG"
  case jpeg = "JPEG"
  case webp = "WebP"

  /// How many bytes at the start of a file decide.
  package static let signatureLength = 12

  /// The format that starts with these bytes.
  package init?(signature bytes: some Sequence<UInt8>) {
    let start = Array(bytes.prefix(Self.signatureLength))
    if start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if start.starts(with: "RIFF".utf8), start.dropFirst(8).elementsEqual("WEBP".utf8) {
      self = .webp
    } else if start.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else {
      return nil
    }
  }
}

/// Formats that are told but not read: collections have some of them under the names of others.
package enum OtherFormat: String, Sendable {
  case gif = "GIF"
  case bmp = "BMP"
  case tiff = "TIFF"

  /// The format that starts with these bytes.
  init?(signature bytes: some Sequence<UInt8>) {
    let start = Array(bytes.prefix(PictureFormat.signatureLength))
    if start.starts(with: "GIF8".utf8) {
      self = .gif
    } else if start.starts(with: "BM".utf8),
      start.dropFirst(6).prefix(4).elementsEqual([0, 0, 0, 0])
    {
      self = .bmp
    } else if start.starts(with: [0x49, 0x49, 0x2A, 0])
      || start.starts(with: [0x4D, 0x4D, 0, 0x2A])
    {
      self = .tiff
    } else {
      return nil
    }
  }
}
