import Foundation
import Glibc
import TestSupport
import Testing

/// A training run that is killed and started again ends like one that was never killed.
struct ResumeTests {
  private static let script = """
    let clip = load_clip("mini")
    let data = dataset("fields", clip: clip)
    let few = data.train.few_shot(4, seed: 1)
    seed(1)
    let method = MaPLe(clip, data.classes)
    fit(method, few, settings(MaPLe, "base_to_new", clip, {epochs: 30}), resume: args[0])
    """

  private static func lastChange(of file: String) -> Date? {
    try? FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
  }

  @Test func `a run killed again and again ends with the same content`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.script, to: "train.duet")
    #expect(try Program.run(["run", "train.duet", "--", "whole.h5"], in: folder.path).status == 0)
    var kills = 0
    for _ in 0..<4 {
      let before = Self.lastChange(of: folder.file("cut.h5"))
      let process = Process()
      process.executableURL = URL(filePath: Program.path)
      process.arguments = ["run", "train.duet", "--", "cut.h5"]
      process.environment = Program.environment()
      process.currentDirectoryURL = URL(filePath: folder.path)
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // Not before this run has saved an epoch, so that each kill hits a training under way.
      while process.isRunning, Self.lastChange(of: folder.file("cut.h5")) == before { usleep(1000) }
      if process.isRunning {
        kill(process.processIdentifier, SIGKILL)
        kills += 1
      }
      process.waitUntilExit()
    }
    #expect(try Program.run(["run", "train.duet", "--", "cut.h5"], in: folder.path).status == 0)
    #expect(kills > 1)
    let difference = try Program.run(["diff", "whole.h5", "cut.h5"], in: folder.path)
    #expect(difference.status == 0, "\(difference.output)")
    let hashes = try ["whole.h5", "cut.h5"].map { file in
      try Program.run(["inspect", file], in: folder.path).output.firstMatch(
        of: /content hash (\w+)/)?.1
    }
    #expect(hashes[0] != nil && hashes[0] == hashes[1])
    // What a killed run was writing lies beside the file under another name, or was removed.
    #expect(try folder.names.filter { $0.hasSuffix(".h5") } == ["cut.h5", "whole.h5"])
  }
}
