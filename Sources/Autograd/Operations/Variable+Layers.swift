package import Tensor

extension Variable {
  /// y = x Wᵀ + bias + residual,   dx = dy W,   dW = dyᵀ x,   dbias = Σ dy
  ///
  /// x: [..., K], weight: [N, K], bias: [N]?, residual: [..., N]? → [..., N]. With a frozen weight
  /// the input is not kept.
  package func linear(_ weight: Variable, bias: Variable? = nil, adding residual: Variable? = nil)
    throws(TensorError) -> Variable
  {
    let value = try value.linear(weight.value, bias: bias?.value, adding: residual?.value)
    let w = Operand(self).saving(weight.value)
    let x = Operand(weight).saving(self.value)
    let operands = [self, weight] + [bias, residual].compactMap { $0 }
    let wantsBias = bias.map(\.requiresGradient)
    let hasResidual = residual != nil
    return Variable(value, .linear, operands) { (dy) throws(TensorError) in
      let rows = try dy.asRows()
      var gradients: [Tensor?] = [nil, nil]
      if let w { gradients[0] = try dy.matmul(w) }
      if let x { gradients[1] = try rows.matmul(x.asRows(), transposed: true) }
      if let wantsBias { gradients.append(wantsBias ? try rows.sum(axes: [0]) : nil) }
      if hasResidual { gradients.append(dy) }
      return gradients
    }
  }

  /// A transformer block's second half: see ``Tensor/FeedForward``.
  ///
  ///     y = residual + f(x W₁ᵀ + b₁) W₂ᵀ + b₂
  package func feedForward(
    first: (weight: Variable, bias: Variable), second: (weight: Variable, bias: Variable),
    activation: Elementwise, adding residual: Variable
  ) throws(TensorError) -> Variable {
    let layers = [first.weight, first.bias, second.weight, second.bias]
    let trainsLayers = layers.contains { $0.requiresGradient }
    let isRecorded = requiresGradient || trainsLayers
    let layer = try FeedForward(
      value, first: .init(weight: first.weight.value, bias: first.bias.value),
      second: .init(weight: second.weight.value, bias: second.bias.value), activation: activation)
    let (value, hidden) = try layer(adding: residual.value, keepsHidden: isRecorded)
    guard let hidden else {
      return Variable(value, .feedForward, [residual]) { (dy) throws(TensorError) in [dy] }
    }
    let saved = trainsLayers ? layer : try layer.withoutInput()
    return Variable(value, .feedForward, [self, residual] + layers) { (dy) throws(TensorError) in
      let gradients = try saved.gradients(upstream: dy, hidden: hidden, ofLayers: trainsLayers)
      return [
        gradients.input, dy, gradients.first?.weight, gradients.first?.bias,
        gradients.second?.weight, gradients.second?.bias,
      ]
    }
  }
}

extension Tensor {
  /// All axes but the last as one.
  func asRows() throws(TensorError) -> Tensor {
    guard let width = shape.last else { return try reshaped(to: [1, 1]) }
    return try reshaped(to: [shape.dropLast().reduce(1, *), width])
  }
}
