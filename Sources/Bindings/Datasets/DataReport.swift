internal import Datasets
internal import Foundation
internal import Language
internal import Pictures
internal import Store

/// What `duet data check` finds: a table of counts and notes.
struct DataReport {
  /// How usable a copy is, best first.
  enum Verdict: String, Comparable {
    case fine, differs, unusable, missing

    static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
    private var rank: Int {
      switch self {
      case .fine: 0
      case .differs: 1
      case .unusable: 2
      case .missing: 3
      }
    }
  }

  /// Something to say, and what it makes of the verdict.
  enum Note: Equatable {
    case differs([String])
    case ownSplit(list: String?, seed: Int)
    case ownOrder
    case valIsTest
    case fewPictures(classes: [String], fewest: Int)
    case sameNames([String])
    case trainElsewhere([String])
    case valInTest([String])
    case repeated([String])
    case passedOver([String])
    case badPictures([Dataset.BadPicture], count: Int, total: Int)
    /// Pictures that are told and not read, as "name (GIF)".
    case otherFormats([String], count: Int, total: Int)

    var verdict: Verdict {
      switch self {
      case .differs, .ownSplit, .trainElsewhere, .valInTest: .differs
      case .badPictures, .otherFormats: .unusable
      default: .fine
      }
    }
  }

  /// Pictures of a class that the largest common few-shot draw takes.
  static let shots = 16

  let opened: OpenedDataset
  let notes: [Note]

  /// Looks at a data set that could be opened; `decoding` reads every picture whole.
  init(_ opened: OpenedDataset, decoding: Bool) throws {
    self.opened = opened
    let data = opened.data
    var notes = OpenedDataset.notes(of: opened, data.overlapOfFiles)
    if let train = try? data.split(.train) {
      var counts = [Int](repeating: 0, count: data.classes.count)
      for label in train.labels { counts[label] += 1 }
      let few = counts.indices.filter { counts[$0] < Self.shots }.map { data.classes[$0] }
      if !few.isEmpty {
        notes.append(.fewPictures(classes: few, fewest: counts.min() ?? 0))
      }
    }
    if data.overlap.valIsWholeTest { notes.append(.valIsTest) }
    let names = data.sharedNames
    if !names.isEmpty { notes.append(.sameNames(names)) }
    self.notes = notes + Self.notes(onBad: try data.badPictures(decoding: decoding), data)
  }

  /// What is said of pictures that cannot be used.
  private static func notes(onBad pictures: [Dataset.BadPicture], _ data: Dataset) -> [Note] {
    let total = data.parts.reduce(0) { $0 + data.count(of: $1.rawValue) }
    var (bad, others): ([Dataset.BadPicture], [String]) = ([], [])
    for picture in pictures {
      if case PictureError.otherFormat(let format) = picture.fault {
        others.append("\(picture.name) (\(format.rawValue))")
      } else {
        bad.append(picture)
      }
    }
    var notes: [Note] = []
    if !bad.isEmpty {
      notes.append(.badPictures(Array(bad.prefix(5)), count: bad.count, total: total))
    }
    if !others.isEmpty {
      notes.append(
        .otherFormats(Array(others.prefix(5)), count: others.count, total: total))
    }
    return notes
  }

  var verdict: Verdict { notes.map(\.verdict).max() ?? .fine }
}

extension OpenedDataset {
  /// What everybody who opens the data set is told.
  static func notes(of opened: OpenedDataset, _ overlap: Overlap? = nil) -> [DataReport.Note] {
    var notes: [DataReport.Note] = []
    let overlap = overlap ?? opened.data.overlap
    if !overlap.trainElsewhere.isEmpty { notes.append(.trainElsewhere(overlap.trainElsewhere)) }
    if !overlap.valInTest.isEmpty { notes.append(.valInTest(overlap.valInTest)) }
    if !overlap.repeated.isEmpty { notes.append(.repeated(overlap.repeated)) }
    guard let page = opened.page else { return notes }
    if opened.data.splitting == .own {
      notes.append(.ownSplit(list: page.split, seed: opened.data.seed))
    }
    if opened.data.splitting == .publishedInOwnOrder { notes.append(.ownOrder) }
    let differences = page.differences(from: opened.data).map {
      "\($0.name) \($0.found) instead of \($0.published)"
    }
    if !differences.isEmpty { notes.append(.differs(differences)) }
    if !opened.others.isEmpty { notes.append(.passedOver(opened.others)) }
    return notes
  }
}

extension Engine {
  /// The words `data_check` and `known_datasets`, which `duet data` prints.
  func dataReportNatives() -> [Native] {
    [
      Native(
        "data_check(name: String, root: String? = nil, seed: Int = 1, pictures: Bool = false) "
          + "-> Record",
        """
        Looks at a copy of a data set before anything is learned from it.

        A record of `verdict` ("fine", "differs" from what is published, "unusable" or "missing") and \
        `text`, a report. The first bytes of every picture are read; with `pictures` all are decoded.
        """,
        example: "data_check(\"fields\").verdict\nfine"
      ) { [self] arguments in
        let request = DatasetRequest(
          name: try arguments.string(0), seed: try arguments.int(2),
          root: try arguments.optionalString(1))
        let decoding = try arguments.bool(3)
        do {
          let found = try found(request, arguments.interpreter)
          if case .listing(let listing) = found, case let faults = listing.faults, !faults.isEmpty {
            return answer(.unusable, text(of: listing, faults), help: nil)
          }
          let report = try DataReport(try found.opened(), decoding: decoding)
          return answer(report.verdict, Self.text(of: report), help: nil)
        } catch {
          guard let fault = fault(for: error) ?? (error as? Fault), fault.code != .interrupted
          else { throw error }
          let verdict = Self.isMissing(error) ? DataReport.Verdict.missing : .unusable
          return answer(verdict, fault.message, help: fault.help)
        }
      },
      Native(
        "known_datasets(root: String? = nil) -> List",
        "The data sets that have a page: records of `name`, `title`, `folder`, and `found`, whether "
          + "the folder is below the root.",
        example: "known_datasets(\"/no/such\")[0].found\nfalse"
      ) { [self] arguments in
        let given = try arguments.optionalString(0).map(DataSearch.expanded)
        let root = given ?? DataSearch.defaultRoot ?? "."
        return Value(
          try pageNames.compactMap { name in
            try libraryPage(name, arguments.interpreter).map { page in
              let folder = DataSearch.join(root, page.folder)
              return Value(
                Record([
                  ("name", Value(name)), ("title", Value(page.title)),
                  ("folder", Value(page.folder)), ("found", .bool(Directory.exists(folder))),
                ]))
            }
          })
      },
    ]
  }

  private func answer(_ verdict: DataReport.Verdict, _ text: String, help: String?) -> Value {
    Value(
      Record([
        ("verdict", Value(verdict.rawValue)), ("text", Value(text)),
        ("help", help.map { Value($0) } ?? .nil),
      ]))
  }

  /// Whether there is nothing at all where the user pointed.
  private static func isMissing(_ error: any Error) -> Bool {
    switch error {
    case let failure as DataFailure:
      switch failure.fact {
      case .noRoot, .noFolder(_, _, similar: nil): return true
      default: return false
      }
    case DatasetError.unknown: return true
    case let error as StoreError: return error.fault == .noFile
    default: return false
    }
  }
}
