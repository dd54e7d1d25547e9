/// Where the pictures of a data set come from, and so what its numbers may be compared with.
package enum DatasetKind: String, Sendable {
  /// Drawn pictures: never to be printed beside published numbers.
  case synthetic
  /// The user's own pictures, or an own split of somebody's.
  case own
  /// A benchmark with the split that others have published results on.
  case published
}

/// A named set of labelled pictures with class names, a template for prompts, and its splits.
package struct Dataset: Sendable {
  /// The name of a drawn set, or of a folder.
  package let name: String
  /// What its numbers may be compared with.
  package let kind: DatasetKind
  /// The names of the classes, by label. Two classes may have the same name.
  package let classes: [String]
  /// The sentence that a class name takes the place of `{}` in.
  package let template: String
  /// The seed of the drawings, or of an own split.
  package let seed: Int
  /// How the parts came about.
  package let splitting: Splitting
  /// Which pictures are where they should not be.
  package let overlap: Overlap
  private let splits: [SplitPart: Split]

  /// How pictures were assigned to parts.
  package enum Splitting: Equatable, Sendable {
    /// The parts are drawn, each for itself, at a gap from the pretraining drawings.
    case drawn(gap: Double)
    /// The parts were found in folders named after them.
    case folders
    /// It was split here by the seed: nobody else's split.
    case own
    /// The parts were found in a user's own list.
    case listed
    /// The parts are those that others have published results on.
    case published
    /// So are they, but for the order of their items, which the authors' file systems had decided:
    /// few-shot draws are nobody else's.
    case publishedInOwnOrder
  }

  init(
    name: String, kind: DatasetKind, classes: [String], template: String, seed: Int,
    splitting: Splitting, overlap: Overlap = Overlap(), splits: [SplitPart: Split]
  ) {
    self.name = name
    self.kind = kind
    self.classes = classes
    self.template = template
    self.seed = seed
    self.splitting = splitting
    self.overlap = overlap
    self.splits = splits
  }

  /// A part; throws ``DatasetError/missing(_:dataset:)``, for a variant has only a test split.
  package func split(_ part: SplitPart) throws(DatasetError) -> Split {
    guard let split = splits[part] else { throw .missing(part, dataset: name) }
    return split
  }

  /// Whether validating means testing, for a picture or for all: nothing may be selected on it.
  package var valIsTest: Bool { overlap.valIsWholeTest || !overlap.valInTest.isEmpty }

  /// The parts that there are, in the order train, val, test.
  package var parts: [SplitPart] { SplitPart.allCases.filter { splits[$0] != nil } }

  /// The data set with few pictures of each class to train and validate on; see ``Split/fewShot``.
  package func fewShot(_ shots: Int, seed: Int) -> Dataset {
    with(splits: splits) { part, split in
      part == .test || part == .val && overlap.valIsWholeTest
        ? split : split.fewShot(shots, seed: seed)
    }
  }

  /// The base classes, which are the first ⌈C / 2⌉, and the new ones; labels count from 0 in each.
  package func halves() throws(DatasetError) -> (base: Dataset, new: Dataset) {
    guard classes.count > 1 else { throw .tooFewClasses(classes.count) }
    let middle = FewShot.baseCount(of: classes.count)
    return (selecting(0..<middle), selecting(middle..<classes.count))
  }

  /// A prompt for each class: its name, with underscores as spaces, in the place of `{}`.
  package func prompts(_ template: String? = nil) throws(DatasetError) -> [String] {
    let template = template ?? self.template
    let parts = template.split(separator: "{}", omittingEmptySubsequences: false)
    guard parts.count > 1 else { throw .template(template) }
    return classes.map { name in
      parts.joined(separator: String(name.map { $0 == "_" ? " " : $0 }))
    }
  }

  /// The data set with another template; throws ``DatasetError/template(_:)`` for one without `{}`.
  package func templated(_ template: String) throws(DatasetError) -> Dataset {
    guard template.split(separator: "{}", omittingEmptySubsequences: false).count > 1 else {
      throw .template(template)
    }
    return with(template: template, splits: splits) { $1 }
  }

  private func selecting(_ range: Range<Int>) -> Dataset {
    with(classes: Array(classes[range]), splits: splits) { $1.selecting(range) }
  }

  private func with(
    classes: [String]? = nil, template: String? = nil, splits: [SplitPart: Split],
    _ change: (SplitPart, Split) -> Split
  ) -> Dataset {
    Dataset(
      name: name, kind: kind, classes: classes ?? self.classes,
      template: template ?? self.template, seed: seed, splitting: splitting, overlap: overlap,
      splits: Dictionary(uniqueKeysWithValues: splits.map { ($0, change($0, $1)) }))
  }
}

extension Dataset {
  /// Everything that decides what the data set holds, as lines of text, for a digest.
  ///
  /// Drawn pictures follow from the first lines; of others, each item's label and path are listed in
  /// order. Pictures themselves are not read.
  package var description: String {
    var lines = [
      "duet dataset 1", "name \(Self.escaped(name))", "kind \(kind.rawValue)",
      "seed \(seed)", "splitting \(splitting)", "template \(Self.escaped(template))",
    ]
    for (label, name) in classes.enumerated() {
      lines.append("class \(label) \(Self.escaped(name))")
    }
    for part in parts {
      guard let split = splits[part] else { continue }
      lines.append("\(part.rawValue) \(split.count)")
      for (label, name) in zip(split.labels, split.names) {
        lines.append("\(label) \(Self.escaped(name))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A name on one line: file names may hold anything but a slash.
  private static func escaped(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x0D }) else { return name }
    return name.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing(
      "\r", with: "\\r")
  }
}
