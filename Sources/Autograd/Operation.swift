/// Every differentiable operation. A test holds one row for each and fails when one is missing.
package enum Operation: String, CaseIterable, Sendable {
  case sum, difference, product, quotient, power, maximum, minimum
  case negated, exponential, logarithm, squareRoot, magnitude, relu, sigmoid, tanh, gelu, quickGELU
  case summed, averaged, extreme
  case matmul, linear, feedForward, attention
  case softmax, logSoftmax, layerNorm, normalized
  case reshaped, permuted, patches, broadcast, concatenated, indexed, replaced, gathered, assembled
  case recomputed
}
