internal import Autograd
internal import Tensor

/// CLIP's image tower as a ResNet: one image → its features.
///
///     x = stem(image), a quarter of the side;  four stages of ``Bottleneck``s;  ``AttentionPool``
///
/// Pixels are rows of channels throughout. A batch normalisation in evaluation is a factor and a summand
/// of each channel, which are multiplied into the convolution before it; nothing is left of it. So are
/// the network's own convolutions made at the first image, and again when a weight has changed: they
/// hold as much memory as the tower's weights, which may then lie in a file that is never read again.
final class ModifiedResNet {
  private let weights: Weights
  private let sizes: Architecture.ResNet
  private let parameters: [Variable]
  private var network: Network?

  init(_ weights: Weights, _ sizes: Architecture.ResNet) {
    self.weights = weights
    self.sizes = sizes
    parameters = weights.vision
  }

  /// image: [1, 3, R, R] → [1, d]
  func encode(_ image: Tensor) throws(TensorError) -> Tensor {
    let version = parameters.reduce(0) { $0 &+ $1.version }
    let network = try current(version)
    let size = image.shape[2]
    return try network(image.reshaped(to: [3, size, size]).permuted([1, 2, 0]))
  }

  private func current(_ version: Int) throws(TensorError) -> Network {
    if let network, network.version == version { return network }
    network = nil
    let made = try Network(weights, sizes, version: version)
    network = made
    return made
  }

  /// The convolutions with their normalisations in them.
  private struct Network {
    /// The version of the weights that it was made of.
    let version: Int
    let stem: [Convolution]
    let bottlenecks: [Bottleneck]
    let pool: AttentionPool

    init(_ weights: Weights, _ sizes: Architecture.ResNet, version: Int) throws(TensorError) {
      self.version = version
      stem = [
        try weights.convolution("conv1", "bn1", stride: 2),
        try weights.convolution("conv2", "bn2"), try weights.convolution("conv3", "bn3"),
      ]
      var bottlenecks: [Bottleneck] = []
      for place in sizes.bottlenecks { bottlenecks.append(try Bottleneck(weights, place)) }
      self.bottlenecks = bottlenecks
      pool = try AttentionPool(weights, heads: sizes.heads)
    }

    /// image: [R, R, 3] → [1, d]
    func callAsFunction(_ image: Tensor) throws(TensorError) -> Tensor {
      var x = image
      for convolution in stem { x = try convolution(x, rectified: true) }
      x = try x.averagedPixels()
      for bottleneck in bottlenecks { x = try bottleneck(x) }
      return try pool(x)
    }
  }
}

/// Three convolutions, in the middle of which the grid may be halved, beside a shortcut.
///
///     y = relu(conv₁ x);  y = relu(conv₂ y);  y = conv₃(pool y);  out = relu(y + shortcut)
///
/// The shortcut is x, or its pooled grid through a convolution where the shapes differ.
struct Bottleneck {
  private let first: Convolution
  private let second: Convolution
  private let third: Convolution
  private let shortcut: Convolution?
  private let halves: Bool

  init(_ weights: Weights, _ place: Architecture.ResNet.Bottleneck) throws(TensorError) {
    let name = place.name
    first = try weights.convolution("\(name).conv1", "\(name).bn1")
    second = try weights.convolution("\(name).conv2", "\(name).bn2")
    third = try weights.convolution("\(name).conv3", "\(name).bn3")
    shortcut =
      place.hasShortcut
      ? try weights.convolution("\(name).downsample.0", "\(name).downsample.1") : nil
    halves = place.halves
  }

  /// x: [H, W, C] → [H′, W′, 4 planes]
  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    var y = try second(first(x, rectified: true), rectified: true)
    if halves { y = try y.averagedPixels() }
    guard let shortcut else { return try third(y, adding: x, rectified: true) }
    let aside = try shortcut(halves ? x.averagedPixels() : x, rectified: false)
    return try third(y, adding: aside, rectified: true)
  }
}

/// Attention of the mean pixel to itself and all pixels, by which a grid becomes one row.
///
///     t = [mean x, x] + position;  out = C Attention(Q t₀, K t, V t)
struct AttentionPool {
  private let positions: Tensor
  private let queries: (weight: Tensor, bias: Tensor)
  /// K above V: [2 C, C]
  private let keysValues: (weight: Tensor, bias: Tensor)
  private let output: (weight: Tensor, bias: Tensor)
  private let heads: Int

  init(_ weights: Weights, heads: Int) throws(TensorError) {
    func dense(_ name: String) -> (weight: Tensor, bias: Tensor) {
      let name = "visual.attnpool.\(name)_proj"
      return (weights["\(name).weight"].value, weights["\(name).bias"].value)
    }
    let (keys, values) = (dense("k"), dense("v"))
    positions = weights["visual.attnpool.positional_embedding"].value
    queries = dense("q")
    keysValues = (
      try .concatenate([keys.weight, values.weight], axis: 0),
      try .concatenate([keys.bias, values.bias], axis: 0)
    )
    output = dense("c")
    self.heads = heads
  }

  /// x: [S, S, C] → [1, d]
  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    let (count, width) = (positions.shape[0], positions.shape[1])
    let pixels = try x.reshaped(to: [count - 1, width])
    let mean = try pixels.mean(axes: [0]).reshaped(to: [1, width])
    let rows = try Tensor.concatenate([mean, pixels], axis: 0).combined(.sum, with: positions)
    let mixed = try Attention(
      queries: rows.prefix(0..<1).linear(queries.weight, bias: queries.bias),
      keysValues: rows.linear(keysValues.weight, bias: keysValues.bias), width: width,
      layout: .sequences(1, length: count, asking: 1, heads: heads))()
    return try mixed.linear(output.weight, bias: output.bias)
  }
}

extension Weights {
  /// A convolution of the image tower with the batch normalisation behind it:
  ///
  ///     W′ = s W,  b′ = b − s mean,  s = scale / √(variance + 10⁻⁵)
  fileprivate func convolution(_ name: String, _ norm: String, stride: Int = 1)
    throws(TensorError) -> Convolution
  {
    func part(_ name: String) -> [Double] {
      self["visual.\(norm).\(name)"].value.elements.map(Double.init)
    }
    let (scale, shift) = (part("weight"), part("bias"))
    let (mean, variance) = (part("running_mean"), part("running_var"))
    let factors = scale.indices.map { scale[$0] / (variance[$0] + 1e-5).squareRoot() }
    let summands = scale.indices.map { shift[$0] - mean[$0] * factors[$0] }
    let count = scale.count
    return try Convolution(
      weight: self["visual.\(name).weight"].value.combined(
        .product, with: Tensor(shape: [count, 1, 1, 1], elements: factors.map { Float($0) })),
      bias: Tensor(shape: [count], elements: summands.map { Float($0) }), stride: stride)
  }
}
