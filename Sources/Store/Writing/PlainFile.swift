internal import Foundation

/// A file of bytes that are not HDF5: a text, safetensors. Written as a whole or not at all.
package enum PlainFile {
  /// Writes a text in UTF-8; a file that is there is refused unless it is to be replaced.
  package static func write(_ text: String, to file: String, replacing: Bool)
    throws(StoreError)
  {
    try write(Array(text.utf8), to: file, replacing: replacing)
  }

  /// Writes bytes; a file that is there is refused unless it is to be replaced.
  package static func write(_ bytes: [UInt8], to file: String, replacing: Bool)
    throws(StoreError)
  {
    do throws(Fault) {
      try checkFree(file, replacing)
      guard !isHDF5(file) else { throw .holdsData }
      let lock = try WritingLock(for: file)
      defer { lock.release() }
      try checkFree(file, replacing)
      var failure: Fault?
      unsafe bytes.withUnsafeBytes { buffer in
        do throws(Fault) {
          try unsafe AtomicFile.write(buffer, to: file)
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
    } catch {
      throw StoreError(file: file, error)
    }
  }

  private static func isHDF5(_ file: String) -> Bool {
    guard let handle = FileHandle(forReadingAtPath: file) else { return false }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: 8)) == Data([0x89] + Array("HDF\r\n\u{1A}\n".utf8))
  }

  /// Refuses a path that leads to one of the files that are read, by whatever name.
  package static func checkApart(_ file: String, from inputs: [String]) throws(StoreError) {
    guard let own = identity(of: file) else { return }
    for input in inputs where identity(of: input).map({ $0 == own }) == true {
      throw StoreError(file: file, .isInput)
    }
  }

  private static func identity(of file: String) -> (dev_t, ino_t)? {
    var status = stat()
    return unsafe stat(file, &status) == 0 ? (status.st_dev, status.st_ino) : nil
  }

  /// Refuses a path at which there is anything but a file, or a file that is to be kept.
  package static func checkFree(_ file: String, _ replacing: Bool) throws(StoreError.Fault) {
    var status = stat()
    guard unsafe stat(file, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    guard replacing else { throw .exists }
  }
}
