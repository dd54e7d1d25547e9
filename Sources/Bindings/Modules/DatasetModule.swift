internal import Datasets
internal import Language
internal import Pictures
internal import Store
internal import Tensor

/// Data sets, pictures and metrics.
extension Engine {
  func datasetNatives() -> [Native] {
    [
      Native(
        "dataset(name: String, seed: Int = 1, root: String? = nil, gap: Float? = nil, clip = nil, "
          + "template: String? = nil)",
        """
        A drawn data set ("shapes", "compositions", …), a benchmark ("oxford_pets", …), or pictures of \
        one's own.

        Benchmarks lie below `root`, or $DUET_DATA, as their users have them; `duet data list` knows \
        their names, `duet data check` looks at a copy. A path may be a page that describes a data set \
        (`birds.duet`), a list (`split.json`, `split.csv`, with `root` for the folder of the pictures), \
        or a folder, one subfolder a class.

        A folder may hold `train`, `val` and `test`; else it is split 50 : 20 : 30 by the seed, which \
        nobody else's numbers share. PNG, JPEG and WebP of any kind become RGB as Pillow's \
        `convert("RGB")` makes them: transparency is dropped, EXIF rotation ignored. An underscore in \
        a class's name is a blank in prompts. `clip` says for which model pictures are prepared (the \
        embedded one). `gap` from 0 to 1 takes a drawn set further from what the embedded model has \
        seen. `template` takes the place of the data set's own.
        """,
        example: "dataset(\"fields\").classes[0]\ncrop rows"
      ) { [self] in try openDataset($0) },
      Native(
        "image(path: String, clip, crop: List? = nil, flip: Bool = false)",
        """
        A picture as a model sees it: [1, 3, H, W].

        `crop`, [top, left, height, width] in pixels, is the part that becomes the model's square, \
        instead of the middle of the picture; `flip` exchanges left and right.
        """
      ) { [self] arguments in
        let clip: ClipValue = try arguments.object(1, "a CLIP")
        return value(try picture(arguments, for: clip.preprocessing))
      },
      Native(
        "evaluation(predictions: List, labels: List, classes: Int) -> Record",
        "Accuracy, error, macro-F1 and class mean in per cent, `correct` and `total`, and `per_class` "
          + "accuracies.",
        example: "evaluation([0, 1, 1], [0, 1, 0], 2).correct\n2"
      ) { [self] in try evaluate($0) },
      Native(
        "confusion_matrix(predictions: List, labels: List, classes: Int)",
        "How often class i (row) is taken for class j (column).",
        example: "confusion_matrix([0, 1, 1], [0, 1, 0], 2)[0, 1].item\n1.0"
      ) { [self] arguments in
        let rows = try Evaluation(
          predictions: arguments.ints(0), labels: arguments.ints(1), classCount: arguments.int(2)
        ).confusion()
        let size = rows.count
        return value(
          try Tensor(shape: [size, size], elements: rows.flatMap { $0.map(Float.init) }))
      },
      Native(
        "pretraining_captions(first: Int, count: Int, seed: Int = 1) -> List",
        "The captions of `pretraining_pairs`, without drawing the pictures.",
        example: "len(pretraining_captions(0, 3))\n3"
      ) { arguments in
        let (first, count) = (try arguments.int(0), try arguments.int(1))
        guard first >= 0, first <= 1 << 40, count >= 0, count <= 1 << 20 else {
          throw arguments.fault(1, "must lie between 0 and \(1 << 20)")
        }
        let seed = try arguments.int(2)
        return Value(
          (first..<first + count).map { Value(PretrainingPairs.caption($0, seed: seed)) })
      },
      Native(
        "pretraining_pairs(first: Int, count: Int, seed: Int = 1) -> Record",
        "Drawn pictures with captions, as the embedded model was trained on: a record of `images`, "
          + "`captions`, and `shapes`: the shape that a picture shows plainly and alone, else nil.",
        example: "pretraining_pairs(0, 1).captions\n[\"a picture of one blue kite\"]"
      ) { [self] in try pretrainingPairs($0) },
    ]
  }

  private func openDataset(_ arguments: borrowing Arguments) throws -> Value {
    var preprocessing = Preprocessing.mini
    if !arguments.isNil(4) {
      let clip: ClipValue = try arguments.object(4, "a CLIP")
      preprocessing = clip.preprocessing
    }
    let opened = try opened(
      DatasetRequest(
        name: arguments.string(0), seed: arguments.int(1), root: arguments.optionalString(2),
        gap: arguments.optionalFloat(3), template: arguments.optionalString(5)),
      arguments.interpreter)
    for note in OpenedDataset.notes(of: opened) {
      notice(
        TextWidth.excerpt("\(opened.data.name): \(Self.sentence(note))", to: 2000))
    }
    let data = DatasetValue(
      opened.data, preprocessing, self, root: try arguments.optionalString(2))
    datasetDigest = data.digest
    return Value(data)
  }

  /// One preprocessed picture: [1, 3, H, W]
  private func picture(_ arguments: borrowing Arguments, for preprocessing: Preprocessing) throws
    -> Tensor
  {
    let path = try arguments.string(0)
    let box = arguments.isNil(2) ? nil : try arguments.ints(2)
    if let box, box.count != 4 {
      throw arguments.fault(2, "must be [top, left, height, width]")
    }
    let flips = try arguments.bool(3)
    let side = preprocessing.side
    let numbers: [Float]
    do throws(PictureError) {
      let bytes = try PictureFile.bytes(of: path)
      var view = try Picture(decoding: bytes)
      if Picture.isClippedGray16(bytes) {
        notice(
          "\(path) is 16-bit gray: all above 255 is white, as Pillow and so the models have it")
      }
      if let box {
        let region = Region(left: box[1], top: box[0], width: box[3], height: box[2])
        view = try view.cropped(to: region).resized(
          width: side, height: side, by: preprocessing.interpolation)
      } else {
        view = try preprocessing.fitted(view)
      }
      if flips { view = view.flipped() }
      numbers = preprocessing.normalization.numbers(of: view)
    } catch {
      throw Fault("file", "\(path): \(Self.sentence(error))")
    }
    return try Tensor(shape: [1, 3, side, side], elements: numbers)
  }

  private func evaluate(_ arguments: borrowing Arguments) throws -> Value {
    let result = try Evaluation(
      predictions: arguments.ints(0), labels: arguments.ints(1), classCount: arguments.int(2))
    return Value(
      Record([
        ("accuracy", .float(result.accuracy)), ("error", .float(result.error)),
        ("macro_f1", .float(result.macroF1)), ("class_mean", .float(result.classMean)),
        ("correct", .int(result.correct)), ("total", .int(result.total)),
        ("per_class", Value(result.perClass.map { .float($0.accuracy) })),
      ]))
  }

  private func pretrainingPairs(_ arguments: borrowing Arguments) throws -> Value {
    let (first, count) = (try arguments.int(0), try arguments.int(1))
    guard first >= 0, first <= 1 << 40, count >= 0, count <= 1 << 20 else {
      throw arguments.fault(1, "must lie between 0 and \(1 << 20)")
    }
    let seed = try arguments.int(2)
    let pairs = try PretrainingPairs.batch(first..<first + count, seed: seed)
    let shapes = (first..<first + count).map { PretrainingPairs.shape($0, seed: seed) }
    return Value(
      Record([
        ("images", value(pairs.images)),
        ("captions", Value(pairs.captions.map { Value($0) })),
        ("shapes", Value(shapes.map { $0.map { Value($0) } ?? .nil })),
      ]))
  }
}
