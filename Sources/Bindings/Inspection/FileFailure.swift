internal import Language
internal import Store

/// Why a file that a user named is of no use.
package struct FileFailure: Error, Equatable, Sendable {
  /// One line, lower-case start, no full stop.
  package let message: String
  /// What to do about it.
  package let help: String?
  /// Whether there is no such file.
  package let isMissing: Bool
  /// Whether it is of a format that can be read, and cannot.
  let isDamaged: Bool

  init(_ message: String) {
    self.message = message
    help = nil
    (isMissing, isDamaged) = (false, false)
  }

  /// There is nothing at a path.
  init(missing path: String) {
    message = "there is no file or folder '\(path)'"
    help = nil
    (isMissing, isDamaged) = (true, false)
  }

  init(_ error: StoreError) {
    let fault = Engine.fault(error)
    message = TextWidth.visible(fault.message)
    help = error.fault == .exists ? "choose another name, or give `--overwrite`" : fault.help
    isMissing = error.fault == .noFile
    isDamaged =
      switch error.fault {
      case .noFile, .notHDF5, .notRegular, .notWeights, .legacyTorch: false
      default: true
      }
  }
}
