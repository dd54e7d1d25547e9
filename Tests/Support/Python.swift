internal import Foundation
internal import Synchronization

/// A Python that reads and writes our files with the libraries of others.
///
/// It is the interpreter named by `DUET_PYTHON`, else `.venv/bin/python` at the root of the package.
package enum Python {
  /// Why a test that needs Python is skipped.
  package static func absence(of modules: String) -> String {
    "no Python with \(modules): set DUET_PYTHON to one, or make .venv"
  }

  private static let interpreter: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path =
      ProcessInfo.processInfo.environment["DUET_PYTHON"]
      ?? root.appending(path: ".venv/bin/python").path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  private static let known = Mutex<[String: Bool]>([:])

  /// Whether there is an interpreter that finds these modules.
  package static func has(_ modules: String...) -> Bool {
    known.withLock { known in
      modules.allSatisfy { module in
        let isThere = known[module] ?? finds(module)
        known[module] = isThere
        return isThere
      }
    }
  }

  private static func finds(_ module: String) -> Bool {
    let script = """
      import sys
      from importlib.util import find_spec
      sys.exit(0 if find_spec(sys.argv[1]) else 1)
      """
    return (try? run(script, module)) != nil
  }

  /// A script that ended with an error, and what it printed there.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Runs a script with arguments and returns what it printed.
  @discardableResult
  package static func run(_ script: String, _ arguments: String...) throws -> String {
    guard let interpreter else { throw Failure(description: "there is no Python") }
    let process = Process()
    process.executableURL = URL(filePath: interpreter)
    process.arguments = ["-c", script] + arguments
    let output = FileManager.default.temporaryDirectory.appending(
      path: "duet-python-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: output.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: output) }
    let file = try FileHandle(forWritingTo: output)
    process.standardOutput = file
    process.standardError = file
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
    guard process.terminationStatus == 0 else { throw Failure(description: text) }
    return text
  }
}
