internal import Datasets
internal import Language
internal import Store

/// What is told of data sets that could be opened, and what of those that could not.
extension Engine {
  static func fault(_ failure: DataFailure) -> Fault {
    switch failure.fact {
    case .noRoot(let root):
      return Fault(
        "file", "there is no folder '\(root)' to look for \(failure.name) in",
        help: "`root: \"…\"` names the folder of your data sets; without it, $DUET_DATA does")
    case .noFolder(let folder, let holds, let similar):
      let content = holds.map { "`\($0)`" }.joined(separator: " and ")
      return Fault(
        "file", "\(failure.name) is not there: no folder '\(folder)'",
        help: similar.map {
          "'\($0)' looks like it: name or move it so that it is '\(folder)'"
        } ?? "it should hold \(content.isEmpty ? "the pictures" : content)")
    case .noPictures(let folder, let similar):
      return Fault(
        "file", "\(failure.name) has no folder of pictures '\(folder)'",
        help: similar.map { "'\($0)' looks like it: move it there" }
          ?? "unpack the pictures there")
    case .noSplit(let file):
      return Fault(
        "file", "\(failure.name) has no split file '\(file)'", help: "put the published one there")
    case .elsewhere(let missing, let similar):
      return Fault(
        "file",
        missingSentence(failure.name, missing.folder, missing.count, missing.total, missing.first),
        help: "they are in '\(similar)', one folder too deep: move its content up")
    case .page(let file, let what): return Fault(.value, "\(file): \(what)")
    case .surplus(let what): return Fault(.value, what)
    }
  }

  static func missingSentence(
    _ list: String, _ folder: String, _ count: Int, _ total: Int, _ first: [String]
  ) -> String {
    "\(list): \(count) of \(total) pictures are missing in '\(folder)': "
      + names(first, of: count)
  }

  static func names(_ first: [String], of count: Int) -> String {
    first.joined(separator: ", ") + (count > first.count ? ", …" : "")
  }

  static func sentence(_ list: String, _ fault: ListFault, _ count: Int, _ first: [String])
    -> String
  {
    let names = names(first, of: count)
    let what =
      switch fault {
      case .noItems: "no pictures are listed"
      case .contradictoryNames: "\(count) labels have several names: \(names)"
      case .negativeLabels: "labels count from 0, and there are \(names)"
      case .missingLabels(let largest):
        "the largest label is \(largest), and \(count) below it have no pictures: \(names)"
      case .labelsOutsideTraining: "\(count) labels are not among the training pictures: \(names)"
      case .namelessLabels: "\(count) labels have no name: \(names)"
      case .absolutePaths:
        "\(count) paths are empty or not below the folder of the pictures: \(names)"
      case .crookedPaths:
        "\(count) paths have a NUL, or a folder that is empty, `.` or `..`: \(names)"
      case .severalLabels(let part):
        "\(count) pictures have several labels in \(part.rawValue): \(names)"
      case .repeatedPictures:
        "\(count) pictures are there more than once, and a split could put them in two parts: "
          + names
      case .tooFewToSplit: "\(count) classes have too few pictures for a split: \(names)"
      case .columns:
        "the first line must name the columns `path` and `label` or `class`; it has \(names)"
      case .columnTwice: "the column \(names) is there twice"
      case .fields(let found, let expected):
        "\(names) has \(found) fields, and the first line \(expected)"
      case .quotes: "\(names) has a quote inside a field, or one that is not closed"
      case .notText: "\(names) is not UTF-8 text"
      case .labelsNotNumbers: "\(names) has a label that is not a whole number"
      case .unknownPart(let part):
        "\(names) has the split '\(TextWidth.excerpt(part, to: 40))'; there are train, val and test"
      case .form(let what): "it holds \(what)"
      }
    return "\(list): \(what)"
  }

  static func sentence(_ fault: DrawFault, _ count: Int, _ first: [String]) -> String {
    let names = names(first, of: count)
    return switch fault {
    case .strangers: "\(count) pictures of the draw are not in this split: \(names)"
    case .otherLabels: "\(count) pictures of the draw have another label in this split: \(names)"
    case .otherNames:
      "\(count) pictures of the draw belong to a class that the data set calls otherwise: \(names)"
    case .repeated: "\(count) pictures are in the draw twice: \(names)"
    }
  }

  /// What is said of a data set when it is opened or checked.
  static func sentence(_ note: DataReport.Note) -> String {
    switch note {
    case .differs(let counts):
      return "counts are not the published ones: " + counts.joined(separator: ", ")
    case .ownSplit(let list, let seed):
      return
        "not the published split\(list.map { " (there is no \($0))" } ?? ""): an own one by seed "
        + "\(seed), whose numbers are not to be put beside published ones"
    case .ownOrder:
      return "files are sorted here, and were not for published few-shot draws: draws are own"
    case .valIsTest: return "val is the test set: nothing may be selected on it"
    case .fewPictures(let classes, let fewest):
      return "\(classes.count) classes have fewer than \(DataReport.shots) training pictures, the "
        + "fewest \(fewest): " + names(Array(classes.prefix(5)), of: classes.count)
    case .sameNames(let names):
      return "several classes are called \(Self.names(Array(names.prefix(5)), of: names.count))"
    case .trainElsewhere(let pictures):
      return "\(pictures.count) training pictures are in val or test, too: "
        + names(Array(pictures.prefix(5)), of: pictures.count)
    case .valInTest(let pictures):
      return "\(pictures.count) pictures of val are in test, too, and nothing may be selected on "
        + "val: " + names(Array(pictures.prefix(5)), of: pictures.count)
    case .repeated(let pictures):
      return "\(pictures.count) pictures are in their part more than once: "
        + names(Array(pictures.prefix(5)), of: pictures.count)
    case .passedOver(let files):
      return "\(files.count) files are no pictures by their names and were passed over: "
        + names(Array(files.prefix(5)), of: files.count)
    case .badPictures(let first, let count, let total):
      let names = first.map { "\($0.name) (\(sentence($0.fault)))" }
      return "\(count) of \(total) pictures cannot be used: " + Self.names(names, of: count)
    case .otherFormats(let first, let count, let total):
      return "\(count) of \(total) pictures are of a kind that is not read, whatever they are "
        + "called: " + Self.names(first, of: count)
        + "; convert them to PNG or JPEG under their names"
    }
  }

  /// A data set in lines: where it lies, its counts beside the published ones, notes.
  static func text(of report: DataReport) -> String {
    let data = report.opened.data
    let head = head(
      "\(data.name): \(data.kind.rawValue), \(data.splitting.words)", report.opened.source,
      data.template, report.opened.page?.counts ?? []
    ) { data.count(of: $0) }
    let notes = report.notes.map { note in
      switch note.verdict {
      case .fine: "note: " + sentence(note)
      case .differs: "warning: " + sentence(note)
      case .unusable, .missing: "error: " + sentence(note)
      }
    }
    return text(head, notes)
  }

  /// A data set whose lists are wrong, in lines: its counts, and every fault.
  func text(of listing: DataListing, _ errors: [any Error]) -> String {
    let frame = listing.frame
    let head = Self.head(
      "\(frame.name): \(frame.kind.rawValue), \(frame.splitting.words)", frame.list,
      frame.template, listing.page?.counts ?? [], count: listing.count)
    let faults = errors.flatMap { error in
      guard let fault = fault(for: error) else { return ["error: \(error)"] }
      return ["error: " + fault.message] + (fault.help.map { ["help: " + $0] } ?? [])
    }
    return Self.text(head, faults)
  }

  /// Names come from a stranger's folders: nothing that a terminal would obey comes through.
  private static func text(_ head: [String], _ notes: [String]) -> String {
    (head + (notes.isEmpty ? [] : [""]) + notes).map { TextWidth.excerpt($0, to: 2000) }.joined(
      separator: "\n")
  }

  private static func head(
    _ title: String, _ list: String, _ template: String, _ published: [(name: String, count: Int)],
    count: (String) -> Int
  ) -> [String] {
    var lines = [title, "list      \(list)", "template  \(template)", ""]
    lines.append("             here" + (published.isEmpty ? "" : "  published"))
    for name in ["classes"] + SplitPart.allCases.map(\.rawValue) {
      let said = published.first { $0.name == name }?.count
      let found = count(name)
      guard found > 0 || said != nil else { continue }
      lines.append(
        padded(name, 8, left: true) + padded("\(found)", 9)
          + (said.map { padded("\($0)", 11) } ?? ""))
    }
    return lines
  }

  private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + blanks : blanks + text
  }
}

extension Dataset.Splitting {
  /// How the parts came about, as scripts and records say it.
  var words: String {
    switch self {
    case .drawn: "drawn"
    case .folders: "own folders"
    case .own: "own split"
    case .listed: "own list"
    case .published: "published split"
    case .publishedInOwnOrder: "published split, own order"
    }
  }
}
