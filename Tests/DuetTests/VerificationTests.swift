import Foundation
import TestSupport
import Testing

@Suite struct VerificationTests {
  @Test func `drawings of another program are the program's own`() throws {
    let run = try Program.run(["verify", "drawings.h5"])
    #expect(run.status == 0)
    #expect(
      run.output == """
        ok    drawings/seed1/shapes/split1  images: 0
        ok    drawings/seed2/pretraining  images: 0
        ok    drawings/seed2/textures/split2  images: 0
        3 passed, 0 failed, 0 skipped

        """)
  }

  @Test func `every contradiction is a case that fails and says why`() throws {
    let run = try Program.run(["verify", "contradictory.h5"])
    #expect(run.status == 1)
    #expect(Snapshot.difference(run.output, "contradictory.txt") == nil)
  }

  @Test func `a folder stands for its reference files, and others are skipped with a reason`()
    throws
  {
    let run = try Program.run(["verify", "."])
    #expect(run.status == 1)
    #expect(run.output.contains("skip  numbers  no reference file: it has no attribute 'format'\n"))
    #expect(
      run.output.contains(
        "skip  unknown_kind  the kind 'duet-later/9' is not known to this version\n"))
    #expect(run.output.contains("FAIL  cut_off  './cut_off.h5' is damaged: cut off"))
    #expect(run.output.hasSuffix("\n3 passed, 12 failed, 4 skipped\n"))
  }

  @Test func `a kind of a later version is skipped`() throws {
    let run = try Program.run(["verify", "unknown_kind.h5"])
    #expect(run.status == 0)
    #expect(run.output.hasSuffix("0 passed, 0 failed, 1 skipped\n"))
  }

  @Test(arguments: [
    ("nowhere.h5", Int32(64), "error: there is no file or folder 'nowhere.h5'\n"),
    ("numbers.h5", 70, "error: 'numbers.h5' is no reference file: it has no attribute 'format'\n"),
    ("hello.duet", 70, "error: 'hello.duet' is not an HDF5 file\n"),
  ])
  func `what is no reference file is an error before anything is compared`(
    _ path: String, _ status: Int32, _ error: String
  ) throws {
    let run = try Program.run(["verify", "drawings.h5", path])
    #expect(run.status == status)
    #expect(run.output == "")
    #expect(run.errors == error)
  }

  @Test func `changed bytes never end the program`() throws {
    let folder = try TemporaryFolder()
    let bytes = try Data(contentsOf: URL(filePath: Program.fixtures + "/drawings.h5"))
    var generator = SystemRandomNumberGenerator()
    for number in 0..<40 {
      var changed = bytes
      for _ in 0..<8 {
        changed[Int.random(in: 0..<changed.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      try changed.write(to: URL(filePath: folder.file("\(number).h5")))
    }
    let run = try Program.run(["verify", folder.path])
    #expect([0, 1].contains(run.status), "\(run.errors)")
    #expect(run.output.contains(" skipped\n"))
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, Comment(rawValue: ReferenceFiles.absence)))
  func `no reference file of this machine is missed`() throws {
    let folder = try #require(ReferenceFiles.shared).path
    let run = try Program.run(["verify", folder])
    #expect(run.status == 0)
    #expect(run.output.contains(" 0 failed"))
  }
}
