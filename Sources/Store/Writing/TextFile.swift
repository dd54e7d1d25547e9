/// A text for people and other programs, put in place as a whole or not at all.
package enum TextFile {
  /// Writes a text in place of what is there.
  package static func write(_ text: String, to file: String) throws(StoreError) {
    do throws(Fault) {
      let bytes = Array(text.utf8)
      let written: Result<Void, Fault> = unsafe bytes.withUnsafeBytes { bytes in
        do throws(Fault) {
          try unsafe AtomicFile.write(bytes, to: file)
          return .success(())
        } catch {
          return .failure(error)
        }
      }
      try written.get()
    } catch {
      throw StoreError(file: file, error)
    }
  }
}
