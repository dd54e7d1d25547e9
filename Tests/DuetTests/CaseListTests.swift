import Foundation
import TestSupport
import Testing

/// `duet verify` on lists of cases in JSON.
@Suite struct CaseListTests {
  private func verify(_ lists: [String: String], more: [String: String] = [:]) throws
    -> Program.Run
  {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("cases"), withIntermediateDirectories: true)
    for (name, text) in lists.merging(more, uniquingKeysWith: { $1 }) {
      try folder.write(text, to: "cases/\(name)")
    }
    return try Program.run(["verify", "cases"], in: folder.path)
  }

  @Test func `a manifest holds for the bytes of its files`() throws {
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let list = #"{"files": [{"path": "abc.txt", "bytes": 3, "sha256": "\#(digest)"}]}"#
    let same = try verify(["manifest.json": list], more: ["abc.txt": "abc"])
    #expect(same.status == 0 && same.output.hasPrefix("ok    manifest  files: 1 of 1 the same\n"))
    let other = try verify(["manifest.json": list], more: ["abc.txt": "abd"])
    #expect(other.output.hasPrefix("FAIL  manifest  abc.txt: other bytes than the manifest's\n"))
    let missing = try verify(["manifest.json": list])
    #expect(missing.output.hasPrefix("FAIL  manifest  abc.txt: there is no such file\n"))
    let outside = list.replacing("abc.txt", with: "../abc.txt")
    #expect(try verify(["manifest.json": outside]).output.hasPrefix("FAIL  manifest  entry 0"))
  }

  @Test func `draws, rates and metrics of other programs are one line a group`() throws {
    let draws = """
      {"about": "", "raw": [{"seed": 1, "u32": [577090037, 2444712010], "below_n": [10], "below": [2]}],
       "sample": [{"seed": 1, "n": 5, "k": 9, "chosen": []}], "shuffle": [],
       "datasets": [{"name": "two", "layout": "contiguous", "train_counts": [[0, 3], [1, 3]],
                     "val_counts": null, "draws": [{"seed": 1, "shots": 9, "train": [0, 1, 2, 3, 4, 6]}]}],
       "dreams": []}
      """
    let run = try verify([
      "fewshot.json": draws,
      "lr.json": #"{"runs": [{"base_lr": 0.002, "epochs": 2, "lr": [1e-05, 0.0021]}]}"#,
      "metrics.json": """
      {"evaluator": [{"y_true": [0, 1], "y_pred": [0, 0], "correct": 1, "accuracy": 50.0}],
       "aggregation": [{"base": [[60.0]], "new": [[40.0]], "hm_of_averages": 48.1}]}
      """,
    ])
    #expect(run.status == 1)
    #expect(
      run.output == """
        ok    fewshot/raw  vectors: 1 of 1 equal
        FAIL  fewshot/sample  vector 0: it has no seed, n, or k up to n
        FAIL  fewshot/shuffle  it lists no vectors
        FAIL  fewshot/datasets/two  vector 0: train[5]: 5, not 6
        skip  fewshot/dreams  what it is about is not known to this version
        FAIL  lr/runs  vector 0: lr[1]: 0.002, not 0.0021
        FAIL  metrics/evaluator  vector 0: it has no whole numbers 'total'
        FAIL  metrics/aggregation  vector 0: hm_of_averages[0]: 48.0, not 48.1
        1 passed, 6 failed, 1 skipped

        """)
  }

  @Test func `damaged files are refused by a process of their own`() throws {
    let list = """
      {"cases": [
        {"file": "text.pt", "loader": "checkpoint", "expect": "error"},
        {"file": "text.png", "loader": "image", "expect": "error"},
        {"file": "nowhere.pt", "loader": "checkpoint", "expect": "error"},
        {"file": "text.pt", "loader": "telepathy", "expect": "error"}]}
      """
    let run = try verify(["cases.json": list], more: ["text.pt": "no", "text.png": "no"])
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 5 && run.status == 1, "\(run)")
    #expect(lines[0].hasPrefix("ok    text.pt  refused: "), "\(lines[0])")
    #expect(lines[1].hasPrefix("ok    text.png  refused: "), "\(lines[1])")
    #expect(lines[2] == "FAIL  nowhere.pt  there is no such file")
    #expect(lines[3].hasPrefix("skip  text.pt  the loader 'telepathy'"))
  }

  @Test func `what is found out while weights are read is one line, too`() throws {
    let folder = try TemporaryFolder()
    let plain = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../BindingsTests/Golden/checkpoints/plain.pt").standardizedFileURL
    var bytes = [UInt8](try Data(contentsOf: plain))
    let storage = try #require(bytes.firstRange(of: Array("/data/5".utf8)))
    // Behind the name stands what fills up to a multiple of 64 bytes.
    bytes[(storage.upperBound + 64) / 64 * 64] ^= 1
    try Data(bytes).write(to: URL(filePath: folder.file("plain.pt")))
    let run = try Program.run(
      ["import", "plain.pt", "--vision-heads", "2", "--text-heads", "2", "-o", "clip.h5"],
      in: folder.path)
    #expect(run.status == 70 && run.errors.hasSuffix("bytes whose checksum differs\n"), "\(run)")
    #expect(run.errors.split(separator: "\n").count == 1, "\(run)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("clip.h5")))
  }

  @Test func `what is accepted although it is damaged is a failure`() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      #"{"cases": [{"file": "mini.h5", "loader": "checkpoint", "expect": "error"}]}"#,
      to: "cases.json")
    let library = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../stdlib/models/mini.h5").standardizedFileURL.path
    try FileManager.default.copyItem(atPath: library, toPath: folder.file("mini.h5"))
    let run = try Program.run(["verify", "cases.json"], in: folder.path)
    #expect(run.output.hasPrefix("FAIL  mini.h5  it was accepted\n"), "\(run)")
  }

  @Test func `tokens are compared with those of a list, and decoded`() throws {
    let merges = "#version: 0.2\na b\nab c</w>\n"
    let cases = """
      {"vocabulary": {"file": "tiny.txt"}, "cases": [
        {"text": "abc", "ids": [514, 513, 515]}, {"text": "abc", "ids": [514, 1, 515]}],
       "packed": [
        {"text": "abc", "context_length": 5, "truncate": true, "padded": [514, 513, 515, 0, 0]},
        {"text": "abc", "context_length": 2, "truncate": false, "error": "too long"}]}
      """
    let decoding = #"[{"ids": [513], "text": "abc "}, {"ids": [513], "text": "abd "}]"#
    let run = try verify(
      ["tiny_vocab_cases.json": cases, "tiny_vocab_decode.json": decoding],
      more: ["tiny.txt": merges])
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "ok    tiny_vocab_cases/0  3 ids: equal",
        "FAIL  tiny_vocab_cases/1  \"abc\": other ids from place 1 on",
        "ok    tiny_vocab_cases/packed/0  5 ids: equal",
        "ok    tiny_vocab_cases/packed/1  refused: text too long: 3 tokens, limit 2, for 'abc'",
        "ok    tiny_vocab_decode/0  1 ids: equal",
        "FAIL  tiny_vocab_decode/1  \"abc \", not \"abd \"",
        "4 passed, 2 failed, 0 skipped",
      ], "\(run)")
  }

  @Test func `without the real vocabulary its cases are skipped, and the reason says what to do`()
    throws
  {
    let list = #"{"vocabulary": {"what": "real"}, "cases": [{"text": "a", "ids": [1]}]}"#
    let folder = try TemporaryFolder()
    try folder.write(list, to: "real_vocab_cases.json")
    let run = try Program.run(
      ["verify", "real_vocab_cases.json"], in: folder.path,
      environment: ["XDG_DATA_HOME": folder.path])
    #expect(run.status == 0 && run.output.contains("skip  real_vocab_cases/0"), "\(run)")
    #expect(run.output.contains("`make vocab`"))
  }

  @Test func `a list that is no JSON is a case that fails`() throws {
    let run = try verify(["cases.json": "{\"cases\": ["])
    #expect(run.status == 1 && run.output.hasPrefix("FAIL  "), "\(run)")
  }

  @Test func `numbers that no picture and no model has are cases that fail`() throws {
    let list = """
      {"cases": [{"datasets": {}}],
       "random_resized_crop_fallback": [{"width": 9223372036854775807, "height": 1,
         "left": 0, "top": 0, "crop_width": 1, "crop_height": 1}],
       "geometry": [{"width": 0, "height": 0, "n": 9223372036854775807}]}
      """
    let run = try verify(["cases.json": list])
    #expect(
      run.output.split(separator: "\n").map(String.init) == [
        "FAIL  random_resized_crop_fallback  'width' is 9223372036854775807",
        "FAIL  geometry  'width' is 0", "0 passed, 2 failed, 0 skipped",
      ], "\(run)")
    let row = """
      {"vocabulary": {"file": "tiny.txt"}, "cases": [],
       "packed": [{"text": "a", "context_length": 9223372036854775807}]}
      """
    let packed = try verify(
      ["tiny_vocab_cases.json": row], more: ["tiny.txt": "#version: 0.2\na b\n"])
    #expect(packed.output.hasPrefix("FAIL  tiny_vocab_cases/packed/0  it has no text"), "\(packed)")
  }
}
