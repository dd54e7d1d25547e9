internal import Glibc
internal import Tensor

extension Weights {
  /// Starting values for training a CLIP from scratch.
  ///
  /// Normal draws as in OpenAI's code: token embedding 0.02, text positions 0.01, projections and the
  /// attention's input width^−½, the attention's and the block's output width^−½ (2 L)^−½, the block's
  /// first layer (2 width)^−½; biases 0, normalisations 1 and 0, logit scale ln(1 / 0.07). Vision
  /// positions are sines and cosines of row and column, which a small model needs to learn places.
  package static func start(_ architecture: Architecture, seed: Int, isTrainable: Bool = true)
    throws -> Weights
  {
    guard case .transformer(let vision, let patchSize) = architecture.vision else {
      throw CLIPError.resNet(.gradient)
    }
    return try Weights(architecture, isTrainable: isTrainable) { name, shape in
      if name == "visual.positional_embedding" { return try gridPositions(shape) }
      if let constant = constant(name) { return try Tensor(repeating: constant, shape: shape) }
      var stream = RandomStream(seed: seed, name: "init \(name)")
      let tower = name.hasPrefix("visual.") ? vision : architecture.text
      let deviation = deviation(name, tower, patchSize: patchSize)
      return try Tensor.normal(shape, deviation: deviation, from: &stream)
    }
  }

  /// Random weights of deviation 0.02 everywhere, to measure with.
  package static func random(_ architecture: Architecture, seed: Int) throws -> Weights {
    try Weights(architecture, isTrainable: false) { name, shape in
      if let constant = constant(name) { return try Tensor(repeating: constant, shape: shape) }
      var stream = RandomStream(seed: seed, name: name)
      return try Tensor.uniform(shape, low: -0.035, high: 0.035, from: &stream)
    }
  }

  private static func constant(_ name: String) -> Float? {
    if name == "logit_scale" { return log(1 / 0.07) }
    if name.hasSuffix("bias") || name.hasSuffix("running_mean") { return 0 }
    if name.hasSuffix("running_var") { return 1 }
    let isNorm = ["ln_", "bn", "downsample.1."].contains { name.contains($0) }
    return isNorm && name.hasSuffix("weight") ? 1 : nil
  }

  private static func deviation(
    _ name: String, _ tower: Architecture.Tower, patchSize: Int
  ) -> Float {
    let width = Float(tower.width)
    switch name.split(separator: ".").suffix(2).joined(separator: ".") {
    case "token_embedding.weight": return 0.02
    case "positional_embedding": return 0.01
    case "conv1.weight":
      return Float(3 * patchSize * patchSize).squareRoot().reciprocal
    case "out_proj.weight", "c_proj.weight":
      return (width * Float(2 * tower.layers)).squareRoot().reciprocal
    case "c_fc.weight": return (2 * width).squareRoot().reciprocal
    default: return width.squareRoot().reciprocal
    }
  }

  /// Row 0 for the class token: 0. Patch (r, c): ½ [sin r w, cos r w, sin c w, cos c w] with
  /// w_j = 2 · 10000^(−j / q), j = 0 ..< q, q = width / 4.
  ///
  /// shape: [1 + side², width]
  private static func gridPositions(_ shape: [Int]) throws -> Tensor {
    let width = shape[1]
    let quarter = width / 4
    let side = Int(Double(shape[0] - 1).squareRoot())
    // Refuses sizes beyond memory before anything is computed.
    _ = try Tensor(repeating: 0, shape: shape)
    var elements = [Float](repeating: 0, count: width)
    for patch in 0..<side * side {
      let (row, column) = patch.quotientAndRemainder(dividingBy: side)
      var line = [Float](repeating: 0, count: width)
      for j in 0..<quarter {
        let w = 2 * pow(10000, -Float(j) / Float(quarter))
        line[j] = sin(Float(row) * w) / 2
        line[quarter + j] = cos(Float(row) * w) / 2
        line[2 * quarter + j] = sin(Float(column) * w) / 2
        line[3 * quarter + j] = cos(Float(column) * w) / 2
      }
      elements += line
    }
    return try Tensor(shape: [side * side + 1, width], elements: elements)
  }
}

extension Float {
  fileprivate var reciprocal: Float { 1 / self }
}
