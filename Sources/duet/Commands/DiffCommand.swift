internal import ArgumentParser
internal import Bindings

/// `duet diff A B`: whether two HDF5 files hold the same.
struct DiffCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare the contents of two HDF5 files.",
    discussion: """
      Says "equal" (exit code 0), or what differs (exit code 1). When and where the files were \
      written does not count. Without a tolerance, all bits of numbers must be equal.
      """)

  @Argument(help: ArgumentHelp("The one file.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("The other file.", valueName: "b"))
  var second: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The distance that numbers may have.", valueName: "x"))
  var absolute = 0.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The share of the larger number that they may differ by.", valueName: "x"))
  var relative = 0.0

  func validate() throws {
    for (name, value) in [("absolute", absolute), ("relative", relative)] {
      if !(value >= 0 && value.isFinite) {
        throw ValidationError("--\(name) must be a number from 0 on, not \(value)")
      }
    }
  }

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let differences: [String]
    do throws(FileFailure) {
      differences = try FileInspection.differences(
        first, second, FileInspection.Tolerance(absolute: absolute, relative: relative))
    } catch {
      throw Refusal(error)
    }
    console.print((differences.isEmpty ? ["equal"] : differences).joined(separator: "\n") + "\n")
    return differences.isEmpty ? .done : .differs
  }
}
