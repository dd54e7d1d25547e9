internal import Autograd
package import Language
internal import Tensor

/// An optimizer as scripts hold it.
package final class OptimizerValue: HostObject {
  let optimizer: Optimizer
  private let name: String
  /// How many steps it has taken.
  var steps = 0

  init(_ optimizer: Optimizer, _ name: String) {
    self.optimizer = optimizer
    self.name = name
  }

  package var typeName: String { "Optimizer" }
  package var summary: String { "\(name) of \(optimizer.slots.count) parameters" }
}

extension OptimizerValue: HostMembers, HostMethods {
  package var memberNames: [String] { ["lr", "steps"] }

  package func member(_ name: String) throws -> Value? {
    switch name {
    case "lr": .float(optimizer.rate)
    case "steps": .int(steps)
    default: nil
    }
  }

  package static var methods: [Native] {
    [
      Native(
        "step(loss, lr: Float? = nil) -> Float",
        "Changes the parameters to make the loss smaller, and returns it. `loss` is a scalar, or a "
          + "record of terms that are added up; `lr` replaces the learning rate from now on."
      ) { try $0.receiver(as: OptimizerValue.self).step($0) }
    ]
  }

  private func step(_ arguments: borrowing Arguments) throws -> Value {
    let loss = try Self.total(arguments, 0)
    if let rate = try arguments.optionalFloat(1) {
      guard rate >= 0, rate.isFinite else { throw arguments.fault(1, "must be a number from 0 on") }
      optimizer.rate = rate
    }
    let number = loss.value.count == 1 ? Double(loss.value.scalar) : 0
    guard number.isFinite else {
      throw arguments.fault(
        0, "is \(TensorPrinting.number(number)) at step \(steps + 1)", label: "not finite",
        help: "a smaller `lr`, or a longer warm-up")
    }
    try optimizer.step(loss.backward())
    steps += 1
    return .float(number)
  }

  /// A scalar, or the sum of a record of named terms.
  static func total(_ arguments: borrowing Arguments, _ position: Int) throws -> Variable {
    let value = arguments[position]
    let terms = value.record?.values ?? [value]
    var total: Variable?
    for term in terms {
      guard let tensor = (term.object as? TensorValue)?.variable, tensor.value.count == 1 else {
        throw arguments.fault(
          position, "must be a scalar tensor, or a record of them", code: .type,
          label: "this is \(term.describedKind)")
      }
      let scalar = try tensor.reshaped(to: [])
      total = if let sum = total { try sum.plus(scalar) } else { scalar }
    }
    guard let total else { throw arguments.fault(position, "has no terms") }
    guard total.requiresGradient else {
      throw arguments.fault(
        position, "depends on no parameter that is trained",
        help: "inside `no_grad` nothing is recorded")
    }
    return total
  }
}

extension Engine {
  func optimizerNatives() -> [Native] {
    [
      Native(
        "SGD(m, lr: Float, momentum: Float = 0, weight_decay: Float = 0)",
        "Stochastic gradient descent on the parameters of a module: g = grad + weight_decay p, "
          + "b = momentum b + g, p = p - lr b. No dampening, no Nesterov.",
        example: "SGD(Linear(2, 1), lr: 0.1, momentum: 0.9).lr\n0.1"
      ) { [self] arguments in
        let momentum = try arguments.float(2)
        guard momentum >= 0, momentum.isFinite else {
          throw arguments.fault(2, "must be a number from 0 on")
        }
        return try optimizer("SGD", .sgd(momentum: momentum), arguments, decay: 3)
      },
      Native(
        "Adam(m, lr: Float = 0.001, betas: List = [0.9, 0.999], eps: Float = 1e-8, "
          + "weight_decay: Float = 0)",
        "Adam, with the weight decay added to the gradient.",
        example: "Adam(Linear(2, 1)).lr\n0.001"
      ) { [self] arguments in
        try optimizer("Adam", adam(arguments, isDecoupled: false), arguments, decay: 4)
      },
      Native(
        "AdamW(m, lr: Float = 0.001, betas: List = [0.9, 0.999], eps: Float = 1e-8, "
          + "weight_decay: Float = 0.01, decays: Function? = nil, clip_norm: Float? = nil)",
        "Adam with the weight decay applied to the parameters themselves. `decays(path, parameter)` "
          + "says which ones decay (all); `clip_norm` limits the length of all gradients together.",
        example: "AdamW(Linear(2, 1), clip_norm: 1).steps\n0"
      ) { [self] arguments in
        if let norm = try arguments.optionalFloat(6), !(norm > 0) {
          throw arguments.fault(6, "must be above 0")
        }
        return try optimizer(
          "AdamW", adam(arguments, isDecoupled: true), arguments, decay: 4, decays: 5,
          clipNorm: arguments.optionalFloat(6))
      },
      Native(
        "gradients(loss, of) -> Record",
        "The gradients of a loss with respect to the parameters of a module, by path; zeros where the "
          + "loss does not depend on one.",
        example:
          "map([Linear(2, 1)], fn(m) => gradients(sum(m(ones([3, 2]))), of: m).bias.item)\n[3.0]"
      ) { [self] arguments in
        let gradients = try OptimizerValue.total(arguments, 0).backward()
        return Value(
          Record(
            try trained(arguments, 1).map { path, parameter in
              let zero = try Tensor(repeating: 0, shape: parameter.shape)
              return (path, value(gradients[parameter.variable] ?? zero))
            }))
      },
    ]
  }

  private func adam(_ arguments: borrowing Arguments, isDecoupled: Bool) throws -> Optimizer.Rule {
    let betas = try arguments.floats(2)
    guard betas.count == 2, betas.allSatisfy({ $0 >= 0 && $0 < 1 }) else {
      throw arguments.fault(2, "must be two numbers from 0 to below 1")
    }
    let epsilon = try arguments.float(3)
    guard epsilon > 0, epsilon.isFinite else { throw arguments.fault(3, "must be above 0") }
    return .adam(
      beta1: betas[0], beta2: betas[1], epsilon: epsilon, isDecoupled: isDecoupled)
  }

  private func optimizer(
    _ name: String, _ rule: Optimizer.Rule, _ arguments: borrowing Arguments, decay: Int,
    decays: Int? = nil, clipNorm: Double? = nil
  ) throws -> Value {
    let rate = try arguments.float(1)
    guard rate >= 0, rate.isFinite else { throw arguments.fault(1, "must be a number from 0 on") }
    let amount = try arguments.float(decay)
    guard amount >= 0, amount.isFinite else {
      throw arguments.fault(decay, "must be a number from 0 on")
    }
    var slots: [Optimizer.Slot] = []
    for (path, parameter) in try trained(arguments, 0) {
      var own = amount
      if let decays, !arguments.isNil(decays) {
        let answer = try arguments.interpreter.call(
          arguments.function(decays), [Value(path), Value(parameter)])
        guard let isDecayed = answer.bool else {
          throw arguments.fault(decays, "must return a Bool", code: .type)
        }
        own = isDecayed ? amount : 0
      }
      slots.append(.init(path: path, parameter: parameter.variable, decay: own))
    }
    guard !slots.isEmpty else { throw arguments.fault(0, "has no parameters to train") }
    return Value(
      OptimizerValue(Optimizer(rule, slots, rate: rate, clipNorm: clipNorm), name))
  }
}
