package import Autograd
package import Language
package import Tensor

/// A tensor as scripts hold it: a variable of the engine, and its role if a module declared it.
///
/// Scripts treat tensors as values; nothing changes one in place but an optimizer, `load(…, into:)` and
/// a module's own averaging, and these change parameters only. Inside `no_grad` every operand counts
/// as a constant, so that no record is kept.
package final class TensorValue: HostObject {
  let engine: Engine
  package private(set) var variable: Variable
  /// What a module's declaration made of it; nil for a plain result.
  package let role: ParameterRole?
  /// Whether a comparison made it: then an index takes it as a mask.
  let isMask: Bool

  init(_ variable: Variable, _ engine: Engine, role: ParameterRole? = nil, isMask: Bool = false) {
    self.variable = variable
    self.engine = engine
    self.role = role
    self.isMask = isMask
  }

  package var tensor: Tensor { variable.value }

  /// The number of a tensor of one element.
  var scalar: Double? { tensor.count == 1 ? Double(tensor.scalar) : nil }

  /// The variable to compute with now: a constant inside `no_grad`.
  var operand: Variable { engine.isRecording ? variable : variable.detached }

  /// Whether an optimizer changes it.
  package var isTrained: Bool { variable.requiresGradient && variable.isLeaf }

  /// Trains a parameter, or stops training it; what refers to it sees the change.
  func setTrained(_ isTrained: Bool) {
    if isTrained != self.isTrained {
      variable = Variable(variable.value, requiresGradient: isTrained)
    }
  }

  package var typeName: String { "Tensor" }
  package var summary: String {
    tensor.rank == 0
      ? TensorPrinting.number(Double(tensor.scalar))
      : "Tensor\(TensorPrinting.shape(tensor.shape))"
  }
  package func display(width: Int) -> String { TensorPrinting.display(tensor, width: width) }
}

extension TensorValue: HostShaped {
  package var shape: [Int] { variable.shape }

  package func advice(contract: String) -> String? {
    contract.contains("3, H, W") && shape.count == 3
      ? "`image(\"photo.jpg\", clip)` gives [1, 3, 224, 224]" : nil
  }
}

extension TensorValue: HostParameter {
  package func parameter(_ role: ParameterRole) throws -> any HostObject {
    TensorValue(
      Variable(variable.value, requiresGradient: role == .param), engine, role: role)
  }

  package func copied() throws -> any HostObject {
    TensorValue(
      Variable(variable.value, requiresGradient: isTrained), engine, role: role, isMask: isMask)
  }
}

extension TensorValue: HostEquatable {
  package func equals(_ other: Value) throws -> Bool {
    guard other.object is TensorValue || other.number != nil else { return false }
    throw Fault(
      .type, "`==` asks whether two values are the same, and tensors have many elements",
      help: "compare elementwise with `eq(x, y)`")
  }
}

extension TensorValue: HostMembers {
  package var memberNames: [String] { ["shape", "T", "rank", "count", "item"] }

  package func member(_ name: String) throws -> Value? {
    switch name {
    case "shape": Value(shape.map(Value.int))
    case "T": engine.value(try operand.transposed())
    case "rank": .int(shape.count)
    case "count": .int(tensor.count)
    case "item": try item()
    default: nil
    }
  }

  private func item() throws -> Value {
    guard let scalar else {
      throw Fault(
        .shape, "`item` needs a tensor of one element, and this one is \(summary)",
        help: "pick one with an index, such as `x[0, 0].item`")
    }
    return .float(scalar)
  }
}

extension TensorValue: HostSequence {
  package var count: Int { shape.first ?? 0 }

  /// A tensor of one axis less; of a mask with one axis, true or false.
  package func element(_ position: Int) throws -> Value {
    let part = try operand.indexed([.position(position)])
    guard isMask else { return engine.value(part) }
    return part.shape.isEmpty ? .bool(part.value.scalar != 0) : engine.mask(part.value)
  }
}
