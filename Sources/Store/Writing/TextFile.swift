/// Small text files.
package enum TextFile {
  /// Writes a text in UTF-8, whole or not at all; a file that is there is replaced.
  package static func write(_ text: String, to path: String) throws(StoreError) {
    let bytes = Array(text.utf8)
    var failure: Fault?
    unsafe bytes.withUnsafeBytes { bytes in
      do throws(Fault) {
        try unsafe AtomicFile.write(bytes, to: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw StoreError(file: path, failure) }
  }
}
