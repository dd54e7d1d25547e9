internal import Foundation
package import Language

/// Where the standard library lies, and how imports find their files.
///
/// No build magic: the folder is looked for when the program starts, so that an edited method takes
/// effect at the next run. Places, in order: the one given on the command line, `$DUET_STDLIB`, then
/// from the program's own folder upwards the first that holds `stdlib/prelude.duet` (or, installed,
/// `share/duet/stdlib/prelude.duet`).
package struct Library {
  /// The folder that holds `prelude.duet`.
  package let folder: String

  /// No place held a library.
  package struct Missing: Error {
    /// The places that were looked at.
    package let places: [String]
  }

  package init(given: String?) throws(Missing) {
    var places: [String] = []
    func isLibrary(_ folder: String) -> Bool {
      places.append(folder)
      return FileManager.default.fileExists(atPath: folder + "/prelude.duet")
    }
    if let folder = given ?? ProcessInfo.processInfo.environment["DUET_STDLIB"] {
      guard isLibrary(folder) else { throw Missing(places: places) }
      self.folder = folder
      return
    }
    var place = URL(fileURLWithPath: Self.executable).resolvingSymlinksInPath()
    while place.path != "/" {
      place.deleteLastPathComponent()
      for folder in ["stdlib", "share/duet/stdlib"] {
        let candidate = place.appendingPathComponent(folder).path
        if isLibrary(candidate) {
          self.folder = candidate
          return
        }
      }
    }
    throw Missing(places: places)
  }

  private static var executable: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
  }

  /// The text of a file of the library.
  package func text(of path: String) throws -> LoadedSource {
    let file = "\(folder)/\(path)"
    return LoadedSource(
      name: "stdlib/\(path)", text: try Self.read(file, as: path), identity: file, isLibrary: true)
  }

  /// Finds what a script imports: dotted words in the library, a text relative to the importing file.
  package func load(_ request: ImportRequest) throws -> LoadedSource {
    switch request.kind {
    case .library(let words):
      let path = words.joined(separator: "/") + ".duet"
      guard FileManager.default.fileExists(atPath: "\(folder)/\(path)") else {
        throw Fault(
          .import, "the standard library has no '\(request.path)'", label: "no \(path)",
          help: suggestion(for: words))
      }
      return try text(of: path)
    case .file(let path):
      let base = URL(fileURLWithPath: request.importer).deletingLastPathComponent()
      let file = path.hasPrefix("/") ? path : base.appendingPathComponent(path).path
      let shown = path.hasPrefix("/") || base.relativePath == "." ? path : file
      return LoadedSource(
        name: Self.short(shown), text: try Self.read(file, as: path),
        identity: URL(fileURLWithPath: file).resolvingSymlinksInPath().path)
    }
  }

  /// Paths below the working folder are shown relative to it.
  private static func short(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }

  private func suggestion(for words: [String]) -> String? {
    let folder = ([self.folder] + words.dropLast()).joined(separator: "/")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let modules = names.filter { $0.hasSuffix(".duet") }.map { String($0.dropLast(5)) }.sorted()
    guard !modules.isEmpty else { return nil }
    let prefix = words.dropLast().map { "\($0)." }.joined()
    return "there are " + modules.map { "`\(prefix)\($0)`" }.joined(separator: ", ")
  }

  private static func read(_ file: String, as path: String) throws -> String {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: file))
    } catch {
      throw Fault(.import, "'\(path)' cannot be read", label: "no such file")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw Fault(.import, "'\(path)' is not UTF-8 text")
    }
    return text
  }

  /// The names that complete the beginning of an import.
  package func completions(of beginning: String) -> [String] {
    let words = beginning.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let folder = ([self.folder] + words.dropLast()).joined(separator: "/")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let prefix = words.dropLast().map { "\($0)." }.joined()
    return names.filter { $0.hasPrefix(words.last ?? "") && !$0.hasPrefix(".") }.sorted().compactMap
    {
      $0.hasSuffix(".duet")
        ? prefix + $0.dropLast(5) : $0.contains(".") ? nil : prefix + $0 + "."
    }
  }

  /// The paths that complete the beginning of a file name.
  static func files(_ beginning: String) -> [String] {
    let slash = beginning.lastIndex(of: "/").map { beginning.index(after: $0) }
    let folder = String(beginning[..<(slash ?? beginning.startIndex)])
    let start = beginning[(slash ?? beginning.startIndex)...]
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.filter { $0.hasPrefix(start) && (!$0.hasPrefix(".") || start.hasPrefix(".")) }
      .sorted().map { name in
        var isFolder: ObjCBool = false
        _ = unsafe FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder)
        return folder + name + (isFolder.boolValue ? "/" : "")
      }
  }
}
