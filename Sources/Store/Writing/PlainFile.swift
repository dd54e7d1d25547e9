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

  /// Refuses a path at which there is anything but a file, or a file that is to be kept.
  package static func checkFree(_ file: String, _ replacing: Bool) throws(StoreError.Fault) {
    var status = stat()
    guard unsafe stat(file, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
    guard replacing else { throw .exists }
  }
}
