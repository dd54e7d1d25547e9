/// How an output sample is made of input samples, as Pillow does it.
package enum Interpolation: String, Sendable {
  /// The cubic of a = −½, over four samples.
  case bicubic
  /// The triangle, over two samples.
  case bilinear

  /// How far the filter reaches to each side.
  var support: Double { self == .bicubic ? 2 : 1 }

  /// The weight of a sample at a distance.
  func weight(_ offset: Double) -> Double {
    let t = abs(offset)
    switch self {
    case .bicubic:
      if t < 1 { return (1.5 * t - 2.5) * t * t + 1 }
      if t < 2 { return (((t - 5) * t + 8) * t - 4) * -0.5 }
      return 0
    case .bilinear: return t < 1 ? 1 - t : 0
    }
  }
}

/// A filter along one axis: which input samples an output sample is made of.
///
/// The filter is widened when shrinking, so that every input sample counts (antialiasing):
///
///     scale = m / o,  c = (x + ½) · scale,  support = r · max(scale, 1)
///     w_j = K((j − c + ½) / max(scale, 1)) for ⌊c − support + ½⌋ ≤ j < ⌊c + support + ½⌋, Σ w_j = 1
///
/// with K the filter's curve and r its reach. Weights are computed in Float64 and then rounded to 22 binary places,
/// so that the sums over bytes are integers and every machine agrees on them.
struct Resampling {
  /// How many binary places the weights have after the point.
  static let places: Int32 = 22

  /// For each output sample, the first input sample and where its weights are.
  private(set) var starts: [Int] = []
  private(set) var weightRanges: [Range<Int>] = []
  private(set) var weights: [Int32] = []

  /// The filter from `input` samples to the part `window` of `output` samples.
  init(
    from input: Int, to output: Int, window: Range<Int>, _ interpolation: Interpolation = .bicubic
  ) {
    let scale = Double(input) / Double(output)
    let width = max(scale, 1)
    let support = interpolation.support * width
    let inverse = 1 / width
    var row: [Double] = []
    for x in window {
      let center = (Double(x) + 0.5) * scale
      let first = max(0, Int(center - support + 0.5))
      let last = min(input, Int(center + support + 0.5))
      row.removeAll(keepingCapacity: true)
      for j in first..<last {
        row.append(interpolation.weight((Double(j) - center + 0.5) * inverse))
      }
      append(row, at: first)
    }
  }

  /// The input samples that the window needs.
  var inputs: Range<Int> {
    guard let first = starts.first, let last = starts.last, let count = weightRanges.last?.count
    else { return 0..<0 }
    return first..<last + count
  }

  /// Whether a filter has at most 2²⁴ weights: only a line of millions of pixels needs more.
  static func isReasonable(from input: Int, to output: Int, window: Range<Int>) -> Bool {
    window.count <= (1 << 24) / (4 * (input / output + 1) + 2)
  }

  private mutating func append(_ row: [Double], at first: Int) {
    let sum = row.reduce(0, +)
    let start = weights.count
    for weight in row {
      let scaled = weight / sum * Double(1 << Self.places)
      weights.append(Int32(scaled + (weight < 0 ? -0.5 : 0.5)))
    }
    starts.append(first)
    weightRanges.append(start..<weights.count)
  }
}
