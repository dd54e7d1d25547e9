/// Memory of one or more tensors: 64-byte aligned floats from the pool, or a read-only mapping.
///
/// Several tensors may share a storage (a reshape, a slice along the first axis). Whoever wants to
/// write first asks whether it is the only owner, as `Array` does.
@safe
package final class Storage {
  private let base: UnsafeMutablePointer<Float>
  /// How many floats the storage holds.
  package let count: Int
  private let owner: Owner

  private enum Owner {
    case pool
    /// Called once when the last tensor over a mapping is gone.
    case mapping(release: () -> Void)
  }

  /// Takes uninitialised memory from the pool.
  init(uninitialized count: Int) throws(TensorError) {
    unsafe base = try MemoryPool.shared.take(count)
    self.count = count
    owner = .pool
  }

  /// Adopts a read-only mapping; `release` unmaps it.
  @unsafe
  package init(mapping base: UnsafePointer<Float>, count: Int, release: @escaping () -> Void) {
    unsafe self.base = UnsafeMutablePointer(mutating: base)
    self.count = count
    owner = .mapping(release: release)
  }

  var input: Input { unsafe Input(start: UnsafePointer(base)) }
  var output: Output { unsafe Output(start: base) }

  /// Whether writing is allowed at all; a mapping is copied first.
  var isWritable: Bool {
    if case .pool = owner { true } else { false }
  }

  deinit {
    switch owner {
    case .pool: unsafe MemoryPool.shared.give(back: base, count)
    case .mapping(let release): release()
    }
  }
}
