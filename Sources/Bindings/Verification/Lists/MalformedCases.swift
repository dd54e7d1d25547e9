internal import Foundation
internal import Language
internal import Store

/// Files that are damaged on purpose, or want to do harm.
///
/// Each is opened by the program itself in a child process with little memory, as a user would open
/// it: checkpoints by `duet import`, pictures by `duet classify`. It must end with one line that says
/// what is wrong and a status other than 0: not by a signal, not never, and without having written anything.
/// Where a case's `expect` is not plainly "error", loading it is as good.
struct MalformedCases {
  private let list: CaseList
  private let replayer: Replayer

  init(_ list: CaseList, _ replayer: Replayer) { (self.list, self.replayer) = (list, replayer) }

  func cases(_ cases: [JSON]) -> [ReferenceCase] {
    cases.map { entry in
      ReferenceCase(name: entry["file"]?.string ?? "?") {
        outcome { () throws(CaseFailure) in try compare(entry) }
      }
    }
  }

  private func compare(_ entry: JSON) throws(CaseFailure) -> ReferenceCase.Outcome {
    guard let program = replayer.program else { return .skipped("there is no program to run") }
    guard let file = list.file(entry["file"]?.string) else {
      throw CaseFailure("it does not name a file beside the list")
    }
    guard FileManager.default.fileExists(atPath: file) else {
      throw CaseFailure("there is no such file")
    }
    let path = URL(fileURLWithPath: file).path
    let command: [String]
    switch entry["loader"]?.string {
    case "checkpoint", "hf_directory", "open_clip_directory", "directory":
      command = ["import", path, "-o", Self.output]
    case "image": command = ["classify", path, "a", "b"]
    case "tokenizer", "vocabulary":
      command = ["-e", "load_vocabulary(\(Engine.json(.init(path))))"]
    case let other:
      return .skipped("the loader '\(other ?? "none")' is not known to this version")
    }
    let mayLoad = entry["expect"]?.string != "error"
    let child = ChildProgram(path: program, library: replayer.engine.library?.folder)
    do {
      return try Self.verdict(on: child.run(command), path, mayLoad: mayLoad)
    } catch {
      throw CaseFailure("the program cannot be run: \(error.localizedDescription)")
    }
  }

  /// What a checkpoint is written to if it is loaded.
  private static let output = "clip.h5"

  private static func verdict(on run: ChildProgram.Run, _ path: String, mayLoad: Bool)
    -> ReferenceCase.Outcome
  {
    let lines = run.errors.split(separator: "\n").filter { !$0.hasPrefix(" = ") }
    let isLoaded = run.status == 0 && !run.crashed
    if run.isTimedOut { return .failed("it does not come to an end") }
    if run.crashed { return .failed("signal \(run.status) ended the program") }
    if run.memory > ChildProgram.memory {
      return .failed("it took \(run.memory >> 20) MB of memory")
    }
    if isLoaded {
      let stray = run.written.filter { $0 != "empty/inner/\(output)" }
      if !stray.isEmpty { return .failed("it has left \(stray.joined(separator: ", "))") }
      return mayLoad
        ? .passed(.init(entry: "loaded", error: "allowed")) : .failed("it was accepted")
    }
    // What a wrong command line ends with.
    if run.status == 64 { return .failed("the program does not know how to open it") }
    if !run.written.isEmpty { return .failed("it has left \(run.written.joined(separator: ", "))") }
    guard lines.count == 1, let line = lines.first, line.hasPrefix("error: ") else {
      return .failed(
        "not one line that says what is wrong, but \(lines.count): \(run.errors.prefix(200))")
    }
    let name = path.split(separator: "/").last ?? ""
    guard line.contains(name) else { return .failed("it was refused for another reason: \(line)") }
    return .passed(.init(entry: "refused", error: String(line.dropFirst("error: ".count))))
  }
}
