internal import Glibc

/// Files with pictures: regular ones of bounded length, through any symbolic links.
package enum PictureFile {
  /// The most bytes of a file that is read.
  package static let mostBytes = 1 << 29

  /// The format of a file, from its first bytes; nil when it is none that is read.
  package static func format(of path: String) throws(PictureError) -> PictureFormat? {
    try opened(path) { (file, _) throws(PictureError) in
      PictureFormat(signature: try read(file, PictureFormat.signatureLength, path))
    }
  }

  /// Throws unless a file starts like a picture.
  package static func check(_ path: String) throws(PictureError) {
    try opened(path) { (file, _) throws(PictureError) in
      try check(try read(file, PictureFormat.signatureLength, path))
    }
  }

  private static func check(_ start: [UInt8]) throws(PictureError) {
    guard PictureFormat(signature: start) == nil else { return }
    throw OtherFormat(signature: start).map { .otherFormat($0) } ?? .unknownFormat
  }

  /// All bytes of a file that starts like a picture.
  package static func bytes(of path: String) throws(PictureError) -> [UInt8] {
    try opened(path) { (file, length) throws(PictureError) in
      let start = try read(file, PictureFormat.signatureLength, path)
      try check(start)
      guard length <= mostBytes else { throw .tooLong(path: path, bytes: length) }
      return start + (try read(file, length - start.count, path))
    }
  }

  /// Opens a regular file for reading; `body` gets its descriptor and length.
  private static func opened<Result>(
    _ path: String, _ body: (Int32, Int) throws(PictureError) -> Result
  ) throws(PictureError) -> Result {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else {
      throw .unreadable(path: path, reason: systemReason())
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "not a file")
    }
    return try body(file, Int(status.st_size))
  }

  /// Reads up to `count` bytes; fewer where the file ends.
  private static func read(_ file: Int32, _ count: Int, _ path: String) throws(PictureError)
    -> [UInt8]
  {
    var failed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, initialized in
      while initialized < count {
        let start = unsafe buffer.baseAddress.map { unsafe $0 + initialized }
        let got = unsafe Glibc.read(file, start, count - initialized)
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        if got <= 0 { return }
        initialized += got
      }
    }
    if failed { throw .unreadable(path: path, reason: systemReason()) }
    return bytes
  }

  private static func systemReason() -> String { unsafe String(cString: strerror(errno)) }
}
