import Foundation
import TestSupport
import Testing

/// `duet verify` on files of the format duet-parity/1: methods as another program computed them.
@Suite struct ReplayTests {
  private static let folder =
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Replays").path

  /// Verifies files with the small library of these tests.
  private func verify(_ path: String, interruptAfter: Double? = nil) throws -> Program.Run {
    try Program.run(
      ["verify", "--stdlib", "library", path], in: Self.folder, interruptAfter: interruptAfter)
  }

  @Test func `every wrong file is a case that fails and says why in one line`() throws {
    let run = try verify("wrong")
    #expect(run.status == 1)
    #expect(run.errors == "")
    #expect(Snapshot.difference(run.output, "replays.txt") == nil)
  }

  @Test func `a file without a model, and with none beside it, fails`() throws {
    let run = try verify("alone/no_model.h5")
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("FAIL  no_model  clip: there is no such group, and no clip.h5"))
  }

  @Test func `a model alone is nothing to compare`() throws {
    let run = try verify("wrong/clip.h5")
    #expect(run.status == 70)
    #expect(run.errors.hasPrefix("error: there is nothing to compare in "))
  }

  @Test func `more memory than there is fails the case`() throws {
    let run = try verify("slow/huge_options.h5")
    #expect(run.status == 1)
    #expect(run.output.hasPrefix("FAIL  huge_options  this needs 32000001 MB of memory"))
  }

  @Test func `an interrupt ends a case without end with 130`() throws {
    let run = try verify("slow/without_end.h5", interruptAfter: 0.7)
    #expect(run.status == 130)
    #expect(run.output == "")
    #expect(run.errors == "error: interrupted\n")
  }

  @Test func `a library without replay is a reason to fail`() throws {
    let library = try TemporaryFolder()
    try library.write("", to: "prelude.duet")
    let path = Self.folder + "/wrong/numbers_that_differ.h5"
    let run = try Program.run(["verify", "--stdlib", library.path, path])
    #expect(run.status == 1)
    #expect(run.output.contains("the standard library has no 'parity'"))
  }

  // The methods of the library

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The folders of cases that this machine has: the one of the repository, and the files it is from.
  static let folders =
    [root.appending(path: "parity").path]
    + (ReferenceFiles.shared.map { [$0.path + "/text", $0.path + "/deep"] } ?? [])

  @Test(arguments: folders)
  func `the library's methods are those of the official code`(_ folder: String) throws {
    let run = try Program.run(["verify", folder])
    let lines = run.output.split(separator: "\n")
    let found = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    #expect(lines.count - 1 == found.count { $0.hasSuffix(".h5") && !$0.hasSuffix("clip.h5") })
    #expect(run.status == 0, "\(run.output)")
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("ok ") })
  }
}
