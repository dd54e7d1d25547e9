internal import Foundation

/// The program itself, run on one file in an empty folder: with little memory, and not for ever.
struct ChildProgram {
  /// What came of a run.
  struct Run {
    let status: Int32
    /// Whether a signal ended it.
    let crashed: Bool
    let isTimedOut: Bool
    let errors: String
    /// The most memory that it held, in bytes, if it was more than any run before; else 0.
    let memory: Int
    /// What it has left in its folder.
    let written: [String]
  }

  let path: String
  let library: String?

  /// The resident memory that a run may take, in bytes.
  static let memory = 512 << 20
  /// The address space that it gets: what a plain start reserves comes on top.
  private static let addressSpace = memory + 768 << 20
  private static let seconds = 60.0

  /// The most memory that any child of this process has held, in bytes.
  private static var mostMemory: Int {
    var usage = rusage()
    return unsafe getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage) == 0
      ? usage.ru_maxrss << 10 : 0
  }

  /// Runs a command line in an empty folder two levels deep, so that what climbs out is seen, too.
  func run(_ arguments: [String]) throws -> Run {
    let files = FileManager.default
    let box = files.temporaryDirectory.appendingPathComponent("duet-\(UUID().uuidString)")
    let inner = box.appendingPathComponent("empty/inner")
    try files.createDirectory(at: inner, withIntermediateDirectories: true)
    defer { try? files.removeItem(at: box) }
    let errors = box.appendingPathComponent("errors")
    _ = files.createFile(atPath: errors.path, contents: nil)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let limits = "ulimit -v \(Self.addressSpace >> 10); ulimit -c 0; exec \"$0\" \"$@\""
    let options = library.map { ["--stdlib", $0] } ?? []
    process.arguments = ["-c", limits, path] + arguments + options
    process.currentDirectoryURL = inner
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    let before = Self.mostMemory
    try process.run()
    let end = Date().addingTimeInterval(Self.seconds)
    while process.isRunning, Date() < end { usleep(2_000) }
    let isTimedOut = process.isRunning
    if isTimedOut { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    let text = String(decoding: files.contents(atPath: errors.path) ?? Data(), as: UTF8.self)
    let left = files.enumerator(atPath: box.path)?.compactMap { $0 as? String } ?? []
    return Run(
      status: process.terminationStatus, crashed: process.terminationReason == .uncaughtSignal,
      isTimedOut: isTimedOut, errors: text,
      memory: Self.mostMemory > before ? Self.mostMemory : 0,
      written: left.filter { !["empty", "empty/inner", "errors"].contains($0) })
  }
}
