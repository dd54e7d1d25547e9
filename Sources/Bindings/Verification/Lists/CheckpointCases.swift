internal import CLIP
internal import Language
internal import Store
internal import Tensor

/// Checkpoints of other programs, and what those compute with them: features of pictures and texts,
/// logits, and the scale.
///
/// A case names the checkpoint and an HDF5 file with `image` [B, 3, R, R] and `text_ids` [C, L] and
/// whatever of `image_features`, `text_features`, `logits_per_image` and `logit_scale` (the logarithm) is
/// expected; its `tolerance` has `rtol` and `atol`. `texts` are what the first rows of `text_ids` are made
/// of by the checkpoint's own vocabulary.
struct CheckpointCases {
  private let list: CaseList
  private let replayer: Replayer

  init(_ list: CaseList, _ replayer: Replayer) { (self.list, self.replayer) = (list, replayer) }

  func cases(_ cases: [JSON]) -> [ReferenceCase] {
    cases.map { entry in
      ReferenceCase(name: entry["name"]?.string ?? entry["path"]?.string ?? "?") {
        outcome { () throws(CaseFailure) in try compare(entry) }
      }
    }
  }

  private func compare(_ entry: JSON) throws(CaseFailure) -> ReferenceCase.Outcome {
    guard let path = list.file(entry["path"]?.string),
      let expectedPath = list.file(entry["expected"]?.string)
    else { throw CaseFailure("it does not name files beside the list") }
    let expected = ExpectedArrays(expectedPath)
    let (shape, pixels) = try expected.floats("image")
    let rows = try expected.rows("text_ids")
    let given = Record([
      ("source", Value(path)),
      ("shape", Value(shape.map(Value.int))),
      ("pixels", Value(pixels.map(Value.float))),
      ("rows", Value(rows.map { Value($0.map(Value.int)) })),
    ])
    let result: Value?
    do throws(ReplayFailure) {
      result = try replayer.value(of: Self.script, Value(given))
    } catch {
      throw CaseFailure(error.words)
    }
    guard let record = result?.record else { throw CaseFailure("the model gives nothing") }
    if let texts = entry["texts"]?.array?.compactMap(\.string) {
      try compareTokens(texts, rows, of: path)
    }
    return try compare(record, with: expected, entry["tolerance"])
  }

  private static let script = """
    let clip = load_clip(reference.source)
    let images = reshape(tensor(reference.pixels), reference.shape)
    let texts = clip.class_tokens(reference.rows, map(reference.rows, fn(row) => 0))
    no_grad {
      let i = clip.encode_image(images)
      let t = clip.encode_text(texts)
      {
        image_features: i, text_features: t, logit_scale: log(clip.logit_scale),
        logits_per_image: clip.logit_scale * cosine(i, t)
      }
    }
    """

  /// The largest error in units of what is allowed.
  private func compare(_ own: Record, with expected: ExpectedArrays, _ tolerance: JSON?)
    throws(CaseFailure) -> ReferenceCase.Outcome
  {
    let relative = tolerance?["rtol"]?.double ?? 1e-4
    let absolute = tolerance?["atol"]?.double ?? 1e-5
    var worst = (entry: "", share: -1.0, error: 0.0)
    for (name, value) in own.entries where expected.has(name) {
      let (shape, values) = try expected.floats(name)
      let (ownShape, numbers) = Self.numbers(value)
      guard ownShape == shape || shape.reduce(1, *) == 1 && numbers.count == 1 else {
        return .failed("\(name): the shape \(ownShape), not \(shape)")
      }
      for (a, b) in zip(numbers, values) {
        let error = abs(a - b)
        let share = error.isFinite ? error / (absolute + relative * abs(b)) : .infinity
        if share > worst.share { worst = (name, share, error) }
      }
    }
    if worst.share < 0 { return .failed("\(list.path) expects nothing of it") }
    let error = "\((worst.error * 1e9).rounded() / 1e9)"
    return worst.share <= 1
      ? .passed(.init(entry: worst.entry, error: error)) : .failed("\(worst.entry): \(error)")
  }

  private static func numbers(_ value: Value) -> (shape: [Int], values: [Double]) {
    if let number = value.number { return ([], [number]) }
    guard let tensor = value.object as? TensorValue else { return ([], []) }
    return (tensor.shape, tensor.tensor.elements.map(Double.init))
  }

  /// Texts give the first rows by the vocabulary in the checkpoint's folder.
  private func compareTokens(_ texts: [String], _ rows: [[Int]], of path: String)
    throws(CaseFailure)
  {
    let tokenizer: Tokenizer?
    do {
      tokenizer = try TokenizerFiles.tokenizer(inFolder: path, cleaning: .huggingFace)
    } catch {
      throw CaseFailure(
        "its vocabulary: \(replayer.engine.fault(for: error)?.message ?? "\(error)")")
    }
    guard let tokenizer else { throw CaseFailure("it has no vocabulary") }
    for (text, row) in zip(texts, rows) {
      guard let own = try? tokenizer.row(of: text, length: row.count), own == row else {
        throw CaseFailure("\"\(text)\": other tokens")
      }
    }
  }
}
