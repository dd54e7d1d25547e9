package import Tensor

/// Somebody's CLIP: the architecture that its tensors' names and shapes tell, and the tensors themselves
/// as OpenAI's code would hold them.
///
/// Nothing is read to know whether a checkpoint can be loaded. It is loaded exactly or not at all: every
/// tensor of the architecture is there in its shape, and nothing else is.
package struct ForeignCheckpoint {
  package let architecture: Architecture
  package let assumptions: [Assumption]
  /// Tensors that no part of the architecture asks for, by the file's names; empty unless they were
  /// allowed.
  package let surplus: [String]
  private let names: CheckpointNames

  /// tensors: the names and shapes of a state dict. With `allowsSurplus` tensors that nobody asks for
  /// are named, not refused.
  package init(
    _ tensors: [(name: String, shape: [Int])], _ configuration: Configuration = Configuration(),
    allowsSurplus: Bool = false
  ) throws(CheckpointError) {
    names = try CheckpointNames(tensors)
    let sizes = try CheckpointSizes(names, configuration)
    (architecture, assumptions) = (sizes.architecture, sizes.assumptions)
    surplus = try Self.surplus(names, architecture, allowed: allowsSurplus)
  }

  /// The same when the file says of which architecture it is.
  package init(
    _ tensors: [(name: String, shape: [Int])], of architecture: Architecture,
    allowsSurplus: Bool = false
  ) throws(CheckpointError) {
    names = try CheckpointNames(tensors)
    self.architecture = architecture
    assumptions = []
    surplus = try Self.surplus(names, architecture, allowed: allowsSurplus)
  }

  /// A tensor of the architecture, of which `stored` gives the file's tensors.
  package func tensor(_ name: String, stored: (String) throws -> Tensor) throws -> Tensor {
    let source = names.layout.source(of: name)
    let parts = try source.names.map { try stored(names.prefix + $0) }
    return switch source.change {
    case .none: parts[0]
    case .transposed: try parts[0].transposed()
    case .joined: try .concatenate(parts, axis: 0)
    case .scalar: try parts[0].reshaped(to: [])
    }
  }

  /// Compares what is there with what the architecture asks for.
  private static func surplus(
    _ names: CheckpointNames, _ architecture: Architecture, allowed: Bool
  ) throws(CheckpointError) -> [String] {
    if let flaw = architecture.flaw { throw .flaw(flaw) }
    var mismatch = CheckpointError.Mismatch()
    var asked: Set<String> = []
    for (name, shape) in architecture.tensors {
      let source = names.layout.source(of: name)
      let expected = source.expected(shape)
      for part in source.names {
        asked.insert(part)
        guard let found = names[part] else {
          mismatch.missing.append(names.prefix + part)
          continue
        }
        if found != expected, source.change != .scalar || found != [1] {
          mismatch.misshapen.append(
            .init(name: names.prefix + part, found: found, expected: expected))
        }
      }
    }
    let surplus = names.names.filter { !asked.contains($0) }.map { names.prefix + $0 }
    if !allowed || !mismatch.missing.isEmpty || !mismatch.misshapen.isEmpty {
      mismatch.surplus = surplus
    }
    if mismatch != CheckpointError.Mismatch() { throw .names(mismatch) }
    return surplus
  }
}

extension CheckpointLayout.Source {
  /// The shape of each of the file's tensors.
  fileprivate func expected(_ shape: [Int]) -> [Int] {
    switch change {
    case .none, .scalar: shape
    case .transposed: shape.reversed()
    case .joined: [shape[0] / 3] + shape.dropFirst()
    }
  }
}
