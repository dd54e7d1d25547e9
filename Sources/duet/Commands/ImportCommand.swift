internal import ArgumentParser
internal import Foundation
internal import Language

/// `duet import SOURCE -o FILE`: turns anybody's CLIP into a file of Duet's.
struct ImportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Turn a CLIP checkpoint into a file that loads at once.",
    discussion: """
      Reads files of OpenAI and open_clip (.pt, .bin, .safetensors) and folders of Hugging Face and \
      open_clip, and executes nothing of what they hold. The HDF5 file keeps the weights as float32, \
      the sizes, the activation, the vocabulary and the preprocessing, and is mapped when it is used. \
      What was read is told; the options say what a file of weights alone does not tell.
      """)

  @Argument(help: ArgumentHelp("The checkpoint: a file or a folder.", valueName: "source"))
  var source: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("The activation: quick_gelu or gelu.", valueName: "name"))
  var activation: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Heads of the image tower.", valueName: "n"))
  var visionHeads: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Heads of the text tower.", valueName: "n"))
  var textHeads: Int?

  @Option(
    help: ArgumentHelp(
      "How texts are cleaned: openai, as models are trained, or hf, as Hugging Face's library does.",
      valueName: "name"))
  var cleaning: String?

  @Flag(help: "Leave out tensors that the model does not need, instead of refusing them.")
  var allowSurplus = false

  @OptionGroup var session: SessionOptions

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    guard source == "mini" || FileManager.default.fileExists(atPath: source) else {
      throw Refusal("there is no file or folder '\(source)'")
    }
    let workbench = try session.workbench(console)
    let options: [(name: String, value: Value)] = [
      ("source", Value(source)), ("path", Value(output)),
      ("activation", activation.map { Value($0) } ?? .nil),
      ("vision_heads", visionHeads.map { .int($0) } ?? .nil),
      ("text_heads", textHeads.map { .int($0) } ?? .nil),
      ("cleaning", cleaning.map { Value($0) } ?? .nil), ("allow_surplus", .bool(allowSurplus)),
    ]
    for option in options { workbench.session.define(option.name, option.value) }
    let call = options.map { "\($0.name): \($0.name)" }.joined(separator: ", ")
    let evaluation = workbench.evaluate(
      "import_clip(\(call))", name: "import", refusal: Refusal.ofFiles)
    guard let facts = evaluation.value?.record else { return evaluation.status }
    let width = facts.keys.map(\.count).max() ?? 0
    for (name, value) in facts.entries {
      let title = name.replacing("_", with: " ")
      let gap = String(repeating: " ", count: width - title.count)
      console.print("\(title)\(gap)  \(value.string ?? value.int.map { "\($0)" } ?? "unknown")\n")
    }
    return evaluation.status
  }
}
