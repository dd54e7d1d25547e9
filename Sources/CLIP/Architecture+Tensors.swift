/// Which tensors a checkpoint of an architecture has, by their OpenAI names.
extension Architecture {
  /// All of them, in order, with their shapes.
  package var tensors: [(name: String, shape: [Int])] {
    let t = text.width
    return [
      ("positional_embedding", [contextLength, t]), ("text_projection", [t, jointWidth]),
    ] + (projectionHasBias ? [("text_projection.bias", [jointWidth])] : []) + [
      ("logit_scale", [])
    ] + visionTensors + Self.blocks("transformer", text) + [
      ("token_embedding.weight", [vocabularySize, t]), ("ln_final.weight", [t]),
      ("ln_final.bias", [t]),
    ]
  }

  /// Whether a tensor is a statistic of a batch normalisation, which is measured and never trained.
  package static func isStatistic(_ name: String) -> Bool {
    name.hasSuffix("running_mean") || name.hasSuffix("running_var")
  }

  private var visionTensors: [(name: String, shape: [Int])] {
    switch vision {
    case .transformer(let tower, let patchSize):
      let v = tower.width
      // Sides that overflow here are refused as a `flaw`, or as a shape beyond memory.
      let side = patchSize > 0 ? imageSize / patchSize : 0
      return [
        ("visual.class_embedding", [v]), ("visual.positional_embedding", [side &* side + 1, v]),
        ("visual.proj", [v, jointWidth]), ("visual.conv1.weight", [v, 3, patchSize, patchSize]),
        ("visual.ln_pre.weight", [v]), ("visual.ln_pre.bias", [v]),
      ] + Self.blocks("visual.transformer", tower) + [
        ("visual.ln_post.weight", [v]), ("visual.ln_post.bias", [v]),
      ]
    case .resNet(let resNet): return resNetTensors(resNet)
    }
  }

  private static func blocks(_ prefix: String, _ tower: Tower) -> [(name: String, shape: [Int])] {
    let (d, h) = (tower.width, tower.hidden)
    return (0..<tower.layers).flatMap { layer in
      [
        ("ln_1.weight", [d]), ("ln_1.bias", [d]), ("attn.in_proj_weight", [3 * d, d]),
        ("attn.in_proj_bias", [3 * d]), ("attn.out_proj.weight", [d, d]),
        ("attn.out_proj.bias", [d]), ("ln_2.weight", [d]), ("ln_2.bias", [d]),
        ("mlp.c_fc.weight", [h, d]), ("mlp.c_fc.bias", [h]), ("mlp.c_proj.weight", [d, h]),
        ("mlp.c_proj.bias", [d]),
      ].map { ("\(prefix).resblocks.\(layer).\($0.0)", $0.1) }
    }
  }

  private func resNetTensors(_ resNet: ResNet) -> [(name: String, shape: [Int])] {
    let (w, c) = (resNet.width, resNet.channels)
    var tensors: [(String, [Int])] = []
    func convolution(_ name: String, _ norm: String, _ shape: [Int]) {
      tensors.append(("visual.\(name).weight", shape))
      for part in ["weight", "bias", "running_mean", "running_var"] {
        tensors.append(("visual.\(norm).\(part)", [shape[0]]))
      }
    }
    convolution("conv1", "bn1", [w / 2, 3, 3, 3])
    convolution("conv2", "bn2", [w / 2, w / 2, 3, 3])
    convolution("conv3", "bn3", [w, w / 2, 3, 3])
    for place in resNet.bottlenecks {
      let (p, name) = (place.planes, place.name)
      convolution("\(name).conv1", "\(name).bn1", [p, place.input, 1, 1])
      convolution("\(name).conv2", "\(name).bn2", [p, p, 3, 3])
      convolution("\(name).conv3", "\(name).bn3", [4 * p, p, 1, 1])
      if place.hasShortcut {
        convolution("\(name).downsample.0", "\(name).downsample.1", [4 * p, place.input, 1, 1])
      }
    }
    let side = imageSize / 32
    tensors.append(("visual.attnpool.positional_embedding", [side * side + 1, c]))
    for (part, width) in [("k_proj", c), ("q_proj", c), ("v_proj", c), ("c_proj", jointWidth)] {
      tensors.append(("visual.attnpool.\(part).weight", [width, c]))
      tensors.append(("visual.attnpool.\(part).bias", [width]))
    }
    return tensors
  }
}

extension Architecture.ResNet {
  /// One bottleneck: where it stands, and what goes in and out.
  struct Bottleneck {
    let name: String
    let input: Int
    /// Channels inside; four times as many come out.
    let planes: Int
    /// Whether it halves the grid.
    let halves: Bool

    /// Whether the input must be brought to the output's shape before it is added.
    var hasShortcut: Bool { halves || input != 4 * planes }
  }

  /// All bottlenecks, from the first to the last.
  var bottlenecks: [Bottleneck] {
    var input = width
    var all: [Bottleneck] = []
    for (stage, blocks) in stages.enumerated() {
      let planes = width << stage
      for block in 0..<blocks {
        all.append(
          Bottleneck(
            name: "layer\(stage + 1).\(block)", input: input, planes: planes,
            halves: stage > 0 && block == 0))
        input = 4 * planes
      }
    }
    return all
  }
}
