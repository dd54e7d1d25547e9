internal import Datasets
internal import Foundation

/// Where data lies: the roots that are looked in, and folders that look like the one that is missing.
enum DataSearch {
  /// The folder that data sets are looked for in when none is named: `$DUET_DATA`.
  static var defaultRoot: String? {
    let root = ProcessInfo.processInfo.environment["DUET_DATA"] ?? ""
    return root.isEmpty ? nil : expanded(root)
  }

  /// A path in which a leading `~` is the user's folder, without a slash at its end.
  static func expanded(_ path: String) -> String {
    var path = (path as NSString).expandingTildeInPath
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  static func join(_ root: String, _ path: String) -> String {
    path.isEmpty ? root : root.hasSuffix("/") ? root + path : "\(root)/\(path)"
  }

  /// A folder that is probably what `root/name` should be: spelled otherwise, one level deeper, or the
  /// root itself.
  static func similar(to name: String, in root: String, holding inner: [String]) -> String? {
    let wanted = inner.filter { !$0.isEmpty }
    func holds(_ folder: String) -> Bool {
      !wanted.isEmpty
        && wanted.allSatisfy { FileManager.default.fileExists(atPath: join(folder, $0)) }
    }
    if holds(root) { return root }
    guard let listing = try? Directory(listing: root) else { return nil }
    let last = name.split(separator: "/").last.map(String.init) ?? name
    if let other = listing.folders.first(where: { plain($0) == plain(last) && $0 != name }) {
      return join(root, other)
    }
    for folder in listing.folders.prefix(200) {
      let inside = join(join(root, folder), last)
      if Directory.exists(inside) { return inside }
    }
    return nil
  }

  /// Where the pictures of a list are instead: one folder deeper.
  static func deeper(_ pictures: String, having path: String) -> String? {
    guard let listing = try? Directory(listing: pictures) else { return nil }
    for folder in listing.folders.prefix(2000) {
      let inside = join(pictures, folder)
      if Directory.hasFile(join(inside, path)) { return inside }
    }
    return nil
  }

  /// Letters and digits of a name.
  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0.isLetter || $0.isNumber }
  }
}
