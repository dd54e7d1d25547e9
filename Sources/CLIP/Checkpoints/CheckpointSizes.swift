internal import Tensor

/// The architecture that the shapes of a checkpoint tell, with what its configuration adds.
struct CheckpointSizes {
  private(set) var architecture: Architecture
  private(set) var assumptions: [Assumption] = []

  init(_ names: CheckpointNames, _ configuration: Configuration) throws(CheckpointError) {
    let reader = ShapeReader(names: names)
    let isResNet = names["visual.layer1.0.conv1.weight"] != nil
    let text = try reader.tower(.text, configuration.text)
    let vision: Architecture.Vision
    let imageSize: Int
    if isResNet {
      (vision, imageSize) = try reader.resNet(configuration.vision)
    } else {
      (vision, imageSize) = try reader.transformer(configuration.vision)
    }
    architecture = Architecture(
      imageSize: imageSize, vision: vision, text: text,
      jointWidth: try reader.size("text_projection", axis: 1),
      contextLength: try reader.size("positional_embedding", axis: 0),
      vocabularySize: try reader.size("token_embedding.weight", axis: 0),
      pooling: configuration.pooling ?? .largest,
      projectionHasBias: configuration.projectionHasBias ?? reader.projectionHasBias)
    try agree(with: configuration)
    assumptions = assumed(names.layout, configuration)
  }

  private func agree(with configuration: Configuration) throws(CheckpointError) {
    let own = architecture.sizes
    for (name, value) in configuration.sizes {
      let found = own.first { $0.name == name }?.value
      if found != value { throw .size(name, configuration: value, weights: found) }
    }
  }

  private func assumed(_ layout: CheckpointLayout, _ configuration: Configuration) -> [Assumption] {
    var assumptions: [Assumption] = []
    let knowsActivation =
      configuration.text.activation != nil
      && (configuration.vision.activation != nil || architecture.vision.tower == nil)
    if !knowsActivation { assumptions.append(.quickGELU) }
    if let tower = architecture.vision.tower, configuration.vision.heads == nil,
      let headWidth = ShapeReader.unusualHeads[tower.width]
    {
      assumptions.append(.visionHeads(width: tower.width, headWidth: headWidth))
    }
    if layout == .huggingFace, configuration.pooling == nil { assumptions.append(.configuration) }
    return assumptions
  }
}

/// Reads sizes from the shapes of tensors by their OpenAI names.
private struct ShapeReader {
  let names: CheckpointNames

  /// Widths of image towers in open_clip whose heads do not have 64 columns.
  static let unusualHeads = [1280: 80, 1408: 88, 1664: 104]

  /// The extent of an axis of a tensor as OpenAI stores it.
  func size(_ name: String, axis: Int) throws(CheckpointError) -> Int {
    let source = names.layout.source(of: name)
    let file = names.prefix + source.names[0]
    guard var shape = names[source.names[0]] else {
      throw .names(.init(missing: [file]))
    }
    if source.change == .transposed { shape.reverse() }
    guard axis < shape.count, (1...1 << 24).contains(shape[axis]) else {
      throw .shape(file, found: shape)
    }
    return shape[axis]
  }

  /// Whether there is a bias of the text projection; Hugging Face's models have none.
  var projectionHasBias: Bool {
    guard names.layout != .huggingFace else { return false }
    return names[names.layout.source(of: "text_projection.bias").names[0]] != nil
  }

  /// The side of a square grid of which a table of positions has a row for each place, and one more.
  private func side(_ name: String) throws(CheckpointError) -> Int {
    let places = try size(name, axis: 0) - 1
    let side = Int(Double(places).squareRoot())
    guard places > 0, side * side == places else {
      let file = names.layout.source(of: name).names[0]
      throw .shape(names.prefix + file, found: names[file] ?? [])
    }
    return side
  }

  /// How many different numbers follow a prefix.
  private func count(after prefix: String) -> Int {
    var numbers: Set<Substring> = []
    for name in names.names where name.hasPrefix(prefix) {
      numbers.insert(name.dropFirst(prefix.count).prefix { $0 != "." })
    }
    return numbers.count
  }

  func tower(_ tower: CheckpointError.Tower, _ known: Configuration.Tower) throws(CheckpointError)
    -> Architecture.Tower
  {
    let isVision = tower == .vision
    let blocks = isVision ? "visual.transformer.resblocks" : "transformer.resblocks"
    let width =
      try isVision
      ? size("visual.conv1.weight", axis: 0) : size("token_embedding.weight", axis: 1)
    let headWidth = isVision ? Self.unusualHeads[width] ?? 64 : 64
    guard let heads = known.heads ?? (width % headWidth == 0 ? width / headWidth : nil) else {
      throw .heads(tower, width: width)
    }
    return .init(
      width: width, layers: count(after: names.layout.layerPrefix(tower)), heads: heads,
      hidden: try size("\(blocks).0.mlp.c_fc.weight", axis: 0),
      activation: known.activation ?? .quickGELU, epsilon: known.epsilon ?? 1e-5)
  }

  func transformer(_ known: Configuration.Tower) throws(CheckpointError) -> (
    Architecture.Vision, imageSize: Int
  ) {
    let patchSize = try size("visual.conv1.weight", axis: 3)
    let imageSize = try side("visual.positional_embedding") * patchSize
    return (.transformer(try tower(.vision, known), patchSize: patchSize), imageSize)
  }

  func resNet(_ known: Configuration.Tower) throws(CheckpointError) -> (
    Architecture.Vision, imageSize: Int
  ) {
    let width = try size("visual.layer1.0.conv1.weight", axis: 0)
    let stages = (1...4).map { count(after: "visual.layer\($0).") }
    guard let heads = known.heads ?? (width % 2 == 0 ? width / 2 : nil) else {
      throw .heads(.vision, width: width)
    }
    let imageSize = 32 * (try side("visual.attnpool.positional_embedding"))
    return (.resNet(.init(width: width, stages: stages, heads: heads)), imageSize)
  }
}
