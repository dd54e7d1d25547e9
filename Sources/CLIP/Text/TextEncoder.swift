package import Autograd
package import Tensor

/// CLIP's text tower: prompts → features.
///
///     x = token embedding + position;  causal blocks;  LN at the end-of-text row;  @ projection
///
/// All prompts of a call go through together, packed as ``TextLayout`` describes. Learned rows come in
/// at the input (with their position) and, with deep prompts, replace rows 1 … b before further blocks
/// (without one). What depends on the classes and the frozen weights alone, a ``TextPlan`` and its
/// ``TextConstants``, is kept from step to step.
///
/// The memory of a frozen tower is bounded by ``recordLimit``. A pass keeps about 9 widths a row and
/// block for its gradient. If all that a call would keep is more than the limit, its images and runs of
/// its classes go through one after the other, keep nothing, and are computed once more for the
/// gradient. Without a gradient runs of classes are so small that what is alive at once stays below the
/// limit. The one exception are prompts that look at the attention of the blocks, which may be that of
/// all classes: these go through together.
package final class TextEncoder {
  let architecture: Architecture
  let tokenEmbedding: Variable
  let positions: Variable
  let blocks: [Block]
  let finalNorm: Block.Norm
  let projection: Variable
  private let projectionBias: Variable?
  /// Bytes that one call may keep for its gradient, and those of the answers of a frozen tower that may
  /// be kept for later ones.
  package var recordLimit = 1 << 30
  package var constantsLimit = 1 << 28
  private let parameters: [Variable]
  private var plans: [PlanKey: TextPlan] = [:]

  private struct PlanKey: Hashable {
    let classes: Classes
    let form: PromptForm
    let isFrozen: Bool
  }

  init(_ weights: Weights) {
    architecture = weights.architecture
    tokenEmbedding = weights["token_embedding.weight"]
    positions = weights["positional_embedding"]
    blocks = weights.blocks("transformer", weights.architecture.text)
    finalNorm = weights.norm("ln_final", weights.architecture.text)
    projection = weights["text_projection"]
    projectionBias =
      weights.architecture.projectionHasBias ? weights["text_projection.bias"] : nil
    parameters = weights.text
  }

  /// Asked for each pass, because weights can be frozen in place.
  private var isFrozen: Bool { !parameters.contains { $0.requiresGradient } }

  /// Changes whenever a weight does.
  var version: Int { parameters.reduce(0) { $0 &+ $1.version } }

  /// Features of each class, not normalised.
  ///
  /// learned: [n, D] or, for class-specific contexts, [C n, D] → [C, d]
  package func encode(
    _ classes: Classes, as form: PromptForm, learned: Variable?, prompts: Prompts?,
    tokenizer: Tokenizer?
  ) throws -> Variable {
    let plan = try plan(classes, form, tokenizer)
    guard let prompts else {
      try plan.check(learned?.shape.dropLast() ?? [], learned?.shape.last)
      return try features(plan, [TextInputs(learned: learned)])[0]
    }
    guard prompts.depth >= 1, prompts.depth <= blocks.count else {
      throw CLIPError.depth(prompts.depth, layers: blocks.count)
    }
    let first = try prompts.rows(0, TextSite(self, plan, layer: 0)) ?? learned
    try plan.check(first?.shape.dropLast() ?? [], first?.shape.last)
    if prompts.looksAtBlocks {
      return try features(plan, TextInputs(learned: first), asking: prompts)
    }
    let deeper = try (1..<prompts.depth).map { layer in
      try rows(prompts, layer, TextSite(self, plan, layer: layer), plan)
    }
    return try features(plan, [TextInputs(learned: first, deeper: deeper)])[0]
  }

  /// Features when the context differs by image.
  ///
  /// learned: [B, n, D] or [B, C n, D], nameShift: [B, C, D]? → [B, C, d]. A name shift goes with a form
  /// that shifts names.
  package func encode(
    _ classes: Classes, as form: PromptForm, learnedPerImage: Variable,
    nameShift: Variable? = nil, tokenizer: Tokenizer?
  ) throws -> Variable {
    let plan = try plan(classes, form, tokenizer)
    let (shape, width) = (learnedPerImage.shape, architecture.text.width)
    guard shape.count > 1 else {
      throw CLIPError.promptRows(layer: 0, found: shape, expected: [plan.learnedCount, width])
    }
    try plan.check(shape.dropFirst().dropLast(), shape.last)
    let shifts = [shape[0], classes.count, width]
    guard nameShift == nil || nameShift?.shape == shifts else {
      throw CLIPError.nameShift(found: nameShift?.shape ?? [], expected: shifts)
    }
    guard shape[0] > 0 else {
      return Variable(
        try Tensor(shape: [0, classes.count, architecture.jointWidth], elements: []))
    }
    let inputs = try (0..<shape[0]).map { image in
      TextInputs(
        learned: try learnedPerImage.indexed([.position(image)]),
        nameShift: try nameShift?.indexed([.position(image)]))
    }
    return try Variable.stack(features(plan, inputs), axis: 0)
  }

  /// The embeddings of the rows of each class's name, without positions: [m, D]
  package func nameVectors(_ classes: Classes, _ tokenizer: Tokenizer?) throws -> [Variable] {
    try classes.nameTokens(tokenizer).map { tokens in
      try check(tokens)
      return try tokenEmbedding.gathered(rows: tokens)
    }
  }

  /// The embeddings of tokens, without positions: [n, D]
  package func embeddings(of tokens: [Int]) throws -> Tensor {
    try check(tokens)
    return try tokenEmbedding.value.gathered(rows: tokens)
  }

  /// Rows in the space that images and texts share: [n, D] → [n, d]
  func projected(_ rows: Variable) throws(TensorError) -> Variable {
    let features = try finalNorm(rows).matmul(projection)
    return if let projectionBias { try features.plus(projectionBias) } else { features }
  }

  func check(_ tokens: [Int]) throws(CLIPError) {
    let count = architecture.vocabularySize
    if let wrong = tokens.first(where: { $0 < 0 || $0 >= count }) {
      throw .tokens("id \(wrong) is outside the model's vocabulary of \(count)")
    }
  }

  // MARK: - Plans

  private func plan(_ classes: Classes, _ form: PromptForm, _ tokenizer: Tokenizer?) throws
    -> TextPlan
  {
    let key = PlanKey(classes: classes, form: form, isFrozen: isFrozen)
    if let plan = plans[key] { return plan }
    let sequences = try form.sequences(classes, tokenizer, architecture)
    var plan = try TextPlan(sequences, keeps: key.isFrozen, self)
    if keptBytes(plan) > constantsLimit { plan = try TextPlan(sequences, keeps: false, self) }
    let kept = plans.values.reduce(keptBytes(plan)) { $0 + keptBytes($1) }
    if plans.count >= 32 || kept > constantsLimit { plans.removeAll() }
    plans[key] = plan
    return plan
  }

  private func keptBytes(_ plan: TextPlan) -> Int {
    4 * plan.keptFloats(layers: architecture.text.layers)
  }

  // MARK: - Passes

  /// The features for each of the inputs, within the limit of memory.
  private func features(_ plan: TextPlan, _ inputs: [TextInputs]) throws -> [Variable] {
    guard isFrozen else { return try inputs.map { try features(plan, $0) } }
    let tower = architecture.text
    let isRecorded = inputs.contains { $0.requiresGradient }
    // A pass without a record has about 9 + 4 widths of a row alive at once, in one block.
    let floats =
      isRecorded
      ? tower.layers * (5 * tower.width + tower.hidden) : 9 * tower.width + tower.hidden
    let bytes = 4 * floats * plan.active.count
    let keepsRecord = isRecorded && bytes * inputs.count <= recordLimit
    let parts = try plan.parts(
      keepsRecord ? 1 : min(max(1, (bytes - 1) / recordLimit + 1), plan.layout.ends.count), self)
    return try inputs.map { inputs in
      let features = try parts.map { part in
        !isRecorded || keepsRecord
          ? try self.features(part, inputs) : try recomputedFeatures(part, inputs)
      }
      return features.count == 1 ? features[0] : try .concatenate(features, axis: 0)
    }
  }

  /// One pass that keeps nothing, and once more for its gradient: of the same weights, or not at all.
  private func recomputedFeatures(_ plan: TextPlan, _ inputs: TextInputs) throws(TensorError)
    -> Variable
  {
    let version = version
    return try Variable.recomputed(inputs.variables) { (variables) throws(TensorError) in
      guard version == self.version else {
        throw .value("gradients", "a weight of the model has changed since the class embeddings")
      }
      return try self.features(plan, inputs.with(variables))
    }
  }

  /// One pass, when everything that goes in is known.
  private func features(_ plan: TextPlan, _ inputs: TextInputs) throws(TensorError) -> Variable {
    var pass = try TextPass(self, plan, inputs)
    for layer in blocks.indices {
      if let rows = inputs.rows(before: layer) { try pass.replace(with: rows) }
      try pass.step(replaced: inputs.rows(before: layer + 1)?.shape[0] ?? 0)
    }
    return try pass.features()
  }

  /// One pass whose deeper rows may depend on the blocks' attention.
  private func features(_ plan: TextPlan, _ inputs: TextInputs, asking prompts: Prompts) throws
    -> Variable
  {
    var pass = try TextPass(self, plan, inputs)
    for layer in blocks.indices {
      if layer > 0, layer < prompts.depth,
        let rows = try rows(prompts, layer, pass.site(), plan)
      {
        try pass.replace(with: rows)
      }
      try pass.step()
    }
    return try pass.features()
  }

  /// Rows that replace others before a deeper block must find them among the shared ones.
  private func rows(_ prompts: Prompts, _ layer: Int, _ site: TextSite, _ plan: TextPlan) throws
    -> Variable?
  {
    guard let rows = try prompts.rows(layer, site) else { return nil }
    let (width, places) = (architecture.text.width, plan.layout.shared - 1)
    guard rows.shape.count == 2, rows.shape[1] == width, rows.shape[0] <= places else {
      throw CLIPError.promptRows(
        layer: layer, found: rows.shape,
        expected: [min(rows.shape.first ?? places, places), width])
    }
    return rows
  }
}

extension Variable {
  /// All axes but the last as one.
  func asRows(width: Int) throws(TensorError) -> Variable {
    guard shape.last == width else { throw .shapes("prompt rows", shape, [width]) }
    return try reshaped(to: [shape.dropLast().reduce(1, *), width])
  }
}
