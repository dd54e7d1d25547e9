internal import Pictures
package import Tensor

/// Batches are lists of places in a split; pictures are read, prepared and normalised on all threads
/// when a batch is loaded. Memory: one batch of numbers, twice for a moment and 1 GiB at most, and one
/// decoded picture a thread.
extension Split {
  /// How many items evaluation takes at a time.
  package static let evaluationBatch = 100

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
      let view = try augmentation.view(of: picture, for: preprocessing, from: &own)
      return preprocessing.normalization.numbers(of: view)
    }
  }

  /// A tensor of what `prepare` makes of the picture of each item.
  private func loaded(
    _ items: [Int], _ preprocessing: Preprocessing,
    prepare: (Picture, Int) throws(PictureError) -> [Float]
  ) throws(DatasetError) -> Tensor {
    for item in items { try check(item) }
    let shape = try preprocessing.shape()
    return try Tensor.rows(items.count, of: shape) { (index) throws(DatasetError) in
      let position = positions[items[index]]
      let picture = try source.picture(at: position)
      do throws(PictureError) { return try prepare(picture, index) } catch {
        throw .picture(name: source.name(at: position), error)
      }
    }
  }
}
