internal import CLIP
internal import Datasets
internal import Language
internal import Pictures
internal import Tensor

/// Models and vocabularies.
extension Engine {
  func clipNatives() -> [Native] {
    [
      Native(
        "load_clip(source: String, \(ClipOptions.signature)) -> CLIP",
        """
        A CLIP with frozen weights: "mini", the embedded model; a file that Duet wrote; a file of \
        OpenAI's, of open_clip's or of anybody's in their way (.pt, .bin, .safetensors); or a folder of \
        Hugging Face's or open_clip's.

        A file of weights alone does not tell its activation, "quick_gelu" or "gelu", and sometimes not \
        its heads: these options say it, and overrule what a configuration says. `cleaning` is "openai", \
        as models are trained, or "hf", as Hugging Face's library cleans a text. Tensors that the model \
        does not need are an error, or with `allow_surplus` a notice.
        """,
        example: "load_clip(\"mini\").image_size\n32"
      ) { [self] in try loadClip($0) },
      Native(
        "import_clip(source: String, path: String, \(ClipOptions.signature)) -> Record",
        """
        Loads a CLIP as `load_clip` does and writes it to a file of Duet's, from which it is loaded at \
        once and without the options; returns what it is.
        """
      ) { [self] in try importClip($0) },
      Native(
        "new_clip(sizes: Record, vocabulary, seed: Int = 1, synthetic: Bool = false) -> CLIP",
        """
        A CLIP with starting values, to be trained from scratch.

        `sizes` has `image_size`, `patch_size`, `vision_width`, `vision_layers`, `vision_heads`, \
        `text_width`, `text_layers`, `text_heads`, `embed_dim` and optionally `context_length` (77). \
        `synthetic` says that it learns from drawings only, and marks whatever is made with it.
        """
      ) { [self] in try newClip($0) },
      Native(
        "random_clip(name: String, cached: Bool = true) -> CLIP",
        """
        A model with random weights and the sizes of one that OpenAI released, to measure with. `name` \
        is "ViT-B/32", "ViT-B/16", "ViT-L/14", "ViT-L/14@336", "RN50", "RN101", "RN50x4", "RN50x16" or \
        "RN50x64".
        """
      ) { [self] in try randomClip($0) },
    ]
  }

  private func randomClip(_ arguments: borrowing Arguments) throws -> Value {
    let name = try arguments.string(0)
    guard let model = Architecture.released.first(where: { $0.name == name }) else {
      let names = Architecture.released.map { "\"\($0.name)\"" }
      throw arguments.fault(0, "must be " + names.joined(separator: ", "))
    }
    let clip = try CLIP(Weights.random(model.architecture, seed: 1), tokenizer: nil)
    return Value(
      ClipValue(clip, self, name: "random \(name)", remembersFeatures: try arguments.bool(1)))
  }

  private func newClip(_ arguments: borrowing Arguments) throws -> Value {
    let sizes = try arguments.record(0)
    var unused = Set(sizes.keys)
    func size(_ name: String, default standard: Int? = nil) throws -> Int {
      unused.remove(name)
      if let given = sizes[name]?.int { return given }
      if sizes[name] == nil, let standard { return standard }
      throw arguments.fault(0, "needs an Int `\(name)`")
    }
    let vocabulary: VocabularyValue = try arguments.object(1, "a vocabulary")
    let architecture = Architecture(
      imageSize: try size("image_size"),
      vision: .transformer(
        .init(
          width: try size("vision_width"), layers: try size("vision_layers"),
          heads: try size("vision_heads")),
        patchSize: try size("patch_size")),
      text: .init(
        width: try size("text_width"), layers: try size("text_layers"),
        heads: try size("text_heads")),
      jointWidth: try size("embed_dim"),
      contextLength: try size("context_length", default: 77),
      vocabularySize: vocabulary.tokenizer.count)
    if let name = unused.min() { throw arguments.fault(0, "has no size `\(name)`") }
    let clip = try CLIP(
      Weights.start(architecture, seed: arguments.int(2)), tokenizer: vocabulary.tokenizer)
    return Value(
      ClipValue(
        clip, self, name: "new",
        preprocessing: Preprocessing(side: architecture.imageSize, normalization: .mini),
        isSynthetic: try arguments.bool(3)))
  }
}
