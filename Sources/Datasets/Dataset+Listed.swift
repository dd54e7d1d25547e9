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
    let prefix = frame.pictures.hasSuffix("/") ? frame.pictures : frame.pictures + "/"
    var lists = lists.filter { $0.value.count > 0 }
    for part in lists.keys { lists[part]?.strip(prefix) }
    let classes = try checkedClasses(lists, frame)
    try checkPaths(lists, frame)
    var splits: [SplitPart: Split] = [:]
    for (part, list) in lists {
      let source = PictureFiles(labels: list.labels, root: frame.pictures, paths: list.paths)
      let draw =
        part == .val ? Split.Draw.validation(after: lists[.train]?.labels ?? []) : .first
      splits[part] = Split(source, classes: classes, draw: draw)
    }
    let valIsTest = lists[.val].map { $0.paths == lists[.test]?.paths } ?? false
    return Dataset(
      name: frame.name, kind: frame.kind, classes: classes, template: frame.template,
      seed: frame.seed, splitting: frame.splitting, valIsTest: valIsTest, splits: splits)
  }

  /// The names by label.
  private static func checkedClasses(_ lists: [SplitPart: ItemList], _ frame: Frame)
    throws(DatasetError) -> [String]
  {
    func refuse(_ fault: ListFault, _ cases: [String]) throws(DatasetError) {
      guard !cases.isEmpty else { return }
      throw .list(frame.list, fault, count: cases.count, first: Array(cases.prefix(5)))
    }
    var all = ItemList()
    for part in SplitPart.allCases { if let list = lists[part] { all.callClasses(of: list) } }
    guard let leading = lists[.train] ?? lists[.test] ?? lists[.val] else {
      throw .list(frame.list, .noItems, count: 0, first: [])
    }
    try refuse(.contradictoryNames, all.contradictions)
    let labels = Set(leading.labels).sorted()
    let used = lists.values.reduce(into: Set<Int>()) { $0.formUnion($1.labels) }
    try refuse(.negativeLabels, used.filter { $0 < 0 }.sorted().map(String.init))
    if let largest = labels.last, largest >= labels.count {
      // The largest may be any number: only the first of the missing are made.
      var missing: [String] = []
      var next = labels[...]
      for label in 0..<largest {
        if missing.count == 5 { break }
        if next.first == label { next.removeFirst() } else { missing.append(named(label, all)) }
      }
      throw .list(
        frame.list, .missingLabels(largest: largest), count: largest - labels.count + 1,
        first: missing)
    }
    let strangers = used.filter { $0 >= labels.count }.sorted()
    try refuse(.labelsOutsideTraining, strangers.map { named($0, all) })
    try refuse(
      .namelessLabels, labels.filter { all.names[$0, default: ""].isEmpty }.map(String.init))
    return labels.map { all.names[$0, default: ""] }
  }

  private static func named(_ label: Int, _ list: ItemList) -> String {
    list.names[label].map { "\(label) (\($0))" } ?? "\(label)"
  }

  /// Refuses paths that lead elsewhere and pictures that do not exist.
  private static func checkPaths(_ lists: [SplitPart: ItemList], _ frame: Frame)
    throws(DatasetError)
  {
    var (absolute, missing): ([String], [String]) = ([], [])
    var (absoluteCount, missingCount) = (0, 0)
    for part in SplitPart.allCases {
      guard let list = lists[part] else { continue }
      for path in list.paths {
        if path.hasPrefix("/") || path.isEmpty {
          absoluteCount += 1
          if absolute.count < 5 { absolute.append(path) }
        } else if !list.wasFound, !Directory.hasFile("\(frame.pictures)/\(path)") {
          missingCount += 1
          if missing.count < 5 { missing.append(path) }
        }
      }
    }
    guard absoluteCount == 0 else {
      throw .list(frame.list, .absolutePaths, count: absoluteCount, first: absolute)
    }
    guard missingCount == 0 else {
      throw .missingPictures(
        list: frame.list, folder: frame.pictures, count: missingCount,
        of: lists.values.reduce(0) { $0 + $1.count }, first: missing)
    }
  }
}

extension ItemList {
  /// Splits each class of a list by the seed, as an own split: a half to train, a fifth to val, the rest
  /// to test.
  package func splitInThree(seed: Int, of file: String) throws(DatasetError) -> [SplitPart:
    ItemList]
  {
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
}
