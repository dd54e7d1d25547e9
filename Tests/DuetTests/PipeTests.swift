import TestSupport
import Testing

@Suite struct PipeTests {
  @Test func `entries of a pipe are run as they come, without prompts or escape sequences`() throws
  {
    let input =
      "1 + 1\nfn double(x) {\n  2 * x\n}\ndouble(21)\n_ + 1\n_3\n\"wörld 漢字\";\n?double\n:vars\n"
    let run = try Program.run([], input: input, environment: ["TERM": "xterm-256color"])
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(
      run.output == """
        2
        42
        43
        42
        fn double(x)

        defined at In [2]:1
        fn      double  fn double(x)

        """)
  }

  @Test func `help without a name lists what the prompt can do`() throws {
    let commands = try Program.run([], input: ":help\n").output
    #expect(try Program.run([], input: "help\n").output == commands)
    #expect(try Program.run([], input: "help()\n").output == commands)
    #expect(try Program.run([], input: "help(len)\n").output.hasPrefix("fn len(x) -> Int\n"))
    #expect(try Program.run([], input: "let help = 3\nhelp\n").output == "3\n")
  }

  @Test(arguments: [
    ("", Int32(0)), (":quit\n1 +", 0), ("nix\n1", 65), ("1 + \"a\"\n2", 70), ("1 +", 65),
    (":frob", 64),
    ("?nix", 64), (":time", 64),
  ])
  func `the exit code is that of the worst entry`(_ input: String, _ status: Int32) throws {
    #expect(try Program.run([], input: input).status == status)
  }

  @Test func `a command of the prompt does something or says why not`() throws {
    let folder = try TemporaryFolder()
    let input = """
      let x = 2
      nix
      :time x * 3
      :save made.duet
      :save made.duet
      :reset
      :vars
      :load made.duet
      x
      :replay
      :apropos cosine
      :mem
      :bench x
      :cd /nowhere
      :params
      :load
      :frob
      """
    let run = try Program.run([], input: input, in: folder.path)
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines[0] == "6")
    #expect(lines[1].hasPrefix("took "))
    #expect(
      lines[2...7] == [
        "2 entries in made.duet", "nothing is bound yet", "2", "6", "2", "replayed 2 entries",
      ])
    #expect(lines.contains { $0.hasPrefix("cosine ") })
    #expect(lines.contains { $0.hasPrefix("duet holds ") })
    #expect(lines.contains { $0.hasPrefix("median ") })
    #expect(lines.last == "no module is bound yet")
    let errors = run.errors.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(
      errors == [
        "error: 'made.duet' exists", "error: there is no folder '/nowhere'",
        "error: ':load' needs a file", "error: there is no command ':frob'",
      ])
  }
}
