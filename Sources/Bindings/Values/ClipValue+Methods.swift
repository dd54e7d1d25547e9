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
        tells about the block's attention. An empty list is no prompts.
        """,
        example:
          "load_clip(\"mini\").encode_image(zeros([2, 3, 32, 32]), prompts: []).shape\n[2, 96]"
      ) { try $0.receiver(as: ClipValue.self).encodeImage($0) },
      Native(
        """
        encode_text(classes: Classes, context = nil, context_per_image = nil, prompts = nil, \
        depth: Int? = nil, rows: Int? = nil, words: Words? = nil, position: String = "end", \
        name_shift = nil)
        """,
        """
        Text features [C, d], not normalised; [B, C, d] with a context for each image.

        Without anything else the classes are whole sentences; with `words` these stand before each \
        name, and a full stop behind it (the rows of a token table have words already, which stay). \
        `context` holds learned rows, [n, d] for all classes or [C, n, d] for each; \
        `context_per_image` has one more axis in front, and `name_shift` [B, C, d] is added to each \
        row of an image's class name. `prompts` (as in `encode_image`) replaces the first rows of \
        `words`, and of deeper blocks; `rows` reserves more of them than layer 0 gives. A function \
        that looks at a block is asked once more when the block is there. `position` puts the name \
        at the "end", "middle" or "front" of a context.
        """,
        example:
          "load_clip(\"mini\").encode_text([\"road\", \"lake\"], words: \"a photo of a\").shape\n[2, 96]"
      ) { try $0.receiver(as: ClipValue.self).encodeText($0) },
      Native(
        "word_vectors(words: Words?, count: Int)",
        """
        The first `count` token embeddings of the words [count, d_text]. With more rows than words, \
        or without words, all are drawn from a normal distribution of deviation 0.02, and a notice \
        says so.
        """,
        example: "load_clip(\"mini\").word_vectors(\"a photo of a\", count: 2).shape\n[2, 96]"
      ) { try $0.receiver(as: ClipValue.self).wordVectors($0) },
      Native(
        "name_vectors(classes: Classes) -> List",
        """
        The token embeddings of each class's name [m, d_text], as they stand in a prompt with a \
        context.
        """,
        example: "load_clip(\"mini\").name_vectors([\"sea_lion\"])[0].shape\n[4, 96]"
      ) { try $0.receiver(as: ClipValue.self).nameVectors($0) },
      Native(
        "nameless(classes: Classes, count: Int)",
        """
        So many classes without a name, in the vocabulary of `classes`: with a context [count, n, \
        d_text] they are prompts of the context alone.
        """,
        example: "load_clip(\"mini\").nameless([\"road\"], 2)\n[\"\", \"\"]"
      ) { try $0.receiver(as: ClipValue.self).nameless($0) },
      Native(
        "token_count(words: Words) -> Int", "How many tokens the words have.",
        example: "load_clip(\"mini\").token_count(\"a photo of a\")\n4"
      ) {
        let clip: ClipValue = try $0.receiver()
        return .int(try clip.tokens(clip.engine.words($0[0])).count)
      },
      Native(
        "remember(path: String) -> Int",
        """
        Takes over the features that `encode_folder` or `duet encode` wrote: `encode_image` then \
        looks them up instead of computing them, for the same pictures under the same weights. The \
        number of pictures.
        """
      ) {
        let clip: ClipValue = try $0.receiver()
        return .int(try clip.remember(try $0.string(0)))
      },
      Native(
        "class_tokens(ids, name_lens: List? = nil) -> TokenTable",
        """
        Classes that were tokenised elsewhere: rows of ids (start, prefix, name, full stop, end) and the \
        number of tokens of each name; without numbers the rows are whole sentences. Each row ends where \
        the model reads it. Tables are joined by `+` and cut by an index.
        """,
        example: "len(load_clip(\"mini\").class_tokens([[512, 9, 4, 513]], [1])[[0, 0]])\n2"
      ) { try $0.receiver(as: ClipValue.self).classTokens($0) },
    ]
  }

  private func encodeImage(_ arguments: borrowing Arguments) throws -> Value {
    let images = try engine.tensor(arguments, 0)
    if !arguments.isNil(1), arguments[1].list?.isEmpty != true { _ = try visionTower() }
    let source = try PromptRows(
      arguments, prompts: 1, depth: 2, layers: clip.architecture.vision.tower?.layers ?? 0, engine)
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

  private func nameVectors(_ arguments: borrowing Arguments) throws -> Value {
    let vectors = try clip.text.nameVectors(engine.classes(arguments[0]), clip.tokenizer)
    return Value(vectors.map { engine.value($0) })
  }

  private func nameless(_ arguments: borrowing Arguments) throws -> Value {
    let (classes, count) = (try engine.classes(arguments[0]), try arguments.int(1))
    guard (1...1 << 20).contains(count) else {
      throw arguments.fault(1, "must be from 1 to \(1 << 20)")
    }
    guard classes.count > 0 else { throw CLIPError.noClasses }
    switch try classes.nameless(count) {
    case .names(let names): return Value(names.map { Value($0) })
    case .tokens(let table): return Value(TokenTableValue(table))
    }
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
    let lengths =
      arguments.isNil(1) ? [Int](repeating: 0, count: rows.count) : try arguments.ints(1)
    return Value(
      TokenTableValue(
        try TokenTable(ids: rows, nameLengths: lengths, pooling: clip.architecture.pooling)))
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
