internal import Autograd
internal import CLIP
package import Language
internal import Tensor

extension ClipValue: HostMethods {
  package static var methods: [Native] {
    [
      Native(
        "encode_image(images, prompts = nil, depth: Int? = nil, patches: Bool = false)",
        """
        Image features [B, d], not normalised; with `patches` a record of `pooled` [B, d] and \
        `patches` [B, N, d].

        `prompts` is a list of rows for each layer, or a function `(layer, here)` that returns the \
        rows to put at the end of each image before that block, for the first `depth` blocks. `here` \
        tells about the block's attention.
        """
      ) { try $0.receiver(as: ClipValue.self).encodeImage($0) },
      Native(
        """
        encode_text(classes: Classes, context = nil, context_per_image = nil, prompts = nil, \
        depth: Int? = nil, rows: Int? = nil, words: Words? = nil, position: String = "end")
        """,
        """
        Text features [C, d], not normalised; [B, C, d] with a context for each image.

        Without anything else the classes are whole sentences. `context` holds learned rows, [n, d] \
        for all classes or [C, n, d] for each; `context_per_image` has one more axis in front. \
        `prompts` (as in `encode_image`) replaces the first rows of `words`, and of deeper blocks; \
        `rows` reserves more of them than layer 0 gives. `position` puts the name at the "end", \
        "middle" or "front" of a context.
        """
      ) { try $0.receiver(as: ClipValue.self).encodeText($0) },
      Native(
        "word_vectors(words: Words?, count: Int)",
        """
        The first `count` token embeddings of the words [count, d_text]. With more rows than words, \
        or without words, all are drawn from a normal distribution of deviation 0.02, and a notice \
        says so.
        """
      ) { try $0.receiver(as: ClipValue.self).wordVectors($0) },
      Native(
        "token_count(words: Words) -> Int", "How many tokens the words have.",
        example: "load_clip(\"mini\").token_count(\"a photo of a\")\n4"
      ) {
        let clip: ClipValue = try $0.receiver()
        return .int(try clip.tokens(clip.engine.words($0[0])).count)
      },
      Native(
        "class_tokens(ids, name_lens) -> TokenTable",
        "Classes that were tokenised elsewhere: rows of ids (start, prefix, name, full stop, end) and "
          + "the number of tokens of each name."
      ) { try $0.receiver(as: ClipValue.self).classTokens($0) },
    ]
  }

  private func encodeImage(_ arguments: borrowing Arguments) throws -> Value {
    let images = try engine.tensor(arguments, 0)
    let source = try PromptRows(arguments, prompts: 1, depth: 2, engine)
    let first = try source?.rows(0, nil)
    if source != nil, first == nil {
      throw arguments.fault(
        1, "must give rows at layer 0, which make the room for those of others")
    }
    let features = try encode(
      images, prompts: source?.prompts(first: first, room: first?.shape.first ?? 0),
      wantsPatches: arguments.bool(3))
    guard let patches = features.patches else { return engine.value(features.pooled) }
    return Value(
      Record([("pooled", engine.value(features.pooled)), ("patches", engine.value(patches))]))
  }

  private func encodeText(_ arguments: borrowing Arguments) throws -> Value {
    let classes = try engine.classes(arguments[0])
    guard let source = try PromptRows(arguments, prompts: 3, depth: 4, engine) else {
      for place in [5, 6] where !arguments.isNil(place) {
        throw arguments.fault(place, "needs 'prompts'")
      }
      return try encodeContext(classes, arguments)
    }
    for place in [1, 2] where !arguments.isNil(place) {
      throw arguments.fault(place, "does not go with 'prompts'")
    }
    guard try arguments.string(7) == "end" else {
      throw arguments.fault(7, "is for a context; 'prompts' stand in front of the name")
    }
    if let rows = try arguments.optionalInt(5), rows < 0 {
      throw arguments.fault(5, "must not be negative")
    }
    let words = arguments.isNil(6) ? nil : try engine.words(arguments[6])
    let first = try source.rows(0, nil)
    let learned = first?.shape.first ?? 0
    let rows = max(learned, try arguments.optionalInt(5) ?? 0)
    let form = PromptForm.words(words, learned: learned, rows: rows)
    let ahead = try engine.isRecording ? nil : source.allRows(first: first, count: rows)
    return engine.value(
      try encode(
        classes, as: form, learned: nil, prompts: source.prompts(first: first, room: rows),
        rows: ahead))
  }

  private func encodeContext(_ classes: Classes, _ arguments: borrowing Arguments) throws -> Value {
    guard let position = PromptForm.Position(rawValue: try arguments.string(7)) else {
      throw arguments.fault(7, "must be \"end\", \"middle\" or \"front\"")
    }
    let width = clip.architecture.text.width
    func form(_ shape: [Int], _ place: Int) throws -> PromptForm {
      guard shape.count == 2 || shape.count == 3 && shape[0] == classes.count,
        shape.last == width
      else {
        throw arguments.fault(
          place, "must be [n, \(width)] or [\(classes.count), n, \(width)]", code: .shape,
          label: "this is \(TensorPrinting.shape(shape))")
      }
      return .context(
        count: shape[shape.count - 2], perClass: shape.count == 3, position: position)
    }
    if position != .end, arguments.isNil(1), arguments.isNil(2) {
      throw arguments.fault(7, "is for a context")
    }
    if !arguments.isNil(2) {
      if !arguments.isNil(1) { throw arguments.fault(1, "does not go with 'context_per_image'") }
      let context = try engine.tensor(arguments, 2)
      let form = try form(Array(context.shape.dropFirst()), 2)
      let rows = context.shape.dropFirst().dropLast().reduce(1, *)
      return engine.value(
        try clip.text.encode(
          classes, as: form,
          learnedPerImage: context.reshaped(to: [context.shape[0], rows, width]),
          tokenizer: clip.tokenizer))
    }
    guard !arguments.isNil(1) else {
      return engine.value(
        try encode(classes, as: .plain, learned: nil, prompts: nil, rows: [nil]))
    }
    let context = try engine.tensor(arguments, 1)
    let form = try form(context.shape, 1)
    return engine.value(
      try encode(classes, as: form, learned: context, prompts: nil, rows: nil))
  }

  private func wordVectors(_ arguments: borrowing Arguments) throws -> Value {
    let count = try arguments.int(1)
    guard count >= 1 else { throw arguments.fault(1, "must be at least 1") }
    if !arguments.isNil(0) {
      let tokens = try self.tokens(engine.words(arguments[0]))
      if tokens.count >= count {
        return engine.value(try clip.text.embeddings(of: Array(tokens.prefix(count))))
      }
      engine.notice(
        "\(count) rows are more than the \(tokens.count) initial words: all are drawn from a normal "
          + "distribution of deviation 0.02")
    } else {
      engine.notice(
        "the \(count) rows have no initial words: they are drawn from a normal distribution of "
          + "deviation 0.02")
    }
    let shape = [count, clip.architecture.text.width]
    return engine.value(try Tensor.normal(shape, deviation: 0.02, from: &engine.starts))
  }

  private func tokens(_ words: Words) throws -> [Int] {
    switch words {
    case .tokens(let ids): return ids
    case .text:
      guard let tokenizer = clip.tokenizer else { throw CLIPError.noVocabulary }
      return try tokenizer.tokens(of: words)
    }
  }

  private func classTokens(_ arguments: borrowing Arguments) throws -> Value {
    let rows = try arguments.list(0).map { row -> [Int] in
      guard let ids = row.list?.map(\.int), !ids.contains(where: { $0 == nil }) else {
        throw arguments.fault(0, "must be a list of rows of Int", code: .type)
      }
      return ids.compactMap { $0 }
    }
    return Value(
      TokenTableValue(try TokenTable(ids: rows, nameLengths: try arguments.ints(1))))
  }
}

extension Engine {
  /// Names, or a token table.
  func classes(_ value: Value) throws -> Classes {
    if let table = value.object as? TokenTableValue { return .tokens(table.table) }
    let names = value.list?.map(\.string) ?? []
    guard !names.isEmpty, !names.contains(where: { $0 == nil }) else {
      throw Fault(.type, "classes are a list of names, or a table of tokens")
    }
    return .names(names.compactMap { $0 })
  }

  /// A text, or token ids.
  func words(_ value: Value) throws -> Words {
    if let text = value.string { return .text(text) }
    guard let ids = value.list?.map(\.int), !ids.contains(where: { $0 == nil }) else {
      throw Fault(.type, "words are a String, or a list of token ids")
    }
    return .tokens(ids.compactMap { $0 })
  }
}
