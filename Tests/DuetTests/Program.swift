import Foundation
import Glibc
import TestSupport

/// The built program, run as a process.
enum Program {
  /// What a run came to.
  struct Run {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The program beside the test bundle.
  static let path: String = {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(filePath: own ?? CommandLine.arguments[0]).deletingLastPathComponent()
    return folder.appending(path: "duet").path
  }()

  /// The environment of all runs: nothing of the one who tests.
  static func environment(_ more: [String: String] = [:]) -> [String: String] {
    let own = ProcessInfo.processInfo.environment
    let kept = own.filter { ["PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR"].contains($0.key) }
    return kept.merging(["DUET_HISTORY": "", "TERM": "xterm", "LANG": "C.UTF-8"]) { $1 }
      .merging(more) { $1 }
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - interruptAfter: Seconds after which it gets SIGINT.
  static func run(
    _ arguments: [String], input: String = "", in folder: String = fixtures,
    environment more: [String: String] = [:], interruptAfter: Double? = nil
  ) throws -> Run {
    try start(
      path, arguments, input: input, in: folder, environment(more), interruptAfter)
  }

  /// Runs a line of a shell, in which `$DUET` is the program.
  static func shell(_ line: String, in folder: String) throws -> Run {
    try start(
      "/bin/sh", ["-c", line], input: "", in: folder, environment(["DUET": path]), nil)
  }

  private static func start(
    _ path: String, _ arguments: [String], input: String, in folder: String,
    _ environment: [String: String], _ interruptAfter: Double?
  ) throws -> Run {
    let scratch = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(filePath: folder)
    try input.write(toFile: scratch.file("in"), atomically: false, encoding: .utf8)
    for name in ["out", "err"] {
      _ = FileManager.default.createFile(atPath: scratch.file(name), contents: nil)
    }
    process.standardInput = FileHandle(forReadingAtPath: scratch.file("in"))
    process.standardOutput = FileHandle(forWritingAtPath: scratch.file("out"))
    process.standardError = FileHandle(forWritingAtPath: scratch.file("err"))
    try process.run()
    if let interruptAfter {
      Thread.sleep(forTimeInterval: interruptAfter)
      process.interrupt()
    }
    process.waitUntilExit()
    let text = { (name: String) in
      String(
        decoding: FileManager.default.contents(atPath: scratch.file(name)) ?? Data(), as: UTF8.self)
    }
    return Run(status: process.terminationStatus, output: text("out"), errors: text("err"))
  }

  /// The folder of the files beside these tests.
  static let fixtures =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures").path
}
