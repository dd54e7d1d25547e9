internal import ArgumentParser
internal import Language

/// `duet data`: the data sets that are known, and a look at a copy of one.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Look at data sets before anything is learned from them.",
    subcommands: [DataCheckCommand.self, DataListCommand.self])
}

/// `duet data check NAME`: whether a copy of a data set is whole and what was published.
struct DataCheckCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Look at a copy of a data set.",
    discussion: """
      The name is that of a benchmark (`duet data list`), a folder of pictures, a list of them \
      (split.json, split.csv) or a page that describes a data set (birds.duet). Counts are compared \
      with the published ones; missing files, gaps in the labels, contradictory names, pictures in \
      two parts and files that are no pictures are named. The exit code is 0 if all is well, 1 if \
      something differs from what is published, 64 if there is nothing to look at, and 70 if the copy \
      cannot be used.
      """)

  @Argument(help: ArgumentHelp("The data set.", valueName: "name"))
  var name: String

  @Option(
    help: ArgumentHelp(
      "The folder of your data sets, or of a list's pictures; otherwise $DUET_DATA.",
      valueName: "folder"))
  var root: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The seed of an own split.", valueName: "n"))
  var seed = 1

  @Flag(help: "Decode every picture, instead of reading its first bytes.")
  var pictures = false

  @OptionGroup var session: SessionOptions

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let workbench = try session.workbench(console)
    workbench.session.define("name", Value(name))
    workbench.session.define("root", root.map { Value($0) } ?? .nil)
    workbench.session.define("seed", .int(seed))
    workbench.session.define("pictures", .bool(pictures))
    let evaluation = workbench.evaluate(
      "data_check(name, root: root, seed: seed, pictures: pictures)", name: "data check",
      refusal: Refusal.ofFiles)
    guard let report = evaluation.value?.record else { return evaluation.status }
    let text = report["text"]?.string ?? ""
    switch report["verdict"]?.string {
    case "fine", "differs":
      console.print(text + "\n")
      return report["verdict"]?.string == "fine" ? .done : .differs
    case "missing": throw Refusal(text, help: report["help"]?.string, status: .usage)
    default:
      guard text.contains("\n") else {
        throw Refusal(text, help: report["help"]?.string, status: .failure)
      }
      console.print(text + "\n")
      return .failure
    }
  }
}

/// `duet data list`: the data sets that have a page.
struct DataListCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the data sets that are known, and which are there.")

  @Option(
    help: ArgumentHelp("The folder of your data sets; otherwise $DUET_DATA.", valueName: "folder"))
  var root: String?

  @OptionGroup var session: SessionOptions

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let workbench = try session.workbench(console)
    workbench.session.define("root", root.map { Value($0) } ?? .nil)
    let evaluation = workbench.evaluate(
      "known_datasets(root)", name: "data list", refusal: Refusal.ofFiles)
    guard let sets = evaluation.value?.list else { return evaluation.status }
    let rows = sets.compactMap(\.record).map { set in
      ["name", "title", "folder"].map { set[$0]?.string ?? "" }
        + [set["found"]?.bool == true ? "found" : "-"]
    }
    let table = [["name", "called", "folder", "here"]] + rows
    let widths = (0..<3).map { column in table.map { $0[column].count }.max() ?? 0 }
    for row in table {
      let cells = zip(row, widths).map { text, width in
        text + String(repeating: " ", count: width - text.count)
      }
      console.print((cells + [row[3]]).joined(separator: "  ") + "\n")
    }
    return .done
  }
}
