internal import CKernels

/// Multi-head attention over packed rows.
///
///     P = softmax(Q Kᵀ / √(D / heads)) by head, among the keys that the layout lets a query see
///     out = P V, the heads side by side
///
/// `queries` holds Q in its first D columns; `keysValues` holds K and V in its last 2 D columns. So
/// both may be the same packed [R, 3 D] tensor, or Q may be computed for fewer rows than K and V.
/// Heads are consecutive groups of columns; nothing is moved to reach them.
///
/// Long segments go through BLAS, short ones (class prompts have 3 to 10 rows) through a kernel. The
/// probabilities are not kept: the backward pass computes them again from Q and K.
package struct Attention {
  let queries: Tensor
  let keysValues: Tensor
  let layout: AttentionLayout
  let width: Int

  package init(queries: Tensor, keysValues: Tensor, width: Int, layout: AttentionLayout)
    throws(TensorError)
  {
    guard queries.rank == 2, keysValues.rank == 2, width > 0, queries.shape[1] >= width,
      keysValues.shape[1] / 2 >= width, layout.heads > 0, width % layout.heads == 0
    else { throw .shapes("attention", queries.shape, keysValues.shape) }
    try BLAS.check(queries.shape[0], queries.shape[1], keysValues.shape[0], keysValues.shape[1])
    guard layout.fits(queries: queries.shape[0], keys: keysValues.shape[0]) else {
      throw .shape("attention", keysValues.shape, expected: "the rows that the layout names")
    }
    self.queries = queries
    self.keysValues = keysValues
    self.layout = layout
    self.width = width
  }

  var headWidth: Int { width / layout.heads }
  var scale: Float { 1 / Float(headWidth).squareRoot() }
  private var keyStride: Int { keysValues.shape[1] }
  private var queryStride: Int { queries.shape[1] }

  /// out: [queries, D]
  package func callAsFunction() throws(TensorError) -> Tensor {
    try Cancellation.check()
    let blas = try BLAS.shared.get()
    let slots = try ScratchSlots(size: layout.scores)
    return try Tensor.make([queries.shape[0], width]) { out in
      read(queries, keysValues) { q, kv in
        forEachUnit { segments, head in
          slots.use { scratch in
            for segment in segments {
              let part = part(segment, head, q, kv)
              let place = out.from(segment.queries.lowerBound * width + head * headWidth)
              if segment.isLong {
                part.mix(blas, into: place, stride: width, scores: scratch)
              } else {
                unsafe withUnsafePointer(to: part.kernel) {
                  unsafe Kernels.best.attention($0, place.start, width, scratch.start)
                }
              }
            }
          }
        }
      }
    }
  }

  /// The gradients of `queries` and `keysValues`; one tensor for both when they are the same packed
  /// tensor.
  package func gradients(upstream: Tensor, packed: Bool) throws(TensorError) -> (
    queries: Tensor, keysValues: Tensor
  ) {
    try Cancellation.check()
    let blas = try BLAS.shared.get()
    let slots = try ScratchSlots(size: 2 * layout.scores)
    let dkv = try Tensor(repeating: 0, shape: keysValues.shape)
    let dq = packed ? dkv : try Tensor(repeating: 0, shape: queries.shape)
    let (queryOut, keyOut) = (dq.storage.output, dkv.storage.output)
    read(queries, keysValues, upstream) { q, kv, dy in
      forEachUnit { segments, head in
        slots.use { scratch in
          for segment in segments {
            let part = part(segment, head, q, kv)
            let dy = dy.from(segment.queries.lowerBound * width + head * headWidth)
            let gradient = HeadGradient(
              part, dq: queryOut.from(part.queryPlace), dkv: keyOut, scores: scratch,
              second: scratch.from(layout.scores))
            gradient.add(blas, upstream: dy, stride: width)
          }
        }
      }
    }
    return (dq, dkv)
  }

  /// How much attention each query of the layout pays to some of the keys it sees: the mean over
  /// heads of P[q, key], one row for each query, segment after segment.
  ///
  /// keys: places among each segment's keys, the shared ones first → [queries, keys].
  package func paid(to keys: Range<Int>) throws(TensorError) -> Tensor {
    let fewest = layout.groups.joined().map(\.keys).min() ?? keys.upperBound
    guard keys.lowerBound >= 0, keys.upperBound <= fewest else {
      throw .index(keys.upperBound, count: fewest, axis: 1)
    }
    try Cancellation.check()
    let blas = try BLAS.shared.get()
    let slots = try ScratchSlots(size: layout.scores)
    let segments = layout.groups.flatMap { $0 }
    let rows = segments.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.queries.count) }
    return try Tensor.make([rows[segments.count], keys.count]) { out in
      read(queries, keysValues) { q, kv in
        Parallel.forEach(segments.count) { index in
          let segment = segments[index]
          let place = out.from(rows[index] * keys.count)
          place.fill(segment.queries.count * keys.count, with: 0)
          slots.use { scratch in
            for head in 0..<layout.heads {
              part(segment, head, q, kv).addAttention(
                blas, to: keys, weight: 1 / Float(layout.heads), into: place, scores: scratch)
            }
          }
        }
      }
    }
  }

  /// Calls `body` for each (group, head) on all threads, at least so many for each chunk that handing
  /// it to a thread is worth while.
  private func forEachUnit(_ body: ([AttentionLayout.Segment], Int) -> Void) {
    let units = layout.groups.count * layout.heads
    let size = units * 250_000 / max(layout.pairs * width, 1) + 1
    Parallel.forEachRange(units, size: size) { range in
      for unit in range { body(layout.groups[unit / layout.heads], unit % layout.heads) }
    }
  }

  private func part(_ segment: AttentionLayout.Segment, _ head: Int, _ q: Input, _ kv: Input)
    -> Head
  {
    Head(
      segment: segment, q: q, queryStride: queryStride, kv: kv, keyStride: keyStride,
      keyColumn: keyStride - 2 * width + head * headWidth, width: headWidth, valueOffset: width,
      queryColumn: head * headWidth, scale: scale)
  }
}

/// One head of one segment.
struct Head {
  let segment: AttentionLayout.Segment
  let q: Input
  let queryStride: Int
  let kv: Input
  let keyStride: Int
  /// The head's first column of K in `kv`; V lies `valueOffset` further.
  let keyColumn: Int
  let width: Int
  let valueOffset: Int
  let queryColumn: Int
  let scale: Float

  /// Where the head's first query, shared key and own key lie.
  var queryPlace: Int { segment.queries.lowerBound * queryStride + queryColumn }
  var sharedPlace: Int { segment.shared.lowerBound * keyStride + keyColumn }
  var ownPlace: Int { segment.own.lowerBound * keyStride + keyColumn }

  var kernel: duet_attention {
    unsafe duet_attention(
      q: q.at(queryPlace), q_stride: queryStride, queries: segment.queries.count,
      shared_k: kv.at(sharedPlace), shared_v: kv.at(sharedPlace + valueOffset),
      shared: segment.shared.count, own_k: kv.at(ownPlace), own_v: kv.at(ownPlace + valueOffset),
      own: segment.own.count, kv_stride: keyStride, visible: segment.visible, width: width,
      scale: scale)
  }

  func matrix(_ place: Int, transposed: Bool = false) -> Matrix {
    Matrix(start: kv.from(place), stride: keyStride, transposed: transposed)
  }

  var queryMatrix: Matrix { Matrix(start: q.from(queryPlace), stride: queryStride) }

  /// P, row by row, in `scores`.
  func probabilities(_ blas: BLAS, _ scores: Output) {
    let (rows, shared, keys) = (segment.queries.count, segment.shared.count, segment.keys)
    if shared > 0 {
      blas.multiply(
        rows, shared, width, queryMatrix, matrix(sharedPlace, transposed: true), into: scores,
        stride: keys, scale: scale)
    }
    blas.multiply(
      rows, segment.own.count, width, queryMatrix, matrix(ownPlace, transposed: true),
      into: scores.from(shared), stride: keys, scale: scale)
    if segment.isCausal {
      for row in 0..<rows {
        let seen = shared + min(segment.own.count, segment.visible + row)
        scores.fill(keys - seen, with: -.infinity, from: row * keys + seen)
      }
    }
    unsafe Kernels.best.softmax(scores.start, scores.start, rows, keys)
  }

  /// P V
  func mix(_ blas: BLAS, into out: Output, stride: Int, scores: Output) {
    probabilities(blas, scores)
    let (rows, shared, keys) = (segment.queries.count, segment.shared.count, segment.keys)
    if shared > 0 {
      blas.multiply(
        rows, width, shared, Matrix(start: scores.input, stride: keys),
        matrix(sharedPlace + valueOffset), into: out, stride: stride)
    }
    blas.multiply(
      rows, width, segment.own.count, Matrix(start: scores.from(shared).input, stride: keys),
      matrix(ownPlace + valueOffset), into: out, stride: stride, keep: shared > 0 ? 1 : 0)
  }

  /// Adds `weight` P[q, keys] to `out`, row by row.
  func addAttention(
    _ blas: BLAS, to keys: Range<Int>, weight: Float, into out: Output, scores: Output
  ) {
    probabilities(blas, scores)
    for row in 0..<segment.queries.count {
      for (place, key) in keys.enumerated() {
        out[row * keys.count + place] += weight * scores[row * segment.keys + key]
      }
    }
  }
}

/// Adds one head's gradients to those of its rows.
struct HeadGradient {
  let head: Head
  let dq: Output
  let dkv: Output
  /// Two matrices of scores.
  let scores: Output
  let second: Output

  init(_ head: Head, dq: Output, dkv: Output, scores: Output, second: Output) {
    self.head = head
    self.dq = dq
    self.dkv = dkv
    self.scores = scores
    self.second = second
  }

  func add(_ blas: BLAS, upstream dy: Input, stride: Int) {
    guard head.segment.isLong else { return addShort(dy, stride) }
    let (rows, keys) = (head.segment.queries.count, head.segment.keys)
    let shared = head.segment.shared.count
    head.probabilities(blas, scores)
    let upstream = Matrix(start: dy, stride: stride)
    let parts = [(0, shared, head.sharedPlace), (shared, head.segment.own.count, head.ownPlace)]
    for (first, count, place) in parts where count > 0 {
      blas.multiply(
        rows, count, head.width, upstream, head.matrix(place + head.valueOffset, transposed: true),
        into: second.from(first), stride: keys)
      blas.multiply(
        count, head.width, rows,
        Matrix(start: scores.from(first).input, stride: keys, transposed: true), upstream,
        into: dkv.from(place + head.valueOffset), stride: head.keyStride, keep: 1)
    }
    unsafe Kernels.best.softmax_gradient(scores.start, second.start, second.start, rows, keys)
    for (first, count, place) in parts where count > 0 {
      let ds = second.from(first).input
      blas.multiply(
        rows, head.width, count, Matrix(start: ds, stride: keys), head.matrix(place), into: dq,
        stride: head.queryStride, scale: head.scale, keep: 1)
      blas.multiply(
        count, head.width, rows, Matrix(start: ds, stride: keys, transposed: true),
        head.queryMatrix, into: dkv.from(place), stride: head.keyStride, scale: head.scale, keep: 1)
    }
  }

  private func addShort(_ dy: Input, _ stride: Int) {
    let (shared, own) = (dkv.from(head.sharedPlace), dkv.from(head.ownPlace))
    unsafe withUnsafePointer(to: head.kernel) { kernel in
      unsafe Kernels.best.attention_gradient(
        kernel, dy.start, stride, dq.start, head.queryStride, shared.start,
        shared.at(head.valueOffset), own.start, own.at(head.valueOffset), head.keyStride,
        scores.start)
    }
  }
}
