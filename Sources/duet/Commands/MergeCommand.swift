internal import ArgumentParser
internal import Bindings

/// `duet merge A B … -o FILE`: several results as one.
struct MergeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join files of results over all their data sets, algorithms, ….",
    discussion: """
      The file that is written has the labels of all, and the numbers, counts and details of each. \
      Nothing is averaged. Results that say different things about the same cell, or are about \
      something else (another model, other settings), are refused with a list of what contradicts \
      what (exit code 1), and nothing is written. Cells that nobody has run are listed.
      """)

  @Argument(help: ArgumentHelp("The files.", valueName: "file"))
  var files: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @Flag(help: "Replace the output if it is a file of Duet's.")
  var overwrite = false

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let merged: ResultFiles.Merged
    do throws(FileFailure) {
      merged = try ResultFiles.merge(files, into: output, replacing: overwrite)
    } catch {
      throw Refusal(error)
    }
    if !merged.contradictions.isEmpty {
      console.complain("error: the results contradict each other, and nothing is written")
      for line in merged.contradictions.prefix(20) { console.complain("  " + line) }
      let more = merged.contradictions.count - 20
      if more > 0 { console.complain("  … and \(more) more") }
      return .differs
    }
    for line in merged.report { console.print(line + "\n") }
    return .done
  }
}
