internal import Foundation
internal import Language
internal import Store

/// Comparing the program with reference vectors: numbers that another program has computed.
///
/// A reference file is an HDF5 file whose root attribute `format` names its kind, or a list of cases in
/// JSON (``CaseList``), with the files that it names beside it. A ``ReferenceKind`` finds the cases in an
/// HDF5 file, and each case compares the program's own numbers with the file's. A further kind is one
/// more type in ``kinds``.
///
/// Nothing in a file is believed: a case that lacks something, contradicts itself or cannot be read
/// has failed and says why.
package struct Verification {
  /// What came of a case.
  package struct Line: Equatable, Sendable {
    /// The verdict.
    package let verdict: Verdict
    /// The file and the place in it.
    package let name: String
    /// The worst entry and its error, or the reason for skipping the case.
    package let detail: String
  }

  /// Whether the program agrees with a case.
  package enum Verdict: String, Sendable {
    case passed = "ok"
    case failed = "FAIL"
    case skipped = "skip"
  }

  private static let kinds: [any ReferenceKind.Type] = [
    DrawingsReference.self, ReplayReference.self, ReplayedModel.self,
  ]
  /// The root attribute that names the kind.
  private static let attribute = "format"

  /// A file, and the name that its cases begin with.
  private struct Source {
    let path: String
    let name: String
  }

  private let sources: [Source]

  /// Looks for the reference files that paths name: files, or folders with any number of them.
  ///
  /// Throws when a path does not exist, when a file is no reference file, and when a folder holds no
  /// HDF5 file at all.
  package init(_ paths: [String]) throws(FileFailure) {
    var sources: [Source] = []
    for path in paths {
      guard let isFolder = Self.isFolder(path) else { throw FileFailure(missing: path) }
      guard isFolder else {
        if CaseList.isList(path) {
          sources.append(Source(path: path, name: CaseList.name(of: path)))
          continue
        }
        guard try Self.open(path).text(Self.attribute) != nil else {
          throw FileFailure("'\(path)' is \(Self.noReference)")
        }
        let file = path.split(separator: "/").last.map(String.init) ?? path
        sources.append(Source(path: path, name: Self.name(of: file)))
        continue
      }
      let files = Self.files(in: path)
      if files.isEmpty { throw FileFailure("the folder '\(path)' holds no reference file") }
      sources += files
    }
    self.sources = sources
  }

  private static func isFolder(_ path: String) -> Bool? {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return exists ? isFolder.boolValue : nil
  }

  /// The HDF5 files and lists below a folder, in the order of their names; `clip.h5` is the model of
  /// others, and what stands beside or below a list is the list's.
  private static func files(in folder: String) -> [Source] {
    let place = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let paths = FileManager.default.enumerator(atPath: place)?.compactMap { $0 as? String } ?? []
    let lists = paths.filter { CaseList.isList($0) }
    let listed = Set(lists.filter { !$0.hasSuffix(CaseList.manifest) }.map(CaseList.folder))
    let files = paths.filter { [".h5", ".hdf5"].contains(where: $0.hasSuffix) }
      .filter { $0.split(separator: "/").last != "clip.h5" }
      .filter { path in !listed.contains { $0.isEmpty || path.hasPrefix("\($0)/") } }
    return (lists + files).filter { isFolder("\(folder)/\($0)") == false }
      .sorted().map {
        let name = CaseList.isList($0) ? CaseList.name(of: $0) : name(of: $0)
        return Source(path: "\(folder)/\($0)", name: name)
      }
  }

  /// A path without its ending.
  private static func name(of path: String) -> String {
    [".h5", ".hdf5"].first(where: path.hasSuffix).map { String(path.dropLast($0.count)) } ?? path
  }

  private static func open(_ path: String) throws(FileFailure) -> StoredFile {
    var limits = ReadLimits()
    // Pixels take eight bytes each when they are compared.
    limits.bytes = 1 << 31
    do throws(StoreError) {
      return try StoredFile(reading: path, limits)
    } catch {
      throw FileFailure(error)
    }
  }

  private static let noReference = "no reference file: it has no attribute '\(attribute)'"

  private static func cases(of path: String, _ replayer: Replayer) throws(FileFailure)
    -> [ReferenceCase]
  {
    if CaseList.isList(path) { return try CaseList(reading: path).cases(replayer) }
    let file = try open(path)
    guard let format = file.text(attribute) else { return [.skipped("", noReference)] }
    return kinds.first { $0.format == format }?.cases(of: file, replayer)
      ?? [.skipped("", "the kind '\(format)' is not known to this version")]
  }

  /// Compares case by case, until all are done or `take` says to stop.
  ///
  /// - Parameters:
  ///   - replayer: Where methods are built and run.
  ///   - take: Takes what came of a case, and says whether to go on.
  package func run(_ replayer: Replayer, _ take: (Line) -> Bool) {
    for source in sources {
      let cases: [ReferenceCase]
      do throws(FileFailure) {
        cases = try Self.cases(of: source.path, replayer)
      } catch {
        // A file that is damaged may have been a reference file.
        cases = [error.isDamaged ? .failed("", error.message) : .skipped("", error.message)]
      }
      for reference in cases {
        let parts = [source.name, reference.name].filter { !$0.isEmpty }
        let (verdict, detail) = reference.compare().words
        let name = TextWidth.visible(parts.joined(separator: "/"))
        let line = Line(verdict: verdict, name: name, detail: TextWidth.visible(detail))
        guard take(line) else { return }
      }
    }
  }
}

/// A kind of reference file.
protocol ReferenceKind: SendableMetatype {
  /// What the attribute `format` of such files says.
  static var format: String { get }
  /// The cases of a file. What is wrong with the file as a whole is a case that fails.
  static func cases(of file: StoredFile, _ replayer: Replayer) -> [ReferenceCase]
}

/// One comparison.
struct ReferenceCase {
  /// The place in the file.
  let name: String
  let compare: () -> Outcome

  /// What a comparison came to.
  enum Outcome {
    /// The largest error is allowed.
    case passed(Deviation)
    case failed(String)
    case skipped(String)

    fileprivate var words: (Verification.Verdict, String) {
      switch self {
      case .passed(let worst): (.passed, worst.words)
      case .failed(let why): (.failed, why)
      case .skipped(let why): (.skipped, why)
      }
    }
  }

  /// The entry with the largest error, and that error.
  struct Deviation {
    var entry: String
    var error: String

    var words: String { "\(entry): \(error)" }
  }

  static func failed(_ name: String, _ why: String) -> ReferenceCase {
    ReferenceCase(name: name) { .failed(why) }
  }

  static func skipped(_ name: String, _ why: String) -> ReferenceCase {
    ReferenceCase(name: name) { .skipped(why) }
  }
}
