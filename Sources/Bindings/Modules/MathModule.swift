internal import Autograd
internal import Foundation
internal import Language
internal import Tensor

/// Functions of one number, elementwise on tensors; products and comparisons of two.
extension Engine {
  /// A function that takes a number to a number and a tensor to a tensor.
  private func elementwise(
    _ name: String, _ doc: String, _ function: Elementwise, example: String? = nil,
    _ plain: @escaping (Double) -> Double
  ) -> Native {
    Native("\(name)(x)", doc, example: example) { [self] arguments in
      if let number = arguments[0].number { return .float(plain(number)) }
      return value(try tensor(arguments, 0).mapped(function))
    }
  }

  func mathNatives() -> [Native] {
    [
      elementwise("exp", "e to the power of x.", .exponential, example: "exp(0)\n1.0") {
        Foundation.exp($0)
      },
      elementwise("log", "The natural logarithm.", .logarithm, example: "log(1)\n0.0") {
        Foundation.log($0)
      },
      elementwise("sqrt", "The square root.", .squareRoot, example: "sqrt(16)\n4.0") {
        $0.squareRoot()
      },
      elementwise("tanh", "The hyperbolic tangent.", .tanh) { Foundation.tanh($0) },
      elementwise("relu", "max(x, 0).", .relu, example: "relu(-2)\n0.0") { max($0, 0) },
      elementwise("sigmoid", "1 / (1 + e^-x).", .sigmoid, example: "sigmoid(0)\n0.5") {
        1 / (1 + Foundation.exp(-$0))
      },
      elementwise("gelu", "x Φ(x), exactly: ½ x (1 + erf(x / √2)).", .gelu) {
        0.5 * $0 * (1 + erf($0 / 2.0.squareRoot()))
      },
      elementwise("quick_gelu", "x sigmoid(1.702 x), which OpenAI's models use.", .quickGELU) {
        $0 / (1 + Foundation.exp(-1.702 * $0))
      },
      Native("cos(x: Float) -> Float", "The cosine of a number.", example: "cos(0)\n1.0") {
        .float(Foundation.cos(try $0.float(0)))
      },
      Native("sin(x: Float) -> Float", "The sine of a number.", example: "sin(0)\n0.0") {
        .float(Foundation.sin(try $0.float(0)))
      },
      Native("abs(x)", "The magnitude.", example: "abs(-3)\n3") { [self] in try magnitude($0) },
      Native(
        "floor(x)", "The largest whole number up to x; an Int for a number.",
        example: "floor(-1.5)\n-2"
      ) { [self] in try floored($0) },
      Native(
        "eq(x, y)", "Where two tensors are equal: a mask of their common shape.",
        example: "sum(eq(tensor([1, 2]), tensor([1, 3]))).item\n1.0"
      ) {
        [self] arguments in
        mask(
          try operand(arguments, 0).value.combined(.equal, with: operand(arguments, 1).value))
      },
      Native(
        "maximum(x, y)", "The larger of x and y, elementwise.",
        example: "maximum(tensor([1, 5]), 3)[0].item\n3.0"
      ) { [self] arguments in
        value(try operand(arguments, 0).maximum(operand(arguments, 1)))
      },
      Native(
        "minimum(x, y)", "The smaller of x and y, elementwise.",
        example: "minimum(tensor([1, 5]), 3)[1].item\n3.0"
      ) { [self] arguments in
        value(try operand(arguments, 0).minimum(operand(arguments, 1)))
      },
      Native(
        "dot(x, y)", "Σ x y along the last axis; other axes broadcast.",
        example: "dot(tensor([1, 2]), tensor([3, 4]))\n11"
      ) { [self] arguments in
        value(try operand(arguments, 0).times(operand(arguments, 1)).sum(axes: [-1]))
      },
    ]
  }

  private func magnitude(_ arguments: borrowing Arguments) throws -> Value {
    if let number = arguments[0].int {
      guard number != .min else {
        throw Fault(.overflow, "the magnitude of \(number) is beyond 64 bits")
      }
      return .int(Swift.abs(number))
    }
    if let number = arguments[0].number { return .float(Swift.abs(number)) }
    return value(try tensor(arguments, 0).mapped(.magnitude))
  }

  private func floored(_ arguments: borrowing Arguments) throws -> Value {
    if let number = arguments[0].number {
      guard let whole = Int(exactly: number.rounded(.down)) else {
        throw arguments.fault(0, "has no Int below it", label: "this is \(number)")
      }
      return .int(whole)
    }
    let x = try tensor(arguments, 0).value
    return value(try Tensor(shape: x.shape, elements: x.elements.map { $0.rounded(.down) }))
  }
}
