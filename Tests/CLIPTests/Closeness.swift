import Tensor
import Testing

/// Expects the largest difference to be at most `relative` times the largest value.
func expectClose(
  _ a: Tensor, _ b: Tensor, relative: Float, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(a.shape == b.shape, "\(what)", sourceLocation: sourceLocation)
  guard a.shape == b.shape else { return }
  let (x, y) = (a.elements, b.elements)
  let size = y.map(abs).max() ?? 0
  let worst = zip(x, y).map { abs($0 - $1) }.max() ?? 0
  #expect(
    worst <= relative * size, "\(what): off by \(worst) at values up to \(size)",
    sourceLocation: sourceLocation)
  #expect(
    size > 0, "\(what) is all zero: the comparison says nothing", sourceLocation: sourceLocation)
}
