internal import ArgumentParser
internal import Language

/// `duet classify PICTURE NAME…`: what a picture shows, among names.
struct ClassifyCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Say which of some names fits a picture best.",
    discussion: """
      Zero-shot CLIP: the picture is compared with each name in a sentence, and the names are listed \
      with their probabilities, which sum to 1 over all names given.
      """)

  @Argument(help: ArgumentHelp("The picture: PNG, JPEG or WebP.", valueName: "picture"))
  var picture: String

  @Argument(help: ArgumentHelp("The names of the classes.", valueName: "name"))
  var names: [String] = []

  @Option(help: ArgumentHelp("A text file with one name a line.", valueName: "file"))
  var namesFrom: String?

  @OptionGroup var model: ModelOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The sentence; {} stands for the name.", valueName: "text"))
  var template = "a photo of a {}."

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many names are listed.", valueName: "k"))
  var top = 5

  @OptionGroup var session: SessionOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top must be at least 1, not \(top)") }
  }

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    let workbench = try session.workbench(console)
    let names = try allNames()
    workbench.session.define("picture", Value(picture))
    workbench.session.define("names", Value(names.map { Value($0) }))
    workbench.session.define("source", Value(model.clip))
    workbench.session.define("sentence", Value(template))
    let evaluation = workbench.evaluate(
      "classify(picture, names, clip: load_clip(source), template: sentence, top: \(top))",
      name: "classify", refusal: Refusal.ofFiles)
    if let text = workbench.display(evaluation.shown) { console.print(text + "\n") }
    return evaluation.status
  }

  private func allNames() throws(Refusal) -> [String] {
    var names = names
    if let namesFrom {
      names += try ScriptFile.text(namesFrom).split(whereSeparator: \.isNewline).map(String.init)
    }
    if names.isEmpty {
      throw Refusal("there are no names", help: "`duet classify cat.jpg cat dog`")
    }
    return names
  }
}
