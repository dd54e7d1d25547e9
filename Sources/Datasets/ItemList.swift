/// A part of a data set as a file or a folder lists it: paths with labels, in an order that matters.
///
/// Labels count from 0 and are the only key: two classes may have one name. A list may say anything;
/// ``Dataset/listed(_:_:)`` checks it.
package struct ItemList: Equatable, Sendable {
  /// Paths below the folder of the pictures.
  package private(set) var paths: [String] = []
  /// The label of each path.
  package private(set) var labels: [Int] = []
  /// What each label is called.
  package private(set) var names: [Int: String] = [:]
  /// The second name of each label that is called by several.
  private var secondNames: [Int: String] = [:]
  /// Files beside pictures that were passed over.
  package private(set) var others: [String] = []

  /// Whether the paths were found in folders, rather than told by a file: then they exist.
  private(set) var wasFound = false

  /// An empty list.
  package init() {}

  /// How many items there are.
  package var count: Int { labels.count }

  /// Adds an item; no name says nothing of the class.
  package mutating func append(_ path: String, label: Int, name: String?) {
    paths.append(path)
    labels.append(label)
    if let name { call(label, name) }
  }

  /// Notes what a label is called.
  private mutating func call(_ label: Int, _ name: String) {
    guard let known = names[label] else {
      names[label] = name
      return
    }
    // One contradiction a label: a list that contradicts itself does so a thousand times.
    guard !Self.areSame(known, name), secondNames[label] == nil else { return }
    secondNames[label] = name
  }

  /// Labels that are called by several names, as "3 (cat, dog)".
  package var contradictions: [String] {
    secondNames.sorted { $0.key < $1.key }.map { "\($0.key) (\(names[$0.key] ?? ""), \($0.value))" }
  }

  /// Names are the same when their bytes are.
  private static func areSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

  /// Takes over what another list says of labels.
  mutating func callClasses(of other: ItemList) {
    for (label, name) in other.names { call(label, name) }
    for (label, name) in other.secondNames { call(label, name) }
  }

  /// The items at these places, in this order; what was passed over stays known.
  package func items(_ places: [Int]) -> ItemList {
    var list = self
    list.paths = places.map { paths[$0] }
    list.labels = places.map { labels[$0] }
    return list
  }

  /// Another folder for all paths: those that begin with it lose it.
  mutating func strip(_ folder: String) {
    for place in paths.indices where paths[place].hasPrefix(folder) {
      paths[place] = String(paths[place].dropFirst(folder.count))
    }
  }
}

extension ItemList {
  /// The pictures in folders below `root`: the label is the folder's place, files are sorted by bytes.
  ///
  /// What a file is, is told by the ending of its name, because a folder may have a million: nothing is
  /// opened. Folders that are missing are an error that names them, and so are folders inside them.
  package init(folders: [String], names: [String], below root: String) throws(DatasetError) {
    guard folders.count == names.count else {
      throw .lengths("folders and names", folders.count, names.count)
    }
    let missing = folders.filter { !Directory.exists("\(root)/\($0)") }
    guard missing.isEmpty else {
      throw .folder(
        path: root, .missingFolders, count: missing.count, first: Array(missing.prefix(5)))
    }
    self.init()
    wasFound = true
    var (nested, unreadable): ([String], [String]) = ([], [])
    var reason = ""
    for (label, folder) in folders.enumerated() {
      let inside = try Directory(listing: "\(root)/\(folder)")
      nested += inside.folders.map { "\(folder)/\($0)" }
      if unreadable.isEmpty { reason = inside.reason }
      unreadable += inside.unreadable.map { "\(folder)/\($0)" }
      self.names[label] = names[label]
      for file in inside.files {
        if Self.isPicture(file) {
          append("\(folder)/\(file)", label: label, name: nil)
        } else {
          others.append("\(folder)/\(file)")
        }
      }
    }
    func refuse(_ fault: FolderFault, _ names: [String]) throws(DatasetError) {
      guard !names.isEmpty else { return }
      throw .folder(path: root, fault, count: names.count, first: Array(names.prefix(5)))
    }
    try refuse(.unreadableFiles(reason: reason), unreadable)
    try refuse(.foldersInsideClass, nested)
  }

  /// Whether a name ends as those of pictures do.
  private static func isPicture(_ name: String) -> Bool {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return false }
    let ending = name[name.index(after: dot)...].lowercased()
    return ["jpg", "jpeg", "png", "webp"].contains(ending)
  }

  /// The list below another folder: all paths begin with it.
  package func below(_ folder: String) -> ItemList {
    guard !folder.isEmpty else { return self }
    var list = self
    list.paths = paths.map { "\(folder)/\($0)" }
    list.others = others.map { "\(folder)/\($0)" }
    return list
  }
}
