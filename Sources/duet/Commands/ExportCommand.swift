internal import ArgumentParser
internal import Bindings

/// `duet export FILE --csv|--markdown|--latex|--safetensors`: a file's content for other programs.
struct ExportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Give results, tables or tensors of a file to other programs.",
    discussion: """
      Of a result, --csv gives one row for each cell with every seed's numbers, counts and origin; \
      --markdown and --latex give its table. Tables that a script saved are taken from --at, which is \
      /value if it is not given. --safetensors writes the tensors of a checkpoint, of CLIP weights, or \
      all that a script saved. Texts go to the standard output unless -o names a file; a file that is \
      there is kept unless --overwrite is given.
      """)

  /// The forms, one of which must be chosen.
  enum Form: String, EnumerableFlag {
    case csv
    case markdown
    case latex
    case safetensors

    var text: ExportFormat? {
      switch self {
      case .csv: .commaSeparated
      case .markdown: .markdown
      case .latex: .latex
      case .safetensors: nil
      }
    }
  }

  @Argument(help: ArgumentHelp("The file.", valueName: "file"))
  var file: String

  @Flag(help: "The form.")
  var form: Form

  @Option(help: ArgumentHelp("The place of a table in the file.", valueName: "path"))
  var at: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String?

  @Flag(help: "Replace the output if it is there.")
  var overwrite = false

  func validate() throws {
    if form == .safetensors, output == nil {
      throw ValidationError("--safetensors is no text: give a file with -o")
    }
    if form == .safetensors, at != nil {
      throw ValidationError("--at does not go with --safetensors, which takes all tensors")
    }
    if overwrite, output == nil { throw ValidationError("--overwrite needs a file: give -o") }
  }

  func execute(_ console: Console) throws(Refusal) -> ExitStatus {
    do throws(FileFailure) {
      guard let format = form.text else {
        let line = try ResultFiles.safetensors(
          of: file, into: output ?? "", replacing: overwrite)
        console.print(line + "\n")
        return .done
      }
      let text = try ResultFiles.text(of: file, at: at, format)
      if let output {
        try ResultFiles.write(text, to: output, replacing: overwrite)
      } else {
        console.print(text)
      }
      return .done
    } catch {
      throw Refusal(error)
    }
  }
}
