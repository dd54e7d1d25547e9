internal import Synchronization
internal import Tensor

extension Tensor {
  /// The most numbers that are made at once: 1 GiB of Float32.
  static let mostRowNumbers = 1 << 28

  /// A tensor of `count` rows of one shape, [count] + shape, which `row` makes on all threads.
  ///
  /// Of several rows that fail, the first one's error is thrown, whoever came first.
  static func rows(
    _ count: Int, of shape: [Int], row: (Int) throws(DatasetError) -> [Float]
  ) throws(DatasetError) -> Tensor {
    let length = shape.reduce(1, *)
    guard count <= mostRowNumbers / length else {
      throw .tooMany(items: count, limit: mostRowNumbers / length)
    }
    let failure = Mutex<(index: Int, error: DatasetError)?>(nil)
    let numbers = unsafe [Float](unsafeUninitializedCapacity: count * length) {
      buffer, initialized in
      let buffer = unsafe buffer
      Parallel.forEach(count) { index in
        do throws(DatasetError) {
          if Cancellation.requested.load(ordering: .relaxed) { throw .tensor(.cancelled) }
          let numbers = try row(index)
          precondition(numbers.count == length, "\(numbers.count) numbers in a row of \(length)")
          let target = buffer.extracting(index * length..<(index + 1) * length)
          _ = unsafe target.initialize(fromContentsOf: numbers)
        } catch {
          failure.withLock { if $0.map({ index < $0.index }) ?? true { $0 = (index, error) } }
        }
      }
      initialized = failure.withLock { $0 == nil } ? count * length : 0
    }
    if let error = failure.withLock({ $0?.error }) { throw error }
    do throws(TensorError) { return try Tensor(shape: [count] + shape, elements: numbers) } catch {
      throw .tensor(error)
    }
  }
}
