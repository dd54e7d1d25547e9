internal import Autograd
internal import CLIP
internal import Language
internal import Tensor

/// `clip.encode_text`: classes as sentences, behind words, behind a learned context, or behind prompts
/// of which deeper blocks replace some. What the chosen form would not look at is refused.
extension ClipValue {
  func encodeText(_ arguments: borrowing Arguments) throws -> Value {
    let classes = try engine.classes(arguments[0])
    let source = try PromptRows(
      arguments, prompts: 3, depth: 4, layers: clip.architecture.text.layers, engine)
    let hasContext = !(arguments.isNil(1) && arguments.isNil(2))
    if arguments.isNil(2), !arguments.isNil(8) {
      throw arguments.fault(8, "needs 'context_per_image'")
    }
    if hasContext {
      if source != nil {
        throw arguments.fault(arguments.isNil(1) ? 2 : 1, "does not go with 'prompts'")
      }
      if !arguments.isNil(6) { throw arguments.fault(6, "does not go with a context") }
    } else if try arguments.string(7) != "end" {
      throw arguments.fault(
        7,
        source == nil
          ? "is for a context" : "is for a context; 'prompts' stand in front of the name"
      )
    }
    guard let source else {
      if !arguments.isNil(5) { throw arguments.fault(5, "needs 'prompts'") }
      return hasContext
        ? try encodeContext(classes, arguments)
        : try encodeWords(classes, arguments)
    }
    return try encodePrompts(source, classes, arguments)
  }

  /// Nothing is learned: whole sentences, or words before each name.
  private func encodeWords(_ classes: Classes, _ arguments: borrowing Arguments) throws -> Value {
    let form: PromptForm =
      arguments.isNil(6) ? .plain : .words(try engine.words(arguments[6]), learned: 0, rows: 0)
    return engine.value(
      try encode(classes, as: form, learned: nil, prompts: nil, rows: [nil]))
  }

  private func encodePrompts(
    _ source: PromptRows, _ classes: Classes, _ arguments: borrowing Arguments
  ) throws -> Value {
    if let rows = try arguments.optionalInt(5), rows < 0 {
      throw arguments.fault(5, "must not be negative")
    }
    let words = arguments.isNil(6) ? nil : try engine.words(arguments[6])
    let first = try source.rows(0, nil)
    let learned = first?.shape.first ?? 0
    let rows = max(learned, try arguments.optionalInt(5) ?? 0)
    let form = PromptForm.words(words, learned: learned, rows: rows)
    let known = try source.allRows(first: first)
    return engine.value(
      try encode(
        classes, as: form, learned: nil,
        prompts: source.prompts(first: first, room: rows, known: known), rows: known))
  }

  private func encodeContext(_ classes: Classes, _ arguments: borrowing Arguments) throws -> Value {
    guard !arguments.isNil(2) else {
      let context = try engine.tensor(arguments, 1)
      let form = try contextForm(context.shape, classes, arguments, 1)
      return engine.value(
        try encode(classes, as: form, learned: context, prompts: nil, rows: nil))
    }
    if !arguments.isNil(1) { throw arguments.fault(1, "does not go with 'context_per_image'") }
    let context = try engine.tensor(arguments, 2)
    let form = try contextForm(context.shape, perImage: true, classes, arguments, 2)
    let (images, width) = (context.shape[0], clip.architecture.text.width)
    let rows = context.shape.dropFirst().dropLast().reduce(1, *)
    return engine.value(
      try clip.text.encode(
        classes, as: form, learnedPerImage: context.reshaped(to: [images, rows, width]),
        nameShift: arguments.isNil(8) ? nil : engine.tensor(arguments, 8),
        tokenizer: clip.tokenizer))
  }

  /// given: [n, d] or [C, n, d], with an axis of images in front if the context differs by image.
  private func contextForm(
    _ given: [Int], perImage: Bool = false, _ classes: Classes, _ arguments: borrowing Arguments,
    _ place: Int
  ) throws -> PromptForm {
    guard let position = PromptForm.Position(rawValue: try arguments.string(7)) else {
      throw arguments.fault(7, "must be \"end\", \"middle\" or \"front\"")
    }
    let width = clip.architecture.text.width
    let shape = perImage ? Array(given.dropFirst()) : given
    guard shape.count == 2 || shape.count == 3 && shape[0] == classes.count,
      shape.last == width
    else {
      let images = perImage ? "B, " : ""
      throw arguments.fault(
        place, "must be [\(images)n, \(width)] or [\(images)\(classes.count), n, \(width)]",
        code: .shape, label: "this is \(TensorPrinting.shape(given))")
    }
    return .context(
      count: shape[shape.count - 2], perClass: shape.count == 3, position: position,
      shiftsNames: !arguments.isNil(8))
  }
}
