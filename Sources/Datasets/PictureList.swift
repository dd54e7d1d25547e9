internal import Pictures

/// The pictures below a folder, at any depth, in the order of their paths' bytes.
///
/// A picture is told by its content. Other files are counted and otherwise passed over, hidden ones
/// ignored; links are followed, to a depth of ``deepest`` folders.
package struct PictureList: Sendable {
  /// The folder.
  package let root: String
  /// Paths below it.
  package private(set) var paths: [String] = []
  /// How many files are no pictures.
  package private(set) var others = 0
  /// Paths that cannot be read, and the reason of the first.
  package private(set) var unreadable: [String] = []
  package private(set) var reason = ""

  static let deepest = 32

  /// Lists a folder.
  package init(below folder: String) throws(DatasetError) {
    root = folder
    try add(try Directory(listing: folder), below: "", depth: 0)
    // A folder's files and the folders beside them interleave.
    paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private mutating func add(_ folder: Directory, below prefix: String, depth: Int)
    throws(DatasetError)
  {
    for name in folder.unreadable { refuse(prefix + name, folder.reason) }
    for name in folder.files {
      do throws(PictureError) {
        if try PictureFile.format(of: "\(folder.path)/\(name)") == nil {
          others += 1
        } else {
          paths.append(prefix + name)
        }
      } catch {
        if case .unreadable(_, let why) = error { refuse(prefix + name, why) }
      }
    }
    for name in folder.folders {
      guard depth < Self.deepest else {
        refuse(prefix + name, "more than \(Self.deepest) folders inside each other")
        continue
      }
      do throws(DatasetError) {
        let inner = try Directory(listing: "\(folder.path)/\(name)")
        try add(inner, below: "\(prefix)\(name)/", depth: depth + 1)
      } catch {
        guard case .folder(_, .unreadable(let why), _, _) = error else { throw error }
        refuse(prefix + name, why)
      }
    }
  }

  private mutating func refuse(_ path: String, _ why: String) {
    if unreadable.isEmpty { reason = why }
    unreadable.append(path)
  }
}
