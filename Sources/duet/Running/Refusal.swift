internal import Bindings
internal import Foundation

/// Why the program does not even begin: the command line is wrong, or names what does not exist.
struct Refusal: Error {
  /// One line, lower-case start, no full stop.
  let message: String
  /// What to do about it.
  let help: String?
  let status: ExitStatus

  init(_ message: String, help: String? = nil, status: ExitStatus = .usage) {
    self.message = message
    self.help = help
    self.status = status
  }

  /// The lines to show.
  var text: String {
    "error: \(message)" + (help.map { "\n = help: \($0)" } ?? "")
  }
}

/// Texts of scripts named on the command line or at the prompt.
enum ScriptFile {
  private static let limit = 64 << 20

  /// The text of a script.
  static func text(_ path: String) throws(Refusal) -> String {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Refusal("there is no file '\(path)'", help: suggestion(path))
    }
    if isFolder.boolValue { throw Refusal("'\(path)' is a folder, not a script") }
    guard let file = FileHandle(forReadingAtPath: path),
      let data = try? file.read(upToCount: limit + 1) ?? Data()
    else { throw Refusal("'\(path)' cannot be read") }
    return try text(data, path)
  }

  /// The text of a script that comes from the standard input.
  static func textOfStandardInput() throws(Refusal) -> String {
    guard let data = try? FileHandle.standardInput.read(upToCount: limit + 1) ?? Data() else {
      throw Refusal("the standard input cannot be read")
    }
    return try text(data, standardInput)
  }

  /// What the standard input is called where a file's name stands.
  static let standardInput = "stdin"

  private static func text(_ data: Data, _ name: String) throws(Refusal) -> String {
    if data.count > limit {
      throw Refusal("'\(name)' is larger than \(limit >> 20) MB, too large for a script")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw Refusal("'\(name)' is not UTF-8 text", status: .compile)
    }
    return text
  }

  /// The file that was perhaps meant: the same name with its ending.
  private static func suggestion(_ path: String) -> String? {
    let other = path + ".duet"
    return FileManager.default.fileExists(atPath: other) ? "did you mean `\(other)`?" : nil
  }
}

extension Refusal {
  /// A file that is missing, or not what it should be.
  init(_ failure: FileFailure) {
    self.init(failure.message, help: failure.help, status: failure.isMissing ? .usage : .failure)
  }
}
