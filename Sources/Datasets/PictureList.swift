internal import Pictures

/// The pictures below a folder, at any depth, in the order of their paths' bytes.
///
/// A picture is told by its content. Other files are counted and otherwise passed over, hidden ones
/// ignored; links are followed, to a depth of ``deepest`` folders, but for those that lead back to a
/// folder on the way.
package struct PictureList: Sendable {
  /// The folder.
  package let root: String
  /// Paths below it.
  package private(set) var paths: [String] = []
  /// How many files are no pictures.
  package private(set) var others = 0
  /// Paths that cannot be read, and why.
  package private(set) var unreadable: [(path: String, reason: String)] = []

  static let deepest = 32

  /// Lists a folder.
  package init(below folder: String) throws(DatasetError) {
    root = folder
    try add(try Directory(listing: folder), below: "", inside: [])
    // A folder's files and the folders beside them interleave.
    paths.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// around: the folders on the way to this one.
  private mutating func add(
    _ folder: Directory, below prefix: String, inside around: [Directory.Identity]
  ) throws(DatasetError) {
    let around = around + [folder.identity]
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
      guard around.count <= Self.deepest else {
        refuse(prefix + name, "more than \(Self.deepest) folders inside each other")
        continue
      }
      do throws(DatasetError) {
        let inner = try Directory(listing: "\(folder.path)/\(name)")
        if around.contains(inner.identity) {
          refuse(prefix + name, "a link to a folder that it is in")
        } else {
          try add(inner, below: "\(prefix)\(name)/", inside: around)
        }
      } catch {
        guard case .folder(_, .unreadable(let why), _, _) = error else { throw error }
        refuse(prefix + name, why)
      }
    }
  }

  private mutating func refuse(_ path: String, _ why: String) {
    unreadable.append((path, why))
  }
}
