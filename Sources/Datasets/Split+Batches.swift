internal import Pictures
internal import Synchronization
package import Tensor

/// Batches are lists of places in a split; pictures are read, prepared and normalised on all threads
/// when a batch is loaded. Memory: one batch of numbers, twice for a moment, and one decoded picture
/// a thread.
extension Split {
  /// The most numbers that are loaded at once: 1 GiB of Float32.
  package static let mostNumbers = 1 << 28

  /// All items in order, `size` at a time; the last batch may be shorter.
  package func batches(of size: Int) throws(DatasetError) -> [Range<Int>] {
    guard size > 0 else { throw .batchSize(size) }
    return stride(from: 0, to: count, by: size).map { start in
      start..<min(count, start + min(size, count))
    }
  }

  /// An epoch: a fresh permutation of the items in batches of `size`.
  ///
  /// The last, incomplete batch is dropped, but a split shorter than one batch gives a short one.
  package func epoch(of size: Int, order stream: inout RandomStream) throws(DatasetError)
    -> [[Int]]
  {
    guard size > 0 else { throw .batchSize(size) }
    guard count > 0 else { return [] }
    let order = stream.permutation(count)
    guard count >= size else { return [order] }
    return (0..<count / size).map { Array(order[$0 * size..<($0 + 1) * size]) }
  }

  /// The items as a model sees them in evaluation: [B, 3, side, side].
  package func images(_ items: some Collection<Int>, _ preprocessing: Preprocessing)
    throws(DatasetError) -> Tensor
  {
    let items = Array(items)
    return try loaded(items, preprocessing) { (picture, _) throws(PictureError) in
      try preprocessing.numbers(of: picture)
    }
  }

  /// Views of the items for training, [B, 3, side, side]; another call with the same stream gives
  /// independent second views.
  ///
  /// Each item's view has its own stream, whose seed is 64 bits of `stream`: so what is drawn for
  /// one item depends neither on the others nor on threads.
  package func images(
    _ items: some Collection<Int>, _ preprocessing: Preprocessing, _ augmentation: Augmentation,
    from stream: inout RandomStream
  ) throws(DatasetError) -> Tensor {
    let items = Array(items)
    let seeds = items.map { _ in UInt64(stream.word()) << 32 | UInt64(stream.word()) }
    return try loaded(items, preprocessing) { (picture, index) throws(PictureError) in
      var own = RandomStream(seed: Int(bitPattern: UInt(seeds[index])), name: "view")
      let view = try augmentation.view(of: picture, side: preprocessing.side, from: &own)
      return preprocessing.normalization.numbers(of: view)
    }
  }

  /// Fills a tensor with what `prepare` makes of the picture of each item, in parallel.
  private func loaded(
    _ items: [Int], _ preprocessing: Preprocessing,
    prepare: (Picture, Int) throws(PictureError) -> [Float]
  ) throws(DatasetError) -> Tensor {
    for item in items { try check(item) }
    let side = preprocessing.side
    guard (1...4096).contains(side) else { throw .preprocessing(side: side) }
    let length = 3 * side * side
    guard items.count <= Self.mostNumbers / length else {
      throw .tooMany(items: items.count, limit: Self.mostNumbers / length)
    }
    let failure = Mutex<(index: Int, error: DatasetError)?>(nil)
    let numbers = unsafe [Float](unsafeUninitializedCapacity: items.count * length) {
      buffer, initialized in
      let buffer = unsafe buffer
      Parallel.forEach(items.count) { index in
        do throws(DatasetError) {
          let row = try self.numbers(of: items[index], index, prepare)
          let target = buffer.extracting(index * length..<(index + 1) * length)
          _ = unsafe target.initialize(fromContentsOf: row)
        } catch {
          failure.withLock { if $0.map({ index < $0.index }) ?? true { $0 = (index, error) } }
        }
      }
      initialized = failure.withLock { $0 == nil } ? items.count * length : 0
    }
    if let error = failure.withLock({ $0?.error }) { throw error }
    do throws(TensorError) {
      return try Tensor(shape: [items.count, 3, side, side], elements: numbers)
    } catch {
      throw .tensor(error)
    }
  }

  private func numbers(
    of item: Int, _ index: Int, _ prepare: (Picture, Int) throws(PictureError) -> [Float]
  ) throws(DatasetError) -> [Float] {
    if Cancellation.requested.load(ordering: .relaxed) { throw .tensor(.cancelled) }
    let picture = try source.picture(at: positions[item])
    do throws(PictureError) { return try prepare(picture, index) } catch {
      throw .picture(name: source.name(at: positions[item]), error)
    }
  }
}
