package import Datasets
package import Language
internal import Store
internal import Tensor

/// A part of a data set as scripts hold it.
package final class SplitValue: HostObject {
  let engine: Engine
  package let split: Split
  let preprocessing: Preprocessing
  /// The data set that it is a part of.
  let owner: DatasetValue
  /// Which part.
  let part: SplitPart
  /// The draw that chose its pictures, if one did.
  let draw: Draw?
  var dataset: Dataset { owner.dataset }

  /// Few pictures of each class, drawn by a seed.
  struct Draw {
    let shots: Int
    let seed: Int
  }

  init(_ split: Split, _ part: SplitPart, of owner: DatasetValue, drawn draw: Draw? = nil) {
    self.split = split
    self.part = part
    self.owner = owner
    self.draw = draw
    preprocessing = owner.preprocessing
    engine = owner.engine
  }

  package var typeName: String { "Split" }

  package var summary: String {
    "split of \"\(dataset.name)\": \(split.count) pictures of \(split.classes.count) classes"
  }

  /// SHA-256 of everything that tells which pictures it has, under which labels and how prepared;
  /// pictures of a folder count by their paths.
  var digest: String {
    let items = zip(split.labels, split.names).map { "\($0) \($1)" }
    let parts = [dataset.description, "\(preprocessing)"] + split.classes + items
    return Digest.sha256(parts.joined(separator: "\n"))
  }

  func with(_ split: Split, drawn draw: Draw? = nil) -> Value {
    Value(SplitValue(split, part, of: owner, drawn: draw))
  }
}

extension SplitValue: HostMembers {
  package var memberNames: [String] {
    ["images", "labels", "count", "classes", "names", "is_test"]
  }

  package func member(_ name: String) throws -> Value? {
    switch name {
    case "images": engine.value(try split.images(0..<split.count, preprocessing))
    case "labels": Value(split.labels.map(Value.int))
    case "count": .int(split.count)
    case "classes": Value(split.classes.map { Value($0) })
    case "names": Value(split.names.map { Value($0) })
    case "is_test": .bool(part == .test || part == .val && dataset.valIsTest)
    default: nil
    }
  }
}

extension SplitValue: HostMethods {
  package static var methods: [Native] {
    [
      Native(
        "few_shot(shots: Int, seed: Int) -> Split",
        "`shots` pictures of each class, drawn exactly as the field's released code draws them with "
          + "this seed; fewer than one shot means everything, and a class with fewer pictures keeps "
          + "all.",
        example: "dataset(\"shapes\").train.few_shot(2, seed: 1).count\n60"
      ) {
        let own: SplitValue = try $0.receiver()
        return own.fewShot(try $0.int(0), seed: try $0.int(1))
      },
      Native(
        "few_shot_from(path: String) -> Split",
        """
        The pictures of a draw that was made elsewhere: what `save_draw` wrote, or a file of the \
        field's released code (`split_fewshot/shot_16-seed_1.pkl`), which is read and not executed.

        Pictures are told by their paths below the data set's folder, wherever that was. One that is \
        not in this split, or has another label or name here, is an error.
        """
      ) {
        let own: SplitValue = try $0.receiver()
        return try own.fewShot(from: try $0.string(0))
      },
      Native(
        "save_draw(path: String, overwrite: Bool = false)",
        "Writes which pictures were drawn, with shots and seed, as JSON that `few_shot_from` reads; "
          + "paths are those below the data set's folder. Another draw is kept unless `overwrite` is "
          + "true."
      ) {
        let own: SplitValue = try $0.receiver()
        try own.saveDraw(to: try $0.string(0), overwriting: try $0.bool(1), $0)
        return .nil
      },
      Native(
        "items(places: List) -> Split", "The pictures at these places, in this order.",
        example: "dataset(\"shapes\").test.items([0, 30]).labels\n[0, 0]"
      ) {
        let own: SplitValue = try $0.receiver()
        return own.with(try own.split.items(try $0.ints(0)))
      },
      Native(
        "batches(size: Int, shuffle: Bool = false, seed: Int = 0, epoch: Int = 0, "
          + "augmentation: String = \"none\", views: Int = 1)",
        """
        The pictures `size` at a time: records of `images` and `labels`, and of `images2` with two \
        views.

        In order, the last batch may be short. Shuffled, each (seed, epoch) has its own order, and a \
        short last batch is dropped if there is a full one. `augmentation` is "none", "flip" or \
        "random_resized_crop" (which flips, too).
        """,
        example: "len(dataset(\"shapes\").test.batches(100))\n12"
      ) { try $0.receiver(as: SplitValue.self).batches($0) },
    ]
  }

  private func batches(_ arguments: borrowing Arguments) throws -> Value {
    let size = try arguments.int(0)
    let (seed, epoch) = (try arguments.int(2), try arguments.int(3))
    let augmentation: Augmentation
    switch try arguments.string(4) {
    case "none": augmentation = .none
    case "flip": augmentation = .flip
    case "random_resized_crop": augmentation = .randomResizedCrop
    default:
      throw arguments.fault(4, "must be \"none\", \"flip\" or \"random_resized_crop\"")
    }
    let views = try arguments.int(5)
    guard views == 1 || views == 2 else { throw arguments.fault(5, "must be 1 or 2") }
    var order = RandomStream(seed: seed, name: "order \(epoch)")
    let items =
      try arguments.bool(1)
      ? split.epoch(of: size, order: &order) : split.batches(of: size).map(Array.init)
    return Value(
      BatchesValue(
        self, items, augmentation, views: views, streams: (seed: seed, epoch: epoch)))
  }
}

/// The batches of one pass, loaded one at a time.
package final class BatchesValue: HostObject {
  private let split: SplitValue
  private let items: [[Int]]
  private let augmentation: Augmentation
  private let views: Int
  private let streams: (seed: Int, epoch: Int)

  init(
    _ split: SplitValue, _ items: [[Int]], _ augmentation: Augmentation, views: Int,
    streams: (seed: Int, epoch: Int)
  ) {
    self.split = split
    self.items = items
    self.augmentation = augmentation
    self.views = views
    self.streams = streams
  }

  /// Adds all that tells what is loaded, and in which order.
  func add(to digest: inout Digest) {
    digest.add(split.digest)
    digest.add("\(augmentation) \(views) \(streams.seed) \(streams.epoch)")
    for batch in items {
      digest.add(batch.count)
      for place in batch { digest.add(place) }
    }
  }

  package var typeName: String { "Batches" }
  package var summary: String { "\(items.count) batches of \(split.summary)" }
}

extension BatchesValue: HostSequence {
  package var count: Int { items.count }

  package func element(_ position: Int) throws -> Value {
    let batch = items[position]
    let labels = batch.map { Value.int(split.split.labels[$0]) }
    var entries: [(String, Value)] = [
      ("images", try images(batch, position, view: 1)), ("labels", Value(labels)),
    ]
    if views == 2 { entries.append(("images2", try images(batch, position, view: 2))) }
    return Value(Record(entries))
  }

  private func images(_ batch: [Int], _ position: Int, view: Int) throws -> Value {
    guard augmentation != .none else {
      return split.engine.value(try split.split.images(batch, split.preprocessing))
    }
    var stream = RandomStream(
      seed: streams.seed, name: "augmentation \(streams.epoch) \(position) \(view)")
    return split.engine.value(
      try split.split.images(batch, split.preprocessing, augmentation, from: &stream))
  }
}
