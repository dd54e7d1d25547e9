package import Tensor

/// Changes parameters along their gradients by a rule, and keeps what the rule must remember.
///
/// All parameters share one rate; each may have its own weight decay. A parameter that the loss does
/// not depend on is not touched, not even by weight decay, as in PyTorch.
package final class Optimizer {
  /// A parameter with the path under which scripts and files know it.
  package struct Slot {
    package let path: String
    package let parameter: Variable
    package let decay: Double

    package init(path: String, parameter: Variable, decay: Double) {
      self.path = path
      self.parameter = parameter
      self.decay = decay
    }
  }

  package enum Rule: Equatable, Sendable {
    /// g = gradient + decay p,  b = momentum b + g (b = g at first),  p −= rate b.
    /// No dampening, no Nesterov.
    case sgd(momentum: Double)
    /// m = β₁ m + (1 − β₁) g,  v = β₂ v + (1 − β₂) g²,  p −= rate m̂ / (√v̂ + ε), bias-corrected. The
    /// decay is added to the gradient, or applied to p itself when `isDecoupled` (AdamW).
    case adam(beta1: Double, beta2: Double, epsilon: Double, isDecoupled: Bool)
  }

  package let rule: Rule
  package let slots: [Slot]
  /// The learning rate of the next step.
  package var rate: Double
  /// The largest norm that all gradients together may have; longer ones are scaled down.
  package let clipNorm: Double?
  private var memories: [Memory]

  /// What the rule remembers of one parameter.
  struct Memory {
    var steps = 0
    var buffer: Tensor?
    var moments: (first: Tensor, second: Tensor)?
  }

  package init(_ rule: Rule, _ slots: [Slot], rate: Double, clipNorm: Double? = nil) {
    self.rule = rule
    self.slots = slots
    self.rate = rate
    self.clipNorm = clipNorm
    memories = slots.map { _ in Memory() }
  }

  /// Takes one step.
  package func step(_ gradients: Gradients) throws(TensorError) {
    let scale = try clippingScale(gradients)
    for (index, slot) in slots.enumerated() {
      guard var gradient = gradients[slot.parameter] else { continue }
      if scale != 1 { gradient = try gradient.scaled(by: Float(scale)) }
      try step(slot, gradient, &memories[index])
      memories[index].steps += 1
    }
  }

  private func step(_ slot: Slot, _ gradient: Tensor, _ memory: inout Memory) throws(TensorError) {
    switch rule {
    case .sgd(let momentum):
      try slot.parameter.value.stepSGD(
        gradient: gradient, buffer: &memory.buffer, rate: rate, momentum: momentum,
        decay: slot.decay)
    case .adam(let beta1, let beta2, let epsilon, let isDecoupled):
      try slot.parameter.value.stepAdam(
        gradient: gradient, moments: &memory.moments,
        Tensor.AdamStep(
          rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: slot.decay,
          isDecoupled: isDecoupled, step: memory.steps + 1))
    }
  }

  /// min(1, clipNorm / ‖all gradients‖₂), with PyTorch's 1e-6 beside the norm.
  private func clippingScale(_ gradients: Gradients) throws(TensorError) -> Double {
    guard let clipNorm else { return 1 }
    var square = 0.0
    for slot in slots {
      if let gradient = gradients[slot.parameter] { square += try gradient.dot(gradient) }
    }
    return min(1, clipNorm / (square.squareRoot() + 1e-6))
  }
}

extension Optimizer {
  /// One tensor of the optimizer's memory: "buffer", or "first" and "second".
  package struct State {
    package let path: String
    package let kind: String
    package let tensor: Tensor

    package init(path: String, kind: String, tensor: Tensor) {
      self.path = path
      self.kind = kind
      self.tensor = tensor
    }
  }

  /// Everything that a resumed run needs to go on with the same numbers.
  package var state: (tensors: [State], steps: [Int]) {
    var tensors: [State] = []
    for (slot, memory) in zip(slots, memories) {
      if let buffer = memory.buffer {
        tensors.append(State(path: slot.path, kind: "buffer", tensor: buffer))
      }
      if let moments = memory.moments {
        tensors.append(State(path: slot.path, kind: "first", tensor: moments.first))
        tensors.append(State(path: slot.path, kind: "second", tensor: moments.second))
      }
    }
    return (tensors, memories.map(\.steps))
  }

  /// Puts back what ``state`` gave. Throws, and changes nothing, when a tensor is missing, does not fit
  /// its parameter, or belongs to none.
  package func restore(_ tensors: [State], steps: [Int]) throws(TensorError) {
    guard steps.count == slots.count else {
      throw .shapes("optimizer state", [slots.count], [steps.count])
    }
    var left = tensors
    var restored: [Memory] = []
    for (slot, steps) in zip(slots, steps) {
      guard steps >= 0 else { throw .value("optimizer state", "\(steps) steps of \(slot.path)") }
      var memory = Memory(steps: steps)
      if steps > 0 {
        switch rule {
        case .sgd: memory.buffer = try Self.take("buffer", of: slot, from: &left)
        case .adam:
          memory.moments = (
            try Self.take("first", of: slot, from: &left),
            try Self.take("second", of: slot, from: &left)
          )
        }
      }
      restored.append(memory)
    }
    if let stray = left.first {
      throw .value("optimizer state", "no use for \(stray.kind) of \(stray.path)")
    }
    memories = restored
  }

  private static func take(_ kind: String, of slot: Slot, from tensors: inout [State])
    throws(TensorError) -> Tensor
  {
    guard let index = tensors.firstIndex(where: { $0.path == slot.path && $0.kind == kind }) else {
      throw .value("optimizer state", "\(kind) of \(slot.path) is missing")
    }
    let tensor = tensors.remove(at: index).tensor
    guard tensor.shape == slot.parameter.shape else {
      throw .shapes("optimizer state", slot.parameter.shape, tensor.shape)
    }
    return tensor
  }
}
