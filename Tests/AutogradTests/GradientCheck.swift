import Autograd
import Tensor
import Testing

/// Compares the gradient of Σ w f(x…), w random, with central differences along random directions.
///
/// The forward pass is Float, so the step is near 10⁻², the loss is summed in Double, and the
/// tolerance is relative, near 10⁻². Inputs must keep away from kinks.
func checkGradient(
  _ name: String, at inputs: [Tensor], tolerance: Double = 2e-2, seed: Int = 1,
  sourceLocation: SourceLocation = #_sourceLocation,
  of function: ([Variable]) throws(TensorError) -> Variable
) throws {
  var random = RandomStream(seed: seed, name: name)
  let leaves = inputs.map { Variable($0, requiresGradient: true) }
  let result = try function(leaves)
  let weights = try Tensor.normal(result.shape, deviation: 1, from: &random)
  let loss = try result.times(Variable(weights)).sum()
  let gradients = try loss.backward()

  for (index, input) in inputs.enumerated() {
    let gradient = try #require(gradients[leaves[index]], "operand \(index) got no gradient")
    for _ in 0..<4 {
      let direction = try Tensor.normal(input.shape, deviation: 1, from: &random)
      let step: Float = 1e-2
      func loss(_ sign: Float) throws -> Double {
        var moved = inputs.map { Variable($0) }
        let shifted = try input.combined(.sum, with: direction.scaled(by: sign * step))
        moved[index] = Variable(shifted)
        return try function(moved).value.dot(weights)
      }
      let numeric = try (loss(1) - loss(-1)) / Double(2 * step)
      let exact = try gradient.dot(direction)
      let size = max(abs(numeric), abs(exact), try gradient.dot(gradient).squareRoot())
      #expect(
        abs(numeric - exact) <= tolerance * size + 1e-4,
        "\(name), operand \(index): differences give \(numeric), the pullback \(exact)",
        sourceLocation: sourceLocation)
    }
  }
}
