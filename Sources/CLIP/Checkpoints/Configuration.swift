package import Tensor

/// What a configuration file says of a checkpoint, or its user.
package struct Configuration: Sendable {
  /// What the tensors of a tower do not tell.
  package struct Tower: Sendable {
    package var heads: Int?
    package var activation: Elementwise?
    package var epsilon: Float?

    package init(heads: Int? = nil, activation: Elementwise? = nil, epsilon: Float? = nil) {
      self.heads = heads
      self.activation = activation
      self.epsilon = epsilon
    }
  }

  package var vision: Tower
  package var text: Tower
  package var pooling: Pooling?
  /// Whether the text projection adds a bias; nil leaves it to the names.
  package var projectionHasBias: Bool?
  /// Sizes, by the names of ``Architecture/sizes``, with which the tensors must agree.
  package var sizes: [(name: String, value: Int)]

  package init(
    vision: Tower = Tower(), text: Tower = Tower(), pooling: Pooling? = nil,
    projectionHasBias: Bool? = nil, sizes: [(name: String, value: Int)] = []
  ) {
    self.vision = vision
    self.text = text
    self.pooling = pooling
    self.projectionHasBias = projectionHasBias
    self.sizes = sizes
  }
}

/// What was taken for granted because nothing in a checkpoint tells it.
package enum Assumption: Equatable, Sendable {
  case quickGELU
  /// Heads of so many columns in the image tower: not the usual 64.
  case visionHeads(width: Int, headWidth: Int)
  /// What the missing configuration of a Hugging Face checkpoint would say: heads of 64 columns, 10⁻⁵
  /// as ε, and that the largest id ends a text.
  case configuration
}
