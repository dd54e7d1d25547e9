internal import CHDF5
internal import Synchronization

/// The HDF5 library, which writes Duet's files. (It does not read them: see `Store.swift`.)
///
/// Debian's build has one lock for the whole library, so that threads may call it but never at the
/// same time; here they take turns. An id of the library can only be made by whoever has the turn.
package enum HDF5 {
  /// Permission to call the library.
  struct Turn: ~Copyable {
    fileprivate init() {}
  }

  private static let lock = Mutex(false)

  /// Calls `body` when no other thread uses the library.
  static func takingTurn<Result>(_ body: (borrowing Turn) throws(Fault) -> Result) throws(Fault)
    -> Result
  {
    try lock.withLock { (isReady: inout Bool) throws(Fault) -> Result in
      // Without this, the library prints its errors; it asks for each thread anew.
      H5Eset_auto2(duet_error_stack(), nil, nil)
      if !isReady {
        try prepare()
        isReady = true
      }
      return try body(Turn())
    }
  }

  /// The version of the library, as recorded in every file: "1.10.8".
  package static let version: String = {
    var (major, minor, release): (UInt32, UInt32, UInt32) = (0, 0, 0)
    unsafe H5get_libversion(&major, &minor, &release)
    return "\(major).\(minor).\(release)"
  }()

  /// Duet needs neither links into other files nor filters from plug-ins, so there are none.
  private static func prepare() throws(Fault) {
    try check(H5open())
    try check(H5Lunregister(duet_external_link()))
    try check(H5PLset_loading_state(0))
  }

  /// Turns a negative result into an error with the library's own words.
  @discardableResult
  static func check<Number: SignedInteger>(_ result: Number) throws(Fault) -> Number {
    guard result >= 0 else { throw .library(lastError()) }
    return result
  }

  /// What the innermost function of the last failed call said.
  private static func lastError() -> String {
    var text = "unknown error"
    unsafe withUnsafeMutablePointer(to: &text) { text in
      _ = unsafe H5Ewalk2(
        duet_error_stack(), H5E_WALK_UPWARD,
        { number, entry, text in
          guard number == 0, let entry = unsafe entry, let words = unsafe entry.pointee.desc else {
            return 0
          }
          unsafe text?.assumingMemoryBound(to: String.self).pointee = String(cString: words)
          return 0
        }, text)
    }
    return text
  }
}
