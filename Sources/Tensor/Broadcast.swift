/// How two shapes meet under NumPy's rule: aligned at the last axis, an extent of 1 stretches.
///
/// Axes that both operands walk alike are merged, so that most pairs become one run, or one run a
/// row. A run is `run` elements long; within it an operand advances by its step, 0 or 1.
struct Broadcast {
  let shape: [Int]
  let run: Int
  let aStep: Int
  let bStep: Int
  private let outer: [(extent: Int, a: Int, b: Int)]

  init(_ a: [Int], _ b: [Int], _ operation: String) throws(TensorError) {
    shape = try Self.shape(a, b, operation)
    var axes: [(extent: Int, a: Int, b: Int)] = []
    var aStride = 1
    var bStride = 1
    for axis in 1...max(shape.count, 1) where axis <= shape.count {
      let extent = shape[shape.count - axis]
      let aExtent = axis <= a.count ? a[a.count - axis] : 1
      let bExtent = axis <= b.count ? b[b.count - axis] : 1
      let step = (extent, aExtent == 1 ? 0 : aStride, bExtent == 1 ? 0 : bStride)
      aStride *= aExtent
      bStride *= bExtent
      if extent == 1 { continue }
      if let last = axes.last, step.1 == last.a * last.extent, step.2 == last.b * last.extent {
        axes[axes.count - 1].extent *= extent
      } else {
        axes.append((extent, step.1, step.2))
      }
    }
    let inner = axes.first ?? (extent: shape.contains(0) ? 0 : 1, a: 0, b: 0)
    if inner.a <= 1, inner.b <= 1 {
      (run, aStep, bStep) = (inner.extent, inner.a, inner.b)
      outer = axes.dropFirst().reversed()
    } else {
      (run, aStep, bStep) = (1, 0, 0)
      outer = axes.reversed()
    }
  }

  /// The shape that both broadcast to.
  static func shape(_ a: [Int], _ b: [Int], _ operation: String) throws(TensorError) -> [Int] {
    let rank = max(a.count, b.count)
    var shape = [Int](repeating: 1, count: rank)
    for axis in 1...max(rank, 1) where axis <= rank {
      let x = axis <= a.count ? a[a.count - axis] : 1
      let y = axis <= b.count ? b[b.count - axis] : 1
      guard x == y || x == 1 || y == 1 else { throw .shapes(operation, a, b) }
      shape[rank - axis] = x == 1 ? y : x
    }
    return shape
  }

  /// Calls `body` with the start of each run in the result and in the two operands, in order; large
  /// results are shared among the threads.
  func forEachRun(_ body: (_ start: Int, _ a: Int, _ b: Int) -> Void) {
    guard run > 0, runs > 0 else { return }
    Parallel.forEachRange(runs, size: max(1, Kernels.chunk / run)) { range in
      for index in range {
        let start = starts(ofRun: index)
        body(index * run, start.a, start.b)
      }
    }
  }

  /// Calls `body` with each position of the result and of the two operands, on all threads.
  func forEachPosition(_ body: (_ index: Int, _ a: Int, _ b: Int) -> Void) {
    Parallel.forEach(runs * run) { index in
      let (runIndex, step) = index.quotientAndRemainder(dividingBy: run)
      let start = starts(ofRun: runIndex)
      body(index, start.a + step * aStep, start.b + step * bStep)
    }
  }

  private var runs: Int { outer.reduce(1) { $0 * $1.extent } }

  private func starts(ofRun index: Int) -> (a: Int, b: Int) {
    var rest = index
    var start = (a: 0, b: 0)
    for axis in outer.reversed() {
      let position = rest % axis.extent
      rest /= axis.extent
      start.a += position * axis.a
      start.b += position * axis.b
    }
    return start
  }
}
