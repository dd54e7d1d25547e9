package import Autograd
package import Tensor

/// The tensors of a CLIP by their checkpoint names.
package struct Weights {
  package let architecture: Architecture
  /// In the order of ``Architecture/tensors``.
  package let entries: [(name: String, variable: Variable)]
  private let byName: [String: Variable]

  /// Takes each tensor that the architecture names from `tensor`; checks its shape.
  ///
  /// Throws ``CLIPError/architecture(_:)``, ``CLIPError/missingWeight(_:)`` or
  /// ``CLIPError/weight(_:found:expected:)``.
  package init(
    _ architecture: Architecture, isTrainable: Bool = false,
    tensor: (String) throws -> Tensor?
  ) throws {
    try self.init(architecture, isTrainable: isTrainable) { name, _ in try tensor(name) }
  }

  /// The same when `tensor` wants to know the shape, too.
  init(
    _ architecture: Architecture, isTrainable: Bool,
    shaped tensor: (_ name: String, _ shape: [Int]) throws -> Tensor?
  ) throws {
    if let flaw = architecture.flaw { throw CLIPError.architecture(flaw) }
    self.architecture = architecture
    var entries: [(name: String, variable: Variable)] = []
    for (name, shape) in architecture.tensors {
      guard let value = try tensor(name, shape) else { throw CLIPError.missingWeight(name) }
      guard value.shape == shape else {
        throw CLIPError.weight(name, found: value.shape, expected: shape)
      }
      let learns = isTrainable && !Architecture.isStatistic(name)
      entries.append((name, Variable(value, requiresGradient: learns)))
    }
    self.entries = entries
    byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.variable) })
  }

  /// The parameters of the image tower, and those of the text tower.
  var vision: [Variable] { entries.filter { $0.name.hasPrefix("visual.") }.map(\.variable) }
  var text: [Variable] {
    entries.filter { !$0.name.hasPrefix("visual.") && $0.name != "logit_scale" }.map(\.variable)
  }

  subscript(name: String) -> Variable {
    guard let variable = byName[name] else {
      preconditionFailure("\(name) is not among the architecture's tensors")
    }
    return variable
  }

  func norm(_ name: String, _ tower: Architecture.Tower) -> Block.Norm {
    Block.Norm(
      scale: self["\(name).weight"], shift: self["\(name).bias"], epsilon: tower.epsilon)
  }

  func dense(_ name: String) -> Block.Dense {
    Block.Dense(weight: self["\(name).weight"], bias: self["\(name).bias"])
  }

  func blocks(_ prefix: String, _ tower: Architecture.Tower) -> [Block] {
    (0..<tower.layers).map { layer in
      let block = "\(prefix).resblocks.\(layer)"
      return Block(
        norm1: norm("\(block).ln_1", tower),
        attentionIn: Block.Dense(
          weight: self["\(block).attn.in_proj_weight"], bias: self["\(block).attn.in_proj_bias"]),
        attentionOut: dense("\(block).attn.out_proj"), norm2: norm("\(block).ln_2", tower),
        first: dense("\(block).mlp.c_fc"), second: dense("\(block).mlp.c_proj"),
        activation: tower.activation)
    }
  }
}
