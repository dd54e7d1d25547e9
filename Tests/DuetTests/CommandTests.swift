import Foundation
import TestSupport
import Testing

/// A command line, and what comes of it.
struct CommandCase: CustomTestStringConvertible, Sendable {
  let arguments: [String]
  let status: Int32
  /// All that is printed, or its beginning before "…".
  var output = ""
  /// The first line of the errors, or its beginning before "…".
  var error = ""

  var testDescription: String { (["duet"] + arguments).joined(separator: " ") }
}

/// Whether a text is what is expected, or begins so when that ends in "…".
private func fits(_ text: String, _ expected: String) -> Bool {
  expected.hasSuffix("…") ? text.hasPrefix(expected.dropLast()) : text == expected
}

@Suite struct CommandTests {
  static let cases: [CommandCase] = [
    // Code
    .init(arguments: ["-e", "6 * 7"], status: 0, output: "42\n"),
    .init(arguments: ["-e", "6 * 7;"], status: 0),
    .init(arguments: ["-e", "args", "--", "a", "-b"], status: 0, output: "[\"a\", \"-b\"]\n"),
    .init(arguments: ["-e", "1 +"], status: 65, error: "error[syntax]: …"),
    .init(arguments: ["-e", "nix"], status: 65, error: "error[name]: 'nix' is not bound"),
    .init(arguments: ["-e", "[1][4]"], status: 70, error: "error[index]: …"),
    .init(arguments: ["-e"], status: 64, error: "error: missing value for '-e <code>'"),
    // Scripts
    .init(arguments: ["run", "hello.duet"], status: 0, output: "hello []\n"),
    .init(arguments: ["run", "hello.duet", "--", "x"], status: 0, output: "hello [\"x\"]\n"),
    .init(
      arguments: ["run", "hello.duet", "x"], status: 64, error: "error: unexpected argument 'x'"),
    .init(arguments: ["run", "unfinished.duet"], status: 65, error: "error[syntax]: …"),
    .init(
      arguments: ["run", "failing.duet"], status: 70, output: "before\n", error: "error[index]: …"),
    .init(
      arguments: ["run", "nowhere.duet"], status: 64,
      error: "error: there is no file 'nowhere.duet'"),
    .init(arguments: ["run", "."], status: 64, error: "error: '.' is a folder, not a script"),
    .init(
      arguments: ["run", "numbers.h5"], status: 65, error: "error: 'numbers.h5' is not UTF-8 text"),
    .init(arguments: ["run"], status: 64, error: "error: missing expected argument '<file>'"),
    .init(
      arguments: ["check", "hello.duet"], status: 0,
      output: "hello.duet: nothing to complain about\n"),
    .init(
      arguments: ["check", "unfinished.duet"], status: 1, output: "unfinished.duet: 1 error\n",
      error: "error[syntax]: …"),
    .init(
      arguments: ["check", "nowhere.duet"], status: 64,
      error: "error: there is no file 'nowhere.duet'"),
    .init(arguments: ["run", "-"], status: 0),
    // Checkpoints
    .init(
      arguments: ["import", "nowhere.pt", "-o", "new.h5"], status: 64,
      error: "error: there is no file or folder 'nowhere.pt'"),
    .init(
      arguments: ["import", "hello.duet", "-o", "new.h5"], status: 70,
      error: "error: 'hello.duet' is text, and neither safetensors nor an archive of torch"),
    .init(
      arguments: ["import", "mini", "-o", "."], status: 70, error: "error: 'path' names a folder"),
    .init(
      arguments: ["import", "mini"], status: 64,
      error: "error: missing expected argument '--output <file>'"),
    // Files
    .init(
      arguments: ["inspect", "numbers.h5"], status: 0, output: "numbers.h5: HDF5 file, 6.0 KiB\n…"),
    .init(
      arguments: ["inspect", "../../StoreTests/Fixtures/torch/parameter.pt"], status: 0,
      output: """
        parameter.pt: torch, 2 tensors, 1.9 KiB
        w  float32 [2, 2]  16 B
        b  float32 [2]     8 B

        """),
    .init(
      arguments: ["inspect", "nowhere.h5"], status: 64,
      error: "error: there is no file 'nowhere.h5'"),
    .init(
      arguments: ["inspect", "hello.duet"], status: 70,
      error: "error: 'hello.duet' is not an HDF5 file"),
    .init(
      arguments: ["inspect", "."], status: 70,
      error: "error: '.' is a folder or a device, not a file"),
    .init(
      arguments: ["inspect", "cut_off.h5"], status: 70, error: "error: 'cut_off.h5' is damaged: …"),
    .init(arguments: ["diff", "numbers.h5", "numbers.h5"], status: 0, output: "equal\n"),
    .init(
      arguments: ["diff", "numbers.h5", "other_numbers.h5"], status: 1,
      output: "/x: 1 of 2 numbers differ, by at most 0.5\n/y: only in the second, int64\n"),
    .init(
      arguments: ["diff", "numbers.h5", "other_numbers.h5", "--relative", "0.25"], status: 1,
      output: "/y: only in the second, int64\n"),
    .init(
      arguments: ["diff", "numbers.h5", "nowhere.h5"], status: 64,
      error: "error: there is no file 'nowhere.h5'"),
    .init(
      arguments: ["diff", "numbers.h5", "hello.duet"], status: 70,
      error: "error: 'hello.duet' is not an HDF5 file"),
    .init(
      arguments: ["diff", "numbers.h5"], status: 64, error: "error: missing expected argument '<b>'"
    ),
    .init(
      arguments: ["diff", "numbers.h5", "numbers.h5", "--absolute=nan"], status: 64,
      error: "error: --absolute must be a number from 0 on, not nan"),
    // The command line
    .init(arguments: ["frob"], status: 64, error: "error: there is no command 'frob'"),
    .init(arguments: ["hello.duet"], status: 64, error: "error: there is no command 'hello.duet'"),
    .init(arguments: ["--frob"], status: 64, error: "error: …"),
    .init(
      arguments: ["run", "--glorp", "hello.duet"], status: 64,
      error: "error: unknown option '--glorp'"),
    .init(
      arguments: ["run", "--jobs", "0", "hello.duet"], status: 64,
      error: "error: --jobs must be from 1 to 64, not 0"),
    .init(
      arguments: ["run", "--worker", "hello.duet"], status: 64,
      error: "error: '--worker' is for processes that `duet run --jobs` starts"),
    .init(
      arguments: ["--threads", "0"], status: 64,
      error: "error: --threads must be from 1 to 256, not 0"),
    .init(
      arguments: ["bench", "juggling"], status: 64,
      error: "error: there is no work \"juggling\", only …"
    ),
    .init(
      arguments: ["bench", "coop", "--batch", "-1"], status: 64,
      error: "error: --batch must be from 1 to 100000, not -1"),
    .init(
      arguments: ["--threads", "-1", "-e", "1"], status: 64,
      error: "error: --threads must be from 1 to 256, not -1"),
    .init(
      arguments: ["diff", "numbers.h5", "numbers.h5", "--absolute", "-1"], status: 64,
      error: "error: --absolute must be a number from 0 on, not -1.0"),
    .init(arguments: ["--help"], status: 0, output: "OVERVIEW: …"),
    .init(arguments: ["help", "verify"], status: 0, output: "OVERVIEW: …"),
    .init(
      arguments: ["--stdlib", "/nowhere", "-e", "1"], status: 64,
      error: "error: the standard library was not found: there is no prelude.duet in /nowhere"),
  ]

  @Test(arguments: cases)
  func `a command line has its exit code and says why`(_ command: CommandCase) throws {
    let run = try Program.run(command.arguments)
    #expect(run.status == command.status)
    #expect(fits(run.output, command.output), "\(run.output)")
    let lines = run.errors.split(separator: "\n").map(String.init)
    #expect(fits(lines.first ?? "", command.error), "\(run.errors)")
    // What is wrong with a command line takes one line, and perhaps one of advice.
    if command.status == 64 {
      #expect(lines.count <= 2 && lines.dropFirst().allSatisfy { $0.hasPrefix(" = help: ") })
    }
    #expect(!(run.output + run.errors).contains("\u{1B}"))
  }

  @Test func `the version names what is in use, also without a library`() throws {
    let run = try Program.run(
      ["--version", "--threads", "1", "--stdlib", "/nowhere"],
      environment: ["OPENBLAS_CORETYPE": "Nehalem"])
    #expect(run.status == 0)
    let facts = run.output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
    #expect(
      facts.map(\.first) == ["duet", "openblas", "core", "threads", "hdf5", "libedit", "stdlib"])
    #expect(run.output.contains("core      Nehalem, by your OPENBLAS_CORETYPE=Nehalem\n"))
    #expect(run.output.contains("threads   1\n"))
    #expect(run.output.contains("stdlib    not found in /nowhere\n"))
  }

  @Test func `output that nobody reads ends the program without a word`() throws {
    let folder = try TemporaryFolder()
    try folder.write("for i in 0..<10_000_000 { print(i) }", to: "many.duet")
    let run = try Program.shell("$DUET run many.duet | head -n 1", in: folder.path)
    #expect(run.output == "0\n")
    #expect(run.errors == "")
  }

  @Test func `output that cannot be written is a failure`() throws {
    let run = try Program.shell("$DUET run hello.duet > /dev/full", in: Program.fixtures)
    #expect(run.status == 70)
    #expect(run.errors == "error: the output cannot be written: no space left on device\n")
  }

  @Test func `a script may come from the standard input`() throws {
    let run = try Program.run(["run", "-", "--", "x"], input: "print(args)\n[1][4]\n")
    #expect(run.status == 70)
    #expect(run.output == "[\"x\"]\n")
    #expect(run.errors.contains("--> stdin:2:1"))
  }

  @Test func `a file that may not grow is an error and leaves nothing behind`() throws {
    let folder = try TemporaryFolder()
    let run = try Program.shell(
      "ulimit -f 1; $DUET -e 'save(\"a.h5\", zeros([1000, 1000]))'", in: folder.path)
    #expect(run.status == 70)
    #expect(run.errors.hasPrefix("error[file]: 'a.h5': write failed: "))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func `closed standard streams are empty and take no other file in`() throws {
    let line = "$DUET <&-; echo $?; $DUET -e 6*7 <&-; $DUET -e 1 >&-; echo $?; $DUET -e 1 2>&-"
    let run = try Program.shell(line, in: Program.fixtures)
    #expect(run.output == "0\n42\n70\n1\n")
    #expect(run.errors == "error: the output cannot be written: bad file descriptor\n")
  }

  @Test func `progress that nobody reads does not stop a script`() throws {
    let folder = try TemporaryFolder()
    let script = """
      for i in 0..<1000 { progress_bar("task \\(i)", 2).advance() }
      print("done")
      """
    try folder.write(script, to: "long.duet")
    let run = try Program.shell(
      "$DUET run long.duet 2>&1 >out.txt | true; cat out.txt", in: folder.path)
    #expect(run.output == "done\n")
  }

  @Test func `memory that the system refuses is told from the program's own limit`() throws {
    let run = try Program.shell(
      "ulimit -v 3000000; $DUET -e 'ones([30000, 30000]).shape'", in: Program.fixtures)
    #expect(run.status == 70)
    #expect(!run.errors.contains("3600 MB may be used"))
    #expect(run.errors.hasPrefix("error[memory]: "))
  }

  @Test func `a file of Duet is listed with its hash, and a changed one is refused`() throws {
    let folder = try TemporaryFolder()
    _ = try Program.run(["-e", "save(\"a.h5\", [1.5, 2.5])"], in: folder.path)
    let listing = try Program.run(["inspect", "a.h5"], in: folder.path)
    #expect(listing.status == 0)
    #expect(listing.output.contains(": matches\n"))
    #expect(listing.output.contains("float64 [2]"))
    var bytes = try Data(contentsOf: URL(filePath: folder.file("a.h5")))
    // 1.5 as it is stored, which becomes 1.0.
    let place = try #require(bytes.range(of: Data([0, 0, 0, 0, 0, 0, 0xF8, 0x3F])))
    bytes[place.upperBound - 2] = 0xF0
    try bytes.write(to: URL(filePath: folder.file("b.h5")))
    #expect(try Program.run(["inspect", "b.h5"], in: folder.path).status == 70)
    #expect(try Program.run(["inspect", "--no-verify", "b.h5"], in: folder.path).status == 0)
    #expect(try Program.run(["diff", "a.h5", "b.h5"], in: folder.path).status == 70)
  }

  @Test func `an account that may not reserve OpenBLAS's buffers is told so at once`() throws {
    let folder = try TemporaryFolder()
    let run = try Program.shell(
      "ulimit -v 400000; $DUET --threads 2 -e '(zeros([64, 64]) @ zeros([64, 64])).shape'",
      in: folder.path)
    #expect(run.status == 70 && run.errors.contains("this needs 268 MB of memory"), "\(run)")
  }
}
