internal import Synchronization
internal import Tensor

/// Pictures that are in several parts of a data set, or several times in one.
///
/// A picture is its file, whatever path leads to it: a link in one part to a picture of another is the
/// same picture, and a result that was selected on it was selected on the test set. Looking at a file
/// takes a moment, and a folder may have a million; so ``init(_:lookingAt:)`` is told which parts to look
/// at, and of the others only the paths are compared.
package struct Overlap: Equatable, Sendable {
  /// Whether val is the test set, item by item.
  package private(set) var valIsWholeTest = false
  /// Pictures of val that are in test too; none if it is the test set as a whole.
  package private(set) var valInTest: [String] = []
  /// Pictures to learn from that are in val or test too.
  package private(set) var trainElsewhere: [String] = []
  /// Pictures that a part has more than once.
  package private(set) var repeated: [String] = []

  /// Nothing in common.
  init() {}

  /// Compares parts.
  init(_ parts: [SplitPart: PictureFiles], lookingAt looked: Set<SplitPart>) {
    var sets: [SplitPart: Identities] = [:]
    for part in SplitPart.allCases {
      guard let files = parts[part] else { continue }
      repeated += Self.repeated(in: files.paths)
      sets[part] = Identities(files, looking: looked.contains(part))
    }
    let test = sets[.test]
    if let val = sets[.val], let test, val.count > 0 {
      valIsWholeTest = val.isSame(as: test)
      if !valIsWholeTest { valInTest = val.shared(with: [test]) }
    }
    guard let train = sets[.train] else { return }
    let others = valIsWholeTest ? [test] : [sets[.val], test]
    trainElsewhere = train.shared(with: others.compactMap(\.self))
  }

  /// The parts that are worth looking at before anything is learned, when the files of train are many.
  ///
  /// Lists that are equal as they stand need no look.
  static func evaluated(_ parts: [SplitPart: PictureFiles]) -> Set<SplitPart> {
    parts[.val]?.paths == parts[.test]?.paths ? [] : [.val, .test]
  }

  private static func repeated(in paths: [String]) -> [String] {
    var seen = Set<String>(minimumCapacity: paths.count)
    var told: Set<String> = []
    return paths.filter { !seen.insert($0).inserted && told.insert($0).inserted }
  }
}

/// The files of a part.
private struct Identities {
  private let paths: [String]
  /// Nil for a file that was not looked at or is not there.
  private let files: [Directory.Identity?]

  var count: Int { paths.count }

  init(_ part: PictureFiles, looking: Bool) {
    paths = part.paths
    let root = part.root
    let paths = paths
    guard looking else {
      files = Array(repeating: nil, count: paths.count)
      return
    }
    let found = Mutex<[Directory.Identity?]>(Array(repeating: nil, count: paths.count))
    Parallel.forEachRange(paths.count, size: 1024) { range in
      let some = range.map { Directory.identity(of: "\(root)/\(paths[$0])") }
      found.withLock { $0.replaceSubrange(range, with: some) }
    }
    files = found.withLock(\.self)
  }

  /// Whether another part has the same pictures in the same order.
  func isSame(as other: Identities) -> Bool {
    paths == other.paths || files == other.files && !files.contains(nil)
  }

  /// The paths here of what others have too.
  func shared(with others: [Identities]) -> [String] {
    var (known, knownFiles): (Set<String>, Set<Directory.Identity>) = ([], [])
    for other in others {
      known.formUnion(other.paths)
      for case let file? in other.files { knownFiles.insert(file) }
    }
    return paths.indices.filter { place in
      known.contains(paths[place]) || files[place].map(knownFiles.contains) == true
    }.map { paths[$0] }
  }
}
