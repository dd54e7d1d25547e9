/// What is wrong with the lists of a data set: everything, in the order in which it matters.
///
/// A copy with three faults is mended in one go when all three are told; opening it ends at the first.
struct ListCheck {
  /// The names by label; right if there are no faults.
  private(set) var classes: [String] = []
  private(set) var faults: [DatasetError] = []
  private let lists: [SplitPart: ItemList]
  private let frame: Dataset.Frame

  /// The lists with an item, with paths below the folder of the pictures.
  static func prepared(_ lists: [SplitPart: ItemList], _ frame: Dataset.Frame)
    -> [SplitPart: ItemList]
  {
    let prefix = frame.pictures.hasSuffix("/") ? frame.pictures : frame.pictures + "/"
    var lists = lists.filter { $0.value.count > 0 }
    for part in lists.keys { lists[part]?.strip(prefix) }
    return lists
  }

  init(_ lists: [SplitPart: ItemList], _ frame: Dataset.Frame) {
    self.lists = lists
    self.frame = frame
    checkClasses()
    checkPaths()
    checkLabels()
    checkFiles()
  }

  private mutating func note(_ fault: ListFault, _ cases: [String]) {
    guard !cases.isEmpty else { return }
    faults.append(
      .list(frame.list, fault, count: cases.count, first: Array(cases.prefix(5))))
  }

  /// Labels and their names.
  private mutating func checkClasses() {
    var all = ItemList()
    for part in SplitPart.allCases { if let list = lists[part] { all.callClasses(of: list) } }
    guard let leading = lists[.train] ?? lists[.test] ?? lists[.val] else {
      faults.append(.list(frame.list, .noItems, count: 0, first: []))
      return
    }
    func named(_ label: Int) -> String { all.names[label].map { "\(label) (\($0))" } ?? "\(label)" }
    let leaders = Set(leading.labels)
    let labels = leaders.filter { $0 >= 0 }.sorted()
    let used = lists.values.reduce(into: Set<Int>()) { $0.formUnion($1.labels) }
    note(.contradictoryNames, all.contradictions)
    note(.negativeLabels, used.filter { $0 < 0 }.sorted().map(String.init))
    if let largest = labels.last, largest >= labels.count {
      // The largest may be any number: only the first of the missing are made.
      var missing: [String] = []
      var next = labels[...]
      for label in 0..<largest {
        if missing.count == 5 { break }
        if next.first == label { next.removeFirst() } else { missing.append(named(label)) }
      }
      faults.append(
        .list(
          frame.list, .missingLabels(largest: largest), count: largest - labels.count + 1,
          first: missing))
    }
    let strangers = used.filter { $0 >= 0 && !leaders.contains($0) }
    note(.labelsOutsideTraining, strangers.sorted().map(named))
    note(
      .namelessLabels, labels.filter { all.names[$0, default: ""].isEmpty }.map(String.init))
    classes = labels.map { all.names[$0, default: ""] }
  }

  /// Paths that lead elsewhere, or twice to one picture.
  private mutating func checkPaths() {
    var (absolute, crooked): ([String], [String]) = ([], [])
    for path in SplitPart.allCases.flatMap({ lists[$0]?.paths ?? [] }) {
      if path.isEmpty || path.utf8.first == UInt8(ascii: "/") {
        absolute.append(path)
      } else if Self.isCrooked(path) {
        crooked.append(path)
      }
    }
    note(.absolutePaths, absolute)
    note(.crookedPaths, crooked)
  }

  /// Whether a path has a folder that is empty, `.` or `..`, or a NUL, at which the system would end it.
  static func isCrooked(_ path: String) -> Bool {
    var (length, dots) = (0, 0)
    for byte in path.utf8 {
      if byte == 0 { return true }
      if byte == UInt8(ascii: "/") {
        if length == dots, length <= 2 { return true }
        (length, dots) = (0, 0)
      } else {
        length += 1
        if byte == UInt8(ascii: ".") { dots += 1 }
      }
    }
    return length == dots && length <= 2
  }

  /// Pictures that one part has under several labels.
  private mutating func checkLabels() {
    for part in SplitPart.allCases {
      guard let list = lists[part] else { continue }
      var known = [String: Int](minimumCapacity: list.count)
      var several: [String] = []
      var told: Set<String> = []
      for (path, label) in zip(list.paths, list.labels) {
        guard let first = known[path] else {
          known[path] = label
          continue
        }
        if first != label, told.insert(path).inserted {
          several.append("\(path) (\(first), \(label))")
        }
      }
      note(.severalLabels(part), several)
    }
  }

  /// Pictures that are not there.
  private mutating func checkFiles() {
    var missing: [String] = []
    for part in SplitPart.allCases {
      guard let list = lists[part], !list.wasFound else { continue }
      missing += list.paths.filter {
        !$0.isEmpty && $0.utf8.first != UInt8(ascii: "/") && !Self.isCrooked($0)
          && !Directory.hasFile("\(frame.pictures)/\($0)")
      }
    }
    guard !missing.isEmpty else { return }
    faults.append(
      .missingPictures(
        list: frame.list, folder: frame.pictures, count: missing.count,
        of: lists.values.reduce(0) { $0 + $1.count }, first: Array(missing.prefix(5))))
  }
}
