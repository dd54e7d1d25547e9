import Autograd
import CLIP
import Tensor

/// CLIP's towers as the published code runs them: every prompt over all 77 rows, every row through
/// every block, no row shared. It exists to be equal to.
struct PlainEvaluation {
  let weights: [String: Variable]
  let architecture: Architecture

  init(_ weights: Weights) {
    self.weights = Dictionary(uniqueKeysWithValues: weights.entries.map { ($0.name, $0.variable) })
    architecture = weights.architecture
  }

  private func weight(_ name: String) -> Variable {
    guard let weight = weights[name] else { preconditionFailure("no weight \(name)") }
    return weight
  }

  private func norm(_ x: Variable, _ name: String) throws -> Variable {
    try x.layerNorm(
      scale: weight("\(name).weight"), shift: weight("\(name).bias"),
      epsilon: (name.hasPrefix("visual.") ? architecture.imageTower : architecture.text).epsilon)
  }

  private func dense(_ x: Variable, _ name: String) throws -> Variable {
    try x.matmul(weight("\(name).weight").transposed()).plus(weight("\(name).bias"))
  }

  /// x: [B, L, D]; also returns the attention P: [B, heads, L, L].
  private func attend(_ x: Variable, _ block: String, _ heads: Int, causal: Bool) throws -> (
    Variable, Variable
  ) {
    let (b, l, d) = (x.shape[0], x.shape[1], x.shape[2])
    let packed = try x.matmul(weight("\(block).attn.in_proj_weight").transposed())
      .plus(weight("\(block).attn.in_proj_bias"))
    func part(_ index: Int) throws -> Variable {
      try packed.indexed([.ellipsis, .slice(start: index * d, stop: (index + 1) * d, step: 1)])
        .reshaped(to: [b, l, heads, d / heads]).permuted([0, 2, 1, 3])
    }
    var scores = try part(0).matmulTransposed(part(1))
      .scaled(by: 1 / Float(d / heads).squareRoot())
    if causal {
      let mask = (0..<l * l).map { Float($0 % l <= $0 / l ? 0 : -1e30) }
      scores = try scores.plus(Variable(Tensor(shape: [l, l], elements: mask)))
    }
    let p = try scores.softmax()
    let mixed = try p.matmul(part(2)).permuted([0, 2, 1, 3]).reshaped(to: [b, l, d])
    return (try dense(mixed, "\(block).attn.out_proj"), p)
  }

  private func block(
    _ x: Variable, _ name: String, _ tower: Architecture.Tower, causal: Bool
  ) throws -> Variable {
    let m = try x.plus(attend(norm(x, "\(name).ln_1"), name, tower.heads, causal: causal).0)
    let hidden = try dense(norm(m, "\(name).ln_2"), "\(name).mlp.c_fc").mapped(tower.activation)
    return try m.plus(dense(hidden, "\(name).mlp.c_proj"))
  }

  private func attention(_ x: Variable, _ name: String, _ heads: Int, causal: Bool) throws
    -> Variable
  {
    try attend(norm(x, "\(name).ln_1"), name, heads, causal: causal).1
  }

  /// A learned row of class `class` at slot `slot`.
  struct Slot {
    let `class`: Int
    let slot: Int
    let row: Int
  }

  /// rows: the token ids of each class up to its end; the slots hold learned rows; a row of `shift` is
  /// added at each of the shifted slots; deep(layer, P) gives the rows to put at 1 ... b before a block.
  func text(
    _ rows: [[Int]], learned: Variable?, slots: [Slot], shift: Variable? = nil,
    shifted: [Slot] = [], deep: ((Int, Variable) throws -> Variable?)? = nil
  ) throws -> Variable {
    let (length, width) = (architecture.contextLength, architecture.text.width)
    let padded = rows.flatMap { $0 + [Int](repeating: 0, count: length - $0.count) }
    var x = try weight("token_embedding.weight").gathered(rows: padded)
    if let learned {
      var picks = padded.indices.map { Variable.RowPick(source: 0, row: $0) }
      for slot in slots { picks[slot.class * length + slot.slot] = .init(source: 1, row: slot.row) }
      x = try Variable.assembled([x, learned.reshaped(to: [-1, width], like: learned)], picks)
    }
    if let shift {
      var picks = padded.indices.map { _ in Variable.RowPick(source: 0, row: 0) }
      for slot in shifted {
        picks[slot.class * length + slot.slot] = .init(source: 1, row: slot.row)
      }
      let none = Variable(try Tensor(repeating: 0, shape: [1, width]))
      x = try x.plus(Variable.assembled([none, shift], picks))
    }
    x = try x.reshaped(to: [rows.count, length, width]).plus(weight("positional_embedding"))
    for layer in 0..<architecture.text.layers {
      let name = "transformer.resblocks.\(layer)"
      if layer > 0, let deep {
        let p = try attention(x, name, architecture.text.heads, causal: true)
        if let new = try deep(layer, p) {
          let b = new.shape[0]
          x = try x.replacing(
            [.slice(start: nil, stop: nil, step: 1), .slice(start: 1, stop: 1 + b, step: 1)],
            with: new)
        }
      }
      x = try block(x, name, architecture.text, causal: true)
    }
    let normed = try norm(x, "ln_final")
    let ends = rows.map { $0.count - 1 }
    return try normed.indexed([.list(Array(rows.indices)), .list(ends)])
      .matmul(weight("text_projection"))
  }

  /// deep(layer, P) gives the rows at the end of each image; layer 0 enters before the first norm.
  func image(
    _ images: Tensor, deep: ((Int, Variable?) throws -> Variable?)? = nil, patches: Bool = false
  ) throws -> Variable {
    let (count, width) = (images.shape[0], architecture.imageTower.width)
    let patch = architecture.patchSize
    let filter = try weight("visual.conv1.weight").reshaped(to: [width, 3 * patch * patch])
    let tokens = try Variable(images.patches(patch)).matmul(filter.transposed())
      .reshaped(to: [count, architecture.patches, width])
    let start = try weight("visual.class_embedding").broadcast(to: [count, 1, width])
    var x = try Variable.concatenate([start, tokens], axis: 1)
      .plus(weight("visual.positional_embedding"))
    if let first = try deep?(0, nil) {
      x = try .concatenate([x, first.broadcast(to: [count] + first.shape)], axis: 1)
    }
    x = try norm(x, "visual.ln_pre")
    for layer in 0..<architecture.imageTower.layers {
      let name = "visual.transformer.resblocks.\(layer)"
      if layer > 0, let deep {
        let p = try attention(x, name, architecture.imageTower.heads, causal: false)
        if let new = try deep(layer, p) {
          x = try x.replacing(
            [
              .slice(start: nil, stop: nil, step: 1),
              .slice(start: -new.shape[0], stop: nil, step: 1),
            ], with: new)
        }
      }
      x = try block(x, name, architecture.imageTower, causal: false)
    }
    let all = try norm(x, "visual.ln_post").matmul(weight("visual.proj"))
    let whole = TensorIndex.slice(start: nil, stop: nil, step: 1)
    return patches
      ? try all.indexed([whole, .slice(start: 1, stop: 1 + architecture.patches, step: 1)])
      : try all.indexed([whole, .position(0)])
  }
}

extension Variable {
  /// `reshaped` with one extent left open.
  fileprivate func reshaped(to shape: [Int], like: Variable) throws(TensorError) -> Variable {
    let known = shape.filter { $0 > 0 }.reduce(1, *)
    return try reshaped(to: shape.map { $0 < 0 ? like.value.count / known : $0 })
  }
}
