/// A data set whose parts are lists: of a split file, a table, an official list of names.
///
/// Everything is checked before anything is used, and a fault names how many cases there are and the
/// first few. Pictures must exist; what is in them is not looked at here, for a list may name a million
/// (a damaged one is named when it is read, and `duet data check` opens them all).
extension Dataset {
  /// What is known of a data set beside its lists.
  package struct Frame: Sendable {
    /// The data set's name.
    package var name: String
    /// What messages call the list.
    package var list: String
    /// The folder that paths are below.
    package var pictures: String
    package var kind: DatasetKind
    package var template: String
    package var seed: Int
    package var splitting: Splitting

    /// What is known of a data set beside its lists.
    package init(
      name: String, list: String, pictures: String, kind: DatasetKind = .own,
      template: String = "a photo of a {}.", seed: Int = 1, splitting: Splitting = .listed
    ) {
      self.name = name
      self.list = list
      self.pictures = pictures
      self.kind = kind
      self.template = template
      self.seed = seed
      self.splitting = splitting
    }
  }

  /// Checks lists and makes a data set of them; parts without an item are not there.
  ///
  /// The classes are those of the training list or, without one, of the others: labels 0 to the largest,
  /// each of which must occur and have a name.
  package static func listed(_ lists: [SplitPart: ItemList], _ frame: Frame)
    throws(DatasetError) -> Dataset
  {
    let lists = ListCheck.prepared(lists, frame)
    let check = ListCheck(lists, frame)
    if let fault = check.faults.first { throw fault }
    let classes = check.classes
    let sources = lists.mapValues {
      PictureFiles(labels: $0.labels, root: frame.pictures, paths: $0.paths)
    }
    var splits: [SplitPart: Split] = [:]
    for (part, source) in sources {
      let draw =
        part == .val ? Split.Draw.validation(after: lists[.train]?.labels ?? []) : .first
      splits[part] = Split(source, classes: classes, draw: draw)
    }
    // What a file lists was looked at already; what was found in folders may be a million.
    let told = lists.filter { !$0.value.wasFound }.keys
    let looked = Overlap.evaluated(sources).union(told)
    return Dataset(
      name: frame.name, kind: frame.kind, classes: classes, template: frame.template,
      seed: frame.seed, splitting: frame.splitting, overlap: Overlap(sources, lookingAt: looked),
      splits: splits)
  }

  /// Everything that is wrong with lists, where ``listed(_:_:)`` ends at the first.
  package static func faults(of lists: [SplitPart: ItemList], _ frame: Frame) -> [DatasetError] {
    ListCheck(ListCheck.prepared(lists, frame), frame).faults
  }
}

extension ItemList {
  /// Splits each class of a list by the seed, as an own split: a half to train, a fifth to val, the rest
  /// to test.
  package func splitInThree(seed: Int, of file: String) throws(DatasetError) -> [SplitPart:
    ItemList]
  {
    try refuseRepeated(of: file)
    var generator = MersenneTwister(seed: seed)
    do throws(DatasetError) {
      let parts = try FewShot.splitInThree(labels, from: &generator)
      return [
        .train: items(parts.train), .val: items(parts.val), .test: items(parts.test),
      ]
    } catch .tooFewToSplit(let labels) {
      throw .list(
        file, .tooFewToSplit, count: labels.count,
        first: labels.prefix(5).map { names[$0] ?? "\($0)" })
    }
  }

  /// Takes a fifth of each class for validation by the seed, as an own split.
  package func splitForValidation(seed: Int, of file: String) throws(DatasetError) -> [SplitPart:
    ItemList]
  {
    try refuseRepeated(of: file)
    var generator = MersenneTwister(seed: seed)
    do throws(DatasetError) {
      let parts = try FewShot.splitForValidation(labels, from: &generator)
      return [.train: items(parts.train), .val: items(parts.val)]
    } catch .tooFewToSplit(let labels) {
      throw .list(
        file, .tooFewToSplit, count: labels.count,
        first: labels.prefix(5).map { names[$0] ?? "\($0)" })
    }
  }

  /// Refuses to split a list that has a picture twice: it would be learned from and tested on.
  private func refuseRepeated(of file: String) throws(DatasetError) {
    var seen: Set<String> = []
    var told: Set<String> = []
    let repeated = paths.filter { !seen.insert($0).inserted && told.insert($0).inserted }
    guard repeated.isEmpty else {
      throw .list(
        file, .repeatedPictures, count: repeated.count, first: Array(repeated.prefix(5)))
    }
  }
}
