internal import Pictures

/// A user's folder of pictures as a data set.
///
/// Two layouts are read. Either the folder holds one folder for each class, and each class is split
/// 50 : 20 : 30 into train, val and test by the seed; or it holds folders named train, val and test
/// (not necessarily all), each with the same class folders. A class folder holds PNG, JPEG and WebP
/// files, told by their content, and nothing else. Names are taken in the order of their bytes; hidden
/// ones are skipped; links are followed.
///
/// Everything is checked before anything is used, because a fault that appears after hours of
/// training helps nobody: a fault names how many cases there are and the first few.
extension Dataset {
  /// Opens a folder of pictures; the seed decides an own split.
  package static func folder(_ path: String, seed: Int = 1) throws(DatasetError) -> Dataset {
    let root = try Directory(listing: path)
    try root.refuseUnreadable()
    try root.refuse(.filesBesideFolders, root.files)
    let parts = SplitPart.allCases.filter { root.folders.contains($0.rawValue) }
    if try root.isOfParts(parts) { return try folders(root, parts, seed: seed) }
    return try ownSplit(root, seed: seed)
  }

  /// One folder of classes, split here.
  private static func ownSplit(_ root: Directory, seed: Int) throws(DatasetError) -> Dataset {
    let list = try ClassFolders(root, below: nil)
    var generator = MersenneTwister(seed: seed)
    let parts: (train: [Int], val: [Int], test: [Int])
    do throws(DatasetError) {
      parts = try FewShot.splitInThree(list.labels, from: &generator)
    } catch .tooFewToSplit(let labels) {
      throw root.fault(.tooFewToSplit, labels.map { list.classes[$0] })
    }
    return dataset(
      root, list.classes, seed, .own,
      [
        .train: list.files(parts.train), .val: list.files(parts.val), .test: list.files(parts.test),
      ])
  }

  /// Folders named after the parts.
  private static func folders(_ root: Directory, _ parts: [SplitPart], seed: Int)
    throws(DatasetError) -> Dataset
  {
    try root.refuse(
      .foldersBesideParts, root.folders.filter { SplitPart(rawValue: $0) == nil })
    var lists: [SplitPart: ClassFolders] = [:]
    for part in parts {
      lists[part] = try ClassFolders(
        Directory(listing: "\(root.path)/\(part.rawValue)"), below: part.rawValue)
    }
    let all = Set(lists.values.flatMap(\.classes))
    let missing = parts.flatMap { part in
      all.subtracting(lists[part]?.classes ?? []).map { "\(part.rawValue)/\($0)" }
    }
    try root.refuse(.differentClasses, missing.sorted())
    let classes = lists.values.first?.classes ?? []
    return dataset(
      root, classes, seed, .folders, lists.mapValues { $0.files(Array($0.labels.indices)) })
  }

  private static func dataset(
    _ root: Directory, _ classes: [String], _ seed: Int, _ splitting: Splitting,
    _ files: [SplitPart: (labels: [Int], paths: [String])]
  ) -> Dataset {
    var splits: [SplitPart: Split] = [:]
    let sources = files.mapValues {
      PictureFiles(labels: $0.labels, root: root.path, paths: $0.paths)
    }
    for (part, source) in sources {
      let draw = part == .val ? Split.Draw.validation(after: files[.train]?.labels ?? []) : .first
      splits[part] = Split(source, classes: classes, draw: draw)
    }
    let name = root.path.split(separator: "/").last.map(String.init) ?? root.path
    return Dataset(
      name: name, kind: .own, classes: classes, template: "a photo of a {}.", seed: seed,
      splitting: splitting, overlap: Overlap(sources, lookingAt: Set(sources.keys)),
      splits: splits)
  }
}

/// The folders of the classes and the pictures in them, as one list.
private struct ClassFolders {
  let classes: [String]
  private(set) var labels: [Int] = []
  private var paths: [String] = []

  /// Reads and checks a folder of classes; paths are given below the data set's folder.
  init(_ folder: Directory, below part: String?) throws(DatasetError) {
    try folder.refuseUnreadable()
    try folder.refuse(.filesBesideFolders, folder.files)
    guard !folder.folders.isEmpty else { throw folder.fault(.noClasses, [folder.path]) }
    classes = folder.folders
    var (empty, nested, strangers): ([String], [String], [String]) = ([], [], [])
    var (unreadable, reason): ([String], String) = ([], "")
    for (label, name) in classes.enumerated() {
      let inside = try Directory(listing: "\(folder.path)/\(name)")
      func path(_ file: String) -> String { "\(name)/\(file)" }
      if inside.files.isEmpty && inside.folders.isEmpty { empty.append(name) }
      nested += inside.folders.map(path)
      if unreadable.isEmpty { reason = inside.reason }
      unreadable += inside.unreadable.map(path)
      for file in inside.files {
        do throws(PictureError) {
          let format = try PictureFile.format(of: "\(inside.path)/\(file)")
          if format == nil { strangers.append(path(file)) }
        } catch {
          if unreadable.isEmpty, case .unreadable(_, let why) = error { reason = why }
          unreadable.append(path(file))
        }
        labels.append(label)
        paths.append((part.map { "\($0)/" } ?? "") + path(file))
      }
    }
    try folder.refuse(.unreadableFiles(reason: reason), unreadable)
    try folder.refuse(.foldersInsideClass, nested)
    try folder.refuse(.notPictures, strangers)
    try folder.refuse(.emptyClasses, empty)
  }

  func files(_ positions: [Int]) -> (labels: [Int], paths: [String]) {
    (positions.map { labels[$0] }, positions.map { paths[$0] })
  }
}

extension Directory {
  /// Whether folders named train, val or test hold classes, rather than being classes themselves.
  fileprivate func isOfParts(_ parts: [SplitPart]) throws(DatasetError) -> Bool {
    if !parts.isEmpty && folders.count == parts.count { return true }
    for part in parts {
      let inside = try Directory(listing: "\(path)/\(part.rawValue)")
      if !inside.folders.isEmpty { return true }
    }
    return false
  }

  fileprivate func refuseUnreadable() throws(DatasetError) {
    try refuse(.unreadableFiles(reason: reason), unreadable)
  }

  fileprivate func refuse(_ fault: FolderFault, _ names: [String]) throws(DatasetError) {
    guard names.isEmpty else { throw self.fault(fault, names) }
  }

  fileprivate func fault(_ fault: FolderFault, _ names: [String]) -> DatasetError {
    .folder(path: path, fault, count: names.count, first: Array(names.prefix(5)))
  }
}
