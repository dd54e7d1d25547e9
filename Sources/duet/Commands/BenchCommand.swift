internal import ArgumentParser
internal import Language

/// `duet bench WORK`: times one kind of work at the size of a real model.
struct BenchCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Time training steps at the size of a real model.",
    discussion: """
      Works on random weights of ViT-B/16 size and prints one line of JSON: the median time of a \
      step, its process CPU seconds, pictures a second and the most memory that was held. What can be \
      timed is up to the library: `duet bench list` names all of it.
      """)

  @Argument(
    help: ArgumentHelp(
      "What to time: a tower of the model, or steps of a method.", valueName: "work"))
  var work: String

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

  @Flag(
    help: "Encode the pictures once and not in each step, where the work leaves them as they are.")
  var cachedFeatures = false

  @OptionGroup var session: SessionOptions

  func validate() throws {
    for (name, value) in [("classes", classes), ("batch", batch), ("steps", steps)] {
      if !(1...100_000).contains(value) {
        throw ValidationError("--\(name) must be from 1 to 100000, not \(value)")
      }
    }
  }

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let workbench = try session.workbench(console)
    // A definition needs no quotes, whatever the text is.
    workbench.session.define("work", Value(work))
    let code = """
      bench(work, classes: \(classes), batch: \(batch), steps: \(steps), \
      cached_features: \(cachedFeatures))
      """
    let evaluation = workbench.evaluate(code, name: "bench", refusal: refusal)
    if let line = evaluation.value?.string { console.print(line + "\n") }
    return evaluation.status
  }

  /// What the library's own `assert` refuses is a wrong command line.
  private func refusal(_ diagnostic: Diagnostic) -> Refusal? {
    guard diagnostic.code == .assertion, diagnostic.origin.first?.name == "bench" else {
      return nil
    }
    return Refusal(diagnostic.message)
  }
}
