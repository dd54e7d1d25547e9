internal import ArgumentParser
internal import Language

/// `duet encode FOLDER -o FILE`: the features of a folder's pictures.
struct EncodeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "encode", abstract: "Write the features of a folder of pictures to a file.",
    discussion: """
      All PNG, JPEG and WebP files below the folder are encoded by CLIP's image tower. The HDF5 file \
      holds their names, the digests of their bytes and a float32 array `features/pooled`, and is \
      kept up to date every half minute: a run that was stopped goes on where it was, and pictures \
      that have not changed are never encoded again. Pictures that cannot be read are named at the \
      end, and the exit code is then 70.
      """)

  @Argument(help: ArgumentHelp("The folder.", valueName: "folder"))
  var folder: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file of features.", valueName: "file"))
  var output: String

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Pictures that are held at once.", valueName: "n"))
  var batch = 16

  @OptionGroup var session: SessionOptions

  func validate() throws {
    guard !(1...4096).contains(batch) else { return }
    throw ValidationError("--batch must be from 1 to 4096, not \(batch)")
  }

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let workbench = try session.workbench(console)
    workbench.session.define("folder", Value(folder))
    workbench.session.define("output", Value(output))
    workbench.session.define("source", Value(model.clip))
    let evaluation = workbench.evaluate(
      "encode_folder(folder, load_clip(source), into: output, batch: \(batch))", name: "encode",
      refusal: Refusal.ofFiles)
    guard let done = evaluation.value?.record else { return evaluation.status }
    let failed = done["failed"]?.list ?? []
    let count = { (name: String) in done[name]?.int ?? 0 }
    console.print(
      "\(count("encoded")) encoded, \(count("reused")) reused, \(failed.count) failed\n")
    if count("others") > 0 {
      console.notice("\(count("others")) other files are no PNG, JPEG or WebP pictures")
    }
    for line in failed { console.complain("error: " + (line.string ?? "")) }
    return failed.isEmpty ? evaluation.status : .failure
  }
}

/// The option that names the model.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model: \"mini\", a file that `duet import` wrote, or a checkpoint.", valueName: "source")
  )
  var clip = "mini"
}

extension Refusal {
  /// What is wrong with files that the command line names is shown without a place in a script.
  static func ofFiles(_ diagnostic: Diagnostic) -> Refusal? {
    guard diagnostic.code != .interrupted else { return nil }
    let label = diagnostic.primary.text
    let message = diagnostic.message + (label.isEmpty ? "" : ": \(label)")
    return Refusal(message, help: diagnostic.help, status: .failure)
  }
}
