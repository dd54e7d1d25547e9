package import Synchronization

/// The one flag by which a user stops a long computation.
///
/// It is global because a signal handler must reach it; operations that can take long look at it
/// before each large product and then throw ``TensorError/cancelled``.
package enum Cancellation {
  /// Set by the signal handler, cleared by whoever starts the next evaluation.
  package static let requested = Atomic<Bool>(false)

  /// Throws when the user has asked to stop.
  static func check() throws(TensorError) {
    if requested.load(ordering: .relaxed) { throw .cancelled }
  }
}
