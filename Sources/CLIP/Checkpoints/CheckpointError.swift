/// Why a state dict is no CLIP that can be loaded: facts, with the file's own names.
package enum CheckpointError: Error, Equatable, Sendable {
  /// None of the layouts: some of the names that are there.
  case layout(first: [String])
  /// A part of another kind of model, and a tensor of it.
  case part(Part, name: String)
  case names(Mismatch)
  /// A tensor whose shape tells no size.
  case shape(String, found: [Int])
  /// A size in the configuration, and what the weights have.
  case size(String, configuration: Int, weights: Int?)
  /// Sizes that contradict each other.
  case flaw(String)
  /// A width of which the number of heads cannot be told.
  case heads(Tower, width: Int)

  /// Parts of models that are no CLIP of OpenAI's design.
  package enum Part: Equatable, Sendable {
    case timmTower, cocaPool, cocaDecoder, textTransformer, layerScale, logitBias
  }

  package enum Tower: Equatable, Sendable { case vision, text }

  /// Tensors that are not there, that nobody asked for, and those of another shape.
  package struct Mismatch: Equatable, Sendable {
    package var missing: [String]
    package var surplus: [String]
    package var misshapen: [Shape]

    package init(missing: [String] = [], surplus: [String] = [], misshapen: [Shape] = []) {
      self.missing = missing
      self.surplus = surplus
      self.misshapen = misshapen
    }

    package struct Shape: Equatable, Sendable {
      package let name: String
      package let found: [Int]
      package let expected: [Int]

      package init(name: String, found: [Int], expected: [Int]) {
        self.name = name
        self.found = found
        self.expected = expected
      }
    }
  }
}
