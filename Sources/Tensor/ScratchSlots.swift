internal import Synchronization

/// Scratch memory for the bodies of one parallel loop: as many slots as there are threads.
final class ScratchSlots {
  private let memory: Tensor
  private let size: Int
  private let taken = Atomic<UInt64>(0)

  init(size: Int) throws(TensorError) {
    self.size = (size + 15) / 16 * 16
    memory = try Tensor.uninitialized([min(Parallel.threads, 64), self.size])
  }

  /// Gives `body` a slot that nobody else uses meanwhile.
  func use(_ body: (Output) -> Void) {
    let slot = take()
    withExtendedLifetime(memory) { body(memory.storage.output.from(slot * size)) }
    taken.bitwiseAnd(~(1 << UInt64(slot)), ordering: .releasing)
  }

  private func take() -> Int {
    while true {
      let slot = (~taken.load(ordering: .relaxed)).trailingZeroBitCount
      guard slot < memory.shape[0] else { continue }
      let bit: UInt64 = 1 << UInt64(slot)
      if taken.bitwiseOr(bit, ordering: .acquiring).oldValue & bit == 0 { return slot }
    }
  }
}
