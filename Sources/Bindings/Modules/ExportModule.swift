internal import Language
internal import Store

/// Results and tables for readers without HDF5.
extension Engine {
  func exportNatives() -> [Native] {
    [
      Native(
        "export(value, path: String, overwrite: Bool = false)",
        """
        Writes a table or a result as a text, in the form that the ending of the path tells: `.md`, \
        `.tex` or `.csv`.

        Of a result, Markdown and LaTeX get its table, and CSV one row for each cell with every seed's \
        numbers, counts and origin. A file that is there is kept unless `overwrite` says otherwise.
        """,
        example: "export(table({n: [1]}), temporary() + \"/n.md\")\nnil"
      ) { [self] arguments in
        try export(arguments)
        return .nil
      }
    ]
  }

  private func export(_ arguments: borrowing Arguments) throws {
    let path = try arguments.string(1)
    try Self.check(path, arguments, 1)
    guard let format = ExportFormat(path: path) else {
      let help = "`.md`, `.tex` and `.csv` are known; `save` writes HDF5"
      throw arguments.fault(1, "has an ending that tells no form of text", help: help)
    }
    guard let text = try format.text(of: arguments[0]) else {
      throw arguments.fault(0, "is neither a table nor a result", code: .type)
    }
    guard writesFiles else { return }
    try Self.makeFolder(of: path)
    try PlainFile.write(text, to: path, replacing: arguments.bool(2))
  }
}
