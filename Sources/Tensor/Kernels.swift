internal import CKernels

/// The row kernels of `CKernels`, in the version that is best for this processor.
enum Kernels {
  @unsafe
  static var best: duet_kernels { unsafe duet_best_kernels().pointee }

  /// Elements that one thread takes at a time: large enough to be worth a wake-up.
  static let chunk = 1 << 16

  /// Columns of a tall matrix that one thread sums at a time.
  static let columns = 128
}
