import Foundation
import TestSupport
import Testing

@Suite struct InterruptionTests {
  @Test func `an interrupt ends an endless script with 130`() throws {
    let folder = try TemporaryFolder()
    try folder.write("while true {}", to: "endless.duet")
    let run = try Program.run(["run", "endless.duet"], in: folder.path, interruptAfter: 0.5)
    #expect(run.status == 130)
    #expect(run.errors.hasPrefix("error[interrupted]: interrupted\n"))
  }

  @Test func `an interrupt while files are written leaves none half-written`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "let x = zeros([300, 300])\nwhile true { save(\"x.h5\", x) }", to: "saving.duet")
    let run = try Program.run(["run", "saving.duet"], in: folder.path, interruptAfter: 0.8)
    #expect(run.status == 130)
    #expect(try folder.names == ["saving.duet", "x.h5"])
    #expect(try Program.run(["inspect", "x.h5"], in: folder.path).status == 0)
  }

  @Test func `an interrupt ends a pipe's entries with 130`() throws {
    let run = try Program.run([], input: "1 + 1\nwhile true {}\n3\n", interruptAfter: 0.5)
    #expect(run.status == 130)
    #expect(run.output == "2\n")
  }
}
