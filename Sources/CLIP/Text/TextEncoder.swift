package import Autograd
package import Tensor

/// CLIP's text tower: prompts → features.
///
///     x = token embedding + position;  causal blocks;  LN at the end-of-text row;  @ projection
///
/// All prompts of a call go through together, packed as ``TextLayout`` describes. Learned rows come in
/// at the input (with their position) and, with deep prompts, replace rows 1 … b before further blocks
/// (without one). What depends on the classes alone, a ``TextPlan``, is kept from step to step.
package final class TextEncoder {
  let architecture: Architecture
  let tokenEmbedding: Variable
  let positions: Variable
  let blocks: [Block]
  let finalNorm: Block.Norm
  let projection: Variable
  private let parameters: [Variable]
  private var plans: [PlanKey: TextPlan] = [:]

  private struct PlanKey: Hashable {
    let classes: Classes
    let form: PromptForm
  }

  init(_ weights: Weights) {
    architecture = weights.architecture
    tokenEmbedding = weights["token_embedding.weight"]
    positions = weights["positional_embedding"]
    blocks = weights.blocks("transformer", weights.architecture.text)
    finalNorm = weights.norm("ln_final")
    projection = weights["text_projection"]
    parameters = weights.text
  }

  /// Asked for each pass, because weights can be frozen in place.
  private var isFrozen: Bool { !parameters.contains { $0.requiresGradient } }

  /// Features of each class, not normalised.
  ///
  /// learned: [n, D] or, for class-specific contexts, [C n, D] → [C, d]
  package func encode(
    _ classes: Classes, as form: PromptForm, learned: Variable?, prompts: Prompts?,
    tokenizer: Tokenizer?
  ) throws -> Variable {
    let plan = try plan(classes, form, tokenizer)
    if prompts == nil { try plan.check(learned?.shape.dropLast() ?? [], learned?.shape.last) }
    return try run(plan, learned: learned, prompts: prompts)
  }

  /// Features when the context differs by image, one image at a time.
  ///
  /// learned: [B, n, D] or [B, C n, D], nameShift: [B, C, D]? → [B, C, d]. Images are worked off one by
  /// one, with frozen weights by recomputation, so the memory is that of one image. A name shift goes
  /// with a form that shifts names.
  package func encode(
    _ classes: Classes, as form: PromptForm, learnedPerImage: Variable,
    nameShift: Variable? = nil, tokenizer: Tokenizer?
  ) throws -> Variable {
    let plan = try plan(classes, form, tokenizer)
    let shape = learnedPerImage.shape
    guard shape.count > 1 else {
      throw CLIPError.promptRows(
        layer: 0, found: shape, expected: [plan.learnedCount, architecture.text.width])
    }
    try plan.check(shape.dropFirst().dropLast(), shape.last)
    let shifts = [shape[0], classes.count, architecture.text.width]
    guard nameShift == nil || nameShift?.shape == shifts else {
      throw CLIPError.nameShift(found: nameShift?.shape ?? [], expected: shifts)
    }
    var features: [Variable] = []
    let images = shape[0]
    guard images > 0 else {
      return Variable(
        try Tensor(shape: [0, classes.count, architecture.jointWidth], elements: []))
    }
    let perImage = [learnedPerImage] + (nameShift.map { [$0] } ?? [])
    for image in 0..<images {
      let own = try perImage.map { try $0.indexed([.position(image)]) }
      let body = { (inputs: [Variable]) throws(TensorError) in
        let shift = inputs.count > 1 ? inputs[1] : nil
        return try self.runBlocks(plan, self.input(plan, learned: inputs[0], nameShift: shift))
      }
      // A recomputed pass gives gradients to its inputs only, not to weights.
      features.append(
        images == 1 || !isFrozen ? try body(own) : try Variable.recomputed(own, body))
    }
    return try Variable.stack(features, axis: 0)
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
    let key = PlanKey(classes: classes, form: form)
    if let plan = plans[key] { return plan }
    let sequences = try form.sequences(classes, tokenizer, limit: architecture.contextLength)
    let plan = try TextPlan(sequences, self)
    if plans.count >= 32 { plans.removeAll() }
    plans[key] = plan
    return plan
  }

  // MARK: - The pass

  private func run(_ plan: TextPlan, learned: Variable?, prompts: Prompts?) throws -> Variable {
    guard let prompts else { return try runBlocks(plan, input(plan, learned: learned)) }
    guard prompts.depth >= 1, prompts.depth <= blocks.count else {
      throw CLIPError.depth(prompts.depth, layers: blocks.count)
    }
    var site = TextSite(self, plan, layer: 0)
    let first = try prompts.rows(0, site) ?? learned
    try plan.check(first?.shape.dropLast() ?? [], first?.shape.last)
    var x = try input(plan, learned: first)
    for layer in blocks.indices {
      if layer > 0, layer < prompts.depth {
        site = TextSite(self, plan, layer: layer, rows: x)
        if let rows = try prompts.rows(layer, site) {
          try check(rows, layer, plan)
          x = try replacing(x, with: rows, plan)
        }
      }
      x = try step(plan, layer, x)
    }
    return try finish(x)
  }

  /// The same without deep prompts.
  private func runBlocks(_ plan: TextPlan, _ input: Variable) throws(TensorError) -> Variable {
    var x = input
    for layer in blocks.indices { x = try step(plan, layer, x) }
    return try finish(x)
  }

  private func step(_ plan: TextPlan, _ layer: Int, _ x: Variable) throws(TensorError) -> Variable {
    layer == blocks.count - 1
      ? try blocks[layer](x, reading: plan.layout.ends, plan.lastAttention)
      : try blocks[layer](x, plan.attention)
  }

  private func finish(_ x: Variable) throws(TensorError) -> Variable {
    try finalNorm(x).matmul(projection)
  }

  /// Token rows with their positions, and learned rows with theirs.
  private func input(_ plan: TextPlan, learned: Variable?, nameShift: Variable? = nil)
    throws(TensorError) -> Variable
  {
    let fixed = try plan.fixedRows(self)
    guard let learned else { return fixed }
    let rows = try learned.asRows(width: architecture.text.width)
    let placed = try rows.gathered(rows: plan.learnedRows).plus(
      positions.gathered(rows: plan.learnedPositions))
    guard let nameShift else { return try Variable.assembled([fixed, placed], plan.picks) }
    let shifted = try fixed.gathered(rows: plan.shiftedRows).plus(
      nameShift.gathered(rows: plan.shiftedClasses))
    return try Variable.assembled([fixed, placed, shifted], plan.picks)
  }

  private func replacing(_ x: Variable, with rows: Variable, _ plan: TextPlan) throws(TensorError)
    -> Variable
  {
    let count = rows.shape[0]
    let picks = (0..<x.shape[0]).map { row in
      row >= 1 && row <= count
        ? Variable.RowPick(source: 1, row: row - 1) : Variable.RowPick(source: 0, row: row)
    }
    return try Variable.assembled([x, rows], picks)
  }

  /// Rows that replace others before a deeper block must find them among the shared ones.
  private func check(_ rows: Variable, _ layer: Int, _ plan: TextPlan) throws(CLIPError) {
    let (width, places) = (architecture.text.width, plan.layout.shared - 1)
    guard rows.shape.count == 2, rows.shape[1] == width, rows.shape[0] <= places else {
      throw .promptRows(layer: layer, found: rows.shape, expected: [places, width])
    }
  }
}

extension Variable {
  /// All axes but the last as one.
  func asRows(width: Int) throws(TensorError) -> Variable {
    guard shape.last == width else { throw .shapes("prompt rows", shape, [width]) }
    return try reshaped(to: [shape.dropLast().reduce(1, *), width])
  }
}
