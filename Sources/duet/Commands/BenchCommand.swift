internal import ArgumentParser
internal import Language

/// `duet bench WORK`: times one kind of work at the size of a real model.
struct BenchCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time training steps at the size of a real model.",
    discussion: """
      Works on random weights of ViT-B/16 size and prints one line of JSON: the median time of a \
      step, its process CPU seconds, pictures a second and the most memory that was held.
      """)

  /// What can be timed.
  enum Work: String, CaseIterable, ExpressibleByArgument {
    case clipImage = "clip_image"
    case clipText = "clip_text"
    case coop
    case maple
    case bmip
  }

  @Argument(help: "What to time.")
  var work: Work

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The number of classes.", valueName: "c"))
  var classes = 50

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The pictures of a step.", valueName: "b"))
  var batch = 4

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The steps that are timed, after one that is not.", valueName: "k"))
  var steps = 3

  @Flag(help: "Encode the pictures once and not in each step (only coop).")
  var cachedFeatures = false

  @OptionGroup var session: SessionOptions

  func validate() throws {
    for (name, value) in [("classes", classes), ("batch", batch), ("steps", steps)] {
      if !(1...100_000).contains(value) {
        throw ValidationError("--\(name) must be from 1 to 100000, not \(value)")
      }
    }
    if cachedFeatures, work != .coop {
      throw ValidationError("--cached-features is for coop: \(work.rawValue) changes its pictures")
    }
  }

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let workbench = try session.workbench(console)
    let code = """
      bench("\(work.rawValue)", classes: \(classes), batch: \(batch), steps: \(steps), \
      cached_features: \(cachedFeatures))
      """
    let evaluation = workbench.evaluate(code, name: "bench")
    if let line = evaluation.value?.string { console.print(line + "\n") }
    return evaluation.status
  }
}
