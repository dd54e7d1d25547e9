import Autograd
import CLIP
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

/// Expects two results to be equal, and so the gradients of their product with one random direction.
func expectEqual(
  _ a: Variable, _ b: Variable, gradientsOf parameters: [Variable],
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  expectClose(a.value, b.value, relative: 1e-5, "features", sourceLocation: sourceLocation)
  let direction = Variable(try TinyCLIP.random(a.shape, "direction").value)
  let ga = try a.times(direction).sum().backward()
  let gb = try b.times(direction).sum().backward()
  for (index, parameter) in parameters.enumerated() {
    let x = try #require(
      ga[parameter], "no gradient for \(index)", sourceLocation: sourceLocation)
    let y = try #require(gb[parameter])
    expectClose(x, y, relative: 1e-4, "gradient \(index)", sourceLocation: sourceLocation)
  }
}

extension Weights {
  /// The parameters of each tower.
  var visionEntries: [Variable] {
    entries.filter { $0.name.hasPrefix("visual.") }.map(\.variable)
  }
  var textEntries: [Variable] {
    entries.filter { !$0.name.hasPrefix("visual.") && $0.name != "logit_scale" }.map(\.variable)
  }
}
