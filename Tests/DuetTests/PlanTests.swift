import Foundation
import Glibc
import TestSupport
import Testing

/// A plan of cells ends with the same numbers however its cells are run, and loses none that is finished.
@Suite struct PlanTests {
  /// Two trained methods and one that is not, on one set; saved.
  private static let script = """
    let clip = load_clip("mini")
    let quick = fn(m, p, c, o = {}) => settings(m, p, c, o + {epochs: 4})
    print("once")
    let r = open_world(clip, "fields", methods: [ZeroShot, CoOp, PromptSRC], seeds: 1...2,
      shots: 2, settings: quick, store: if len(args) > 1 { args[1] } else { nil })
    save(args[0], r)
    """

  /// Six cells of a quarter of a second.
  private static let slow = """
    fn slow(cell) {
      let end = time() + 0.25
      while time() < end {}
      return {x: cell.seed}
    }
    let r = cells({seed: 1...6}, slow, store: "kept")
    print(r.mean("x"))
    save("slow.h5", r)
    """

  private static func start(_ arguments: [String], in folder: TemporaryFolder) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: Program.path)
    process.arguments = arguments
    process.environment = Program.environment()
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func kept(_ folder: TemporaryFolder, _ kind: String = "cells") -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.file("kept/\(kind)"))
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The processes that run cells in a folder.
  private static func workers(in folder: TemporaryFolder) -> [String] {
    let real = URL(filePath: folder.path).resolvingSymlinksInPath().path
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { name in
      guard Int(name) != nil,
        let words = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
        String(decoding: words, as: UTF8.self).contains("--worker")
      else { return false }
      let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd")
      return place == real
    }
  }

  private static func wait(_ seconds: Double = 10, until isSo: () -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if isSo() { return true }
      usleep(5_000)
    }
    return isSo()
  }

  @Test func `threads, jobs and a store do not change the content`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.script, to: "plan.duet")
    let runs = [
      ["--threads", "1", "--", "a.h5"], ["--threads", "2", "--", "b.h5", "kept"],
      ["--jobs", "3", "--", "c.h5"], ["--jobs", "2", "--", "d.h5", "other"],
      ["--jobs", "2", "--", "e.h5", "kept"],
    ]
    for arguments in runs {
      let run = try Program.run(["run", "plan.duet"] + arguments, in: folder.path)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.output == "once\n")
    }
    for file in ["b.h5", "c.h5", "d.h5", "e.h5"] {
      let difference = try Program.run(["diff", "a.h5", file], in: folder.path)
      #expect(difference.output == "equal\n", "\(file): \(difference.output)")
    }
    #expect(Self.kept(folder).count == 6)
    #expect(Self.kept(folder, "trained").count == 4)
    #expect(Self.workers(in: folder).isEmpty)
  }

  @Test func `a script from the standard input has jobs, too`() throws {
    let folder = try TemporaryFolder()
    let run = try Program.run(
      ["run", "-", "--jobs", "2"], input: Self.slow, in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output == "3.5\n")
    #expect(Self.kept(folder).count == 6)
  }

  @Test func `several plans of a text share their processes`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      let one = cells({a: 1...4}, fn(cell) => {x: cell.a})
      let two = cells({a: 1...4}, fn(cell) => {x: cell.a * one.mean("x")})
      print(two.mean("x"))
      """, to: "two.duet")
    let run = try Program.run(["run", "two.duet", "--jobs", "2"], in: folder.path)
    #expect(run.output == "6.25\n", "\(run.errors)")
    #expect(try folder.names == ["two.duet"])
  }

  @Test func `an interrupt stops the jobs, and the next run goes on`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.slow, to: "slow.duet")
    let process = try Self.start(["run", "slow.duet", "--jobs", "2"], in: folder)
    #expect(Self.wait { Self.kept(folder).count >= 2 })
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(Self.workers(in: folder).isEmpty)
    let kept = Self.kept(folder)
    #expect(kept.count < 6)
    let run = try Program.run(["run", "slow.duet"], in: folder.path)
    #expect(run.errors.contains("notice: \(kept.count) of 6 cells are in kept already"))
    #expect(run.output == "3.5\n")
    try folder.write(Self.slow.replacing("\"kept\"", with: "\"fresh\""), to: "slow.duet")
    #expect(Self.kept(folder).count == 6)
  }

  @Test func `jobs end with a killed run, and what is kept continues`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.slow, to: "slow.duet")
    let process = try Self.start(["run", "slow.duet", "--jobs", "2"], in: folder)
    #expect(Self.wait { Self.kept(folder).count >= 1 })
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(Self.wait(2) { Self.workers(in: folder).isEmpty })
    #expect(try Program.run(["run", "slow.duet"], in: folder.path).output == "3.5\n")
    #expect(Self.kept(folder).count == 6)
  }

  @Test func `a cell that fails in a job is told before others are begun`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      let r = cells({x: 1...6}, fn(cell) {
        assert cell.x != 1, "the first fails"
        let end = time() + 0.3
        while time() < end {}
        return {y: cell.x}
      }, store: "kept")
      """, to: "fails.duet")
    let run = try Program.run(["run", "fails.duet", "--jobs", "2"], in: folder.path)
    #expect(run.status == 70)
    #expect(run.errors.contains("the first fails"))
    #expect(run.errors.contains("in the cell x1"))
    #expect(Self.kept(folder).count < 3)
  }

  @Test func `a cell is run again when a file that it imports has changed, and not otherwise`()
    throws
  {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      import "helpers.duet" as helpers
      let other = int(args[0])
      print(cells({x: [1, 2]}, fn(cell) => {y: helpers.f(cell.x)}, store: "kept").mean("y"))
      """, to: "imports.duet")
    func run(_ number: String) throws -> String {
      try Program.run(["run", "imports.duet", "--", number], in: folder.path).output
    }
    try folder.write("fn f(x) => 10 * x\n", to: "helpers.duet")
    #expect(try run("1") == "15.0\n" && run("2") == "15.0\n")
    #expect(Self.kept(folder).count == 2)
    try folder.write("fn f(x) => g(x)\nfn g(x) => 20 * x\n", to: "helpers.duet")
    #expect(try run("1") == "30.0\n")
    try folder.write("fn f(x) => g(x)\nfn g(x) => 40 * x\n", to: "helpers.duet")
    #expect(try run("1") == "60.0\n")
    #expect(Self.kept(folder).count == 6)
  }

  @Test func `a cell that reads the script's arguments is run again with others`() throws {
    let folder = try TemporaryFolder()
    let script =
      "print(cells({x: [1]}, fn(cell) => {y: int(args[0])}, store: \"kept\").mean(\"y\"))"
    try folder.write(script, to: "reads.duet")
    for number in ["1", "2", "1"] {
      let run = try Program.run(["run", "reads.duet", "--", number], in: folder.path)
      #expect(run.output == "\(number).0\n")
    }
    #expect(Self.kept(folder).count == 2)
  }

  @Test func `jobs write nothing but their cells`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      let draw = dataset("fields").train.few_shot(1, seed: 1)
      let r = cells({x: 1...4}, fn(cell) {
        export(table({n: [cell.x]}), "table\\(cell.x).csv")
        draw.save_draw("draw\\(cell.x).json")
        save("value\\(cell.x).h5", cell.x)
        return {y: cell.x}
      })
      print(r.mean("y"))
      """.replacing("\\\\", with: "\\"), to: "writes.duet")
    let run = try Program.run(["run", "writes.duet", "--jobs", "2"], in: folder.path)
    #expect(run.output == "2.5\n", "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["writes.duet"])
  }

  @Test func `a killed job's cell is run all the same`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.slow, to: "slow.duet")
    let process = try Self.start(["run", "slow.duet", "--jobs", "2"], in: folder)
    #expect(Self.wait { Self.kept(folder).count >= 1 })
    if let worker = Self.workers(in: folder).first.flatMap({ Int32($0) }) { kill(worker, SIGKILL) }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(Self.kept(folder).count == 6)
  }

  @Test func `two runs over one store at a time end alike, and no cell is run twice`() throws {
    let folder = try TemporaryFolder()
    let noted = Self.slow.replacing(
      "  let end", with: "  save(\"ran/\\(cell.seed)-\\(time()).h5\", 1)\n  let end"
    )
    .replacing("\"slow.h5\"", with: "args[0]")
    try folder.write(noted, to: "slow.duet")
    let other = try Self.start(["run", "slow.duet", "--", "a.h5"], in: folder)
    let run = try Program.run(["run", "slow.duet", "--", "b.h5"], in: folder.path)
    other.waitUntilExit()
    #expect(run.output == "3.5\n", "\(run.errors)")
    #expect(other.terminationStatus == 0)
    #expect(try Program.run(["diff", "a.h5", "b.h5"], in: folder.path).output == "equal\n")
    let ran = try FileManager.default.contentsOfDirectory(atPath: folder.file("ran"))
    #expect(ran.filter { $0.hasSuffix(".h5") && !$0.hasPrefix(".") }.count == 6)
  }

  @Test(arguments: [[], ["--jobs", "3"]])
  func `an error names its cell, once`(options: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      fn run(cell) {
        if cell.seed == 2 { throw "broken" }
        return {x: 1}
      }
      cells({algorithm: ["a", "b"], seed: 1...4}, run, store: "kept")
      print("never")
      """, to: "failing.duet")
    let run = try Program.run(["run", "failing.duet"] + options, in: folder.path)
    #expect(run.status == 70)
    #expect(run.output.isEmpty)
    #expect(run.errors.components(separatedBy: "error[").count == 2)
    #expect(run.errors.contains("error[thrown]: broken\n  --> failing.duet:2:23"))
    #expect(run.errors.contains("= note: in the cell a seed2"))
    // The other processes have finished what they were at.
    #expect((1...(options.isEmpty ? 1 : 6)).contains(Self.kept(folder).count))
  }

  @Test func `a damaged cell and a foreign one are moved aside and run again`() throws {
    let folder = try TemporaryFolder()
    let script =
      "print(cells({seed: 1...3}, fn(cell) => {x: cell.seed}, store: \"kept\").mean(\"x\"))"
    try folder.write(script, to: "plan.duet")
    #expect(try Program.run(["run", "plan.duet"], in: folder.path).status == 0)
    let names = Self.kept(folder)
    let files = names.map { folder.file("kept/cells/\($0)") }
    let whole = try Data(contentsOf: URL(filePath: files[0]))
    let bytes = whole.prefix(whole.count / 2)
    try bytes.write(to: URL(filePath: files[0]))
    try FileManager.default.removeItem(atPath: files[1])
    try FileManager.default.copyItem(atPath: files[2], toPath: files[1])
    let run = try Program.run(["run", "plan.duet"], in: folder.path)
    #expect(run.output == "2.0\n")
    #expect(run.errors.contains("notice: it holds something else; the cell seed2 is run again"))
    #expect(run.errors.components(separatedBy: "notice: ").count == 4)
    #expect(Self.kept(folder) == (names + [names[0] + ".damaged", names[1] + ".damaged"]).sorted())
    #expect(try Data(contentsOf: URL(filePath: files[0] + ".damaged")) == bytes)
    #expect(
      try Program.run(["run", "plan.duet"], in: folder.path).errors.hasPrefix("notice: 3 of 3"))
  }

  @Test func `a full disk ends the run and leaves the finished cells`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      fn run(cell) {
        if cell.seed == 2 { return {x: 2, log: {noise: normal([300, 300], 1, seed: 1)}} }
        return {x: cell.seed}
      }
      print(cells({seed: 1...3}, run, store: "kept").mean("x"))
      """, to: "plan.duet")
    let full = try Program.shell("ulimit -f 400; $DUET run plan.duet", in: folder.path)
    #expect(full.status == 70)
    #expect(full.errors.contains("error[file]: 'kept/cells/seed2-"), "\(full.errors)")
    #expect(Self.kept(folder).count == 1)
    let run = try Program.run(["run", "plan.duet"], in: folder.path)
    #expect(run.output == "2.0\n")
    #expect(run.errors == "notice: 1 of 3 cells are in kept already\n")
  }

  @Test func `a store that cannot be made is told before a cell is run`() throws {
    let run = try Program.run(
      ["-e", "cells({seed: [1]}, fn(cell) => print(\"ran\"), store: \"/dev/null/x\")"])
    #expect(run.status == 70)
    #expect(run.output.isEmpty)
    #expect(
      run.errors.contains("nothing can be kept in the store '/dev/null/x': "), "\(run.errors)")
  }
}
