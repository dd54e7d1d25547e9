internal import ArgumentParser
internal import Bindings
internal import Foundation

/// `duet verify PATH…`: whether the program computes what reference files say.
struct VerifyCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare the program with reference files.",
    discussion: """
      Prints a line for each case: ok, FAIL or skip, its name, and the worst entry with its error or \
      the reason for skipping; then how many there were of each. A folder stands for all reference \
      files in it: HDF5 files, and lists of cases in JSON. Files that are damaged on purpose are \
      opened by a child process with little memory. The exit code is 1 if a case failed.
      """)

  @Argument(help: ArgumentHelp("Reference files, and folders of them.", valueName: "path"))
  var paths: [String]

  @OptionGroup var session: SessionOptions

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let verification: Verification
    do throws(FileFailure) {
      verification = try Verification(paths)
    } catch {
      throw Refusal(error)
    }
    let workbench = try session.workbench(console, isQuiet: true)
    let replayer = Replayer(
      workbench.session, workbench.engine,
      program: try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    var counts: [Verification.Verdict: Int] = [:]
    Interrupt.begin("verify")
    defer { Interrupt.end() }
    verification.run(replayer) { line in
      guard !Interrupt.isRequested else { return false }
      counts[line.verdict, default: 0] += 1
      let verdict = line.verdict.rawValue
      let gap = String(repeating: " ", count: 6 - verdict.count)
      console.print("\(verdict)\(gap)\(line.name)  \(line.detail)\n")
      return console.failure == nil
    }
    if Interrupt.isRequested, console.failure == nil {
      throw Refusal("interrupted", status: .interrupted)
    }
    if counts.isEmpty, console.failure == nil {
      throw Refusal(
        "there is nothing to compare in \(paths.joined(separator: ", "))", status: .failure)
    }
    let count = { (verdict: Verification.Verdict) in counts[verdict] ?? 0 }
    console.print(
      "\(count(.passed)) passed, \(count(.failed)) failed, \(count(.skipped)) skipped\n")
    return count(.failed) > 0 ? .differs : .done
  }
}
