internal import Language
internal import Store

/// Why a file that a user named is of no use.
package struct FileFailure: Error, Equatable, Sendable {
  /// One line, lower-case start, no full stop.
  package let message: String
  /// Whether there is no such file.
  package let isMissing: Bool

  init(_ message: String) {
    self.message = message
    isMissing = false
  }

  /// There is nothing at a path.
  init(missing path: String) {
    message = "there is no file or folder '\(path)'"
    isMissing = true
  }

  init(_ error: StoreError) {
    message = TextWidth.visible(Engine.fault(error).message)
    isMissing = error.fault == .noFile
  }
}
