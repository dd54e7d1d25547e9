import Foundation
import TestSupport
import Testing

@Suite struct EncodeTests {
  /// Ten pictures in two folders, and a file that is none.
  private func pictures(in folder: TemporaryFolder) throws {
    let script = """
      import os, struct, zlib
      os.makedirs("pictures/inner")
      def chunk(kind, data):
          body = kind + data
          return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
      for i in range(10):
          rows = b"".join(b"\\0" + bytes((i * 25 + x * y) % 256 for x in range(3 * 40)) for y in range(50))
          with open(f"pictures/{'inner/' if i % 3 == 0 else ''}{i}.png", "wb") as f:
              f.write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 50, 8, 2, 0, 0, 0))
                      + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
      """
    try folder.write(script, to: "draw.py")
    let run = try Program.shell(
      "python3 draw.py && echo text > pictures/notes.txt", in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
  }

  private func hash(_ file: String, in folder: TemporaryFolder) throws -> Substring? {
    try Program.run(["inspect", file], in: folder.path).output.split(separator: "\n")
      .first { $0.hasPrefix("content hash") }
  }

  @Test func `a folder is encoded once, and a stopped run ends with the same bytes`() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    let whole = try Program.run(["encode", "pictures", "-o", "whole.h5"], in: folder.path)
    #expect(whole.status == 0 && whole.output == "10 encoded, 0 reused, 0 failed\n")
    let again = try Program.run(["encode", "pictures", "-o", "whole.h5"], in: folder.path)
    #expect(again.output == "0 encoded, 10 reused, 0 failed\n")
    let part = try Program.shell(
      "mkdir part && cp pictures/1.png pictures/2.png part && $DUET encode part -o pieces.h5 && "
        + "$DUET encode pictures -o pieces.h5 --batch 3", in: folder.path)
    #expect(part.output.hasSuffix("8 encoded, 2 reused, 0 failed\n"), "\(part)")
    let features = try Program.run(
      [
        "-e",
        "let at = \"/features/pooled\"; all(eq(load(\"whole.h5\", at: at), load(\"pieces.h5\", at: at)))",
      ], in: folder.path)
    #expect(features.output == "true\n", "\(features.errors)")
  }

  @Test func `what cannot be read is named, and the rest is kept`() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    _ = try Program.shell("head -c 200 pictures/1.png > pictures/cut.png", in: folder.path)
    let run = try Program.run(["encode", "pictures", "-o", "f.h5"], in: folder.path)
    #expect(run.status == 70 && run.output == "10 encoded, 0 reused, 1 failed\n")
    #expect(run.errors.contains("error: cut.png: this PNG is damaged"), "\(run.errors)")
    #expect(run.errors.contains("notice: 1 other files are no PNG, JPEG or WebP"), "\(run.errors)")
  }

  @Test func `features of others, and files of others, are not touched`() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    try folder.write("mine", to: "mine.h5")
    let other = try Program.run(["encode", "pictures", "-o", "mine.h5"], in: folder.path)
    #expect(other.status == 70 && other.errors.hasPrefix("error: "), "\(other)")
    #expect(try String(contentsOfFile: folder.file("mine.h5"), encoding: .utf8) == "mine")
    let weights = try Program.shell(
      """
      $DUET encode pictures -o f.h5 && $DUET -e 'let c = load_clip("mini"); \
      assign(c, "logit_scale", tensor(1.0)); save("other.h5", c)' && \
      $DUET encode pictures -o f.h5 --clip other.h5
      """, in: folder.path)
    #expect(weights.status == 70, "\(weights)")
    #expect(weights.errors.contains("'f.h5' holds features of other weights"), "\(weights.errors)")
  }

  @Test func `a script looks features up that the shell has computed`() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    try folder.write(
      """
      let clip = load_clip("mini")
      let plain = clip.encode_image(image("pictures/2.png", clip))
      let other = load_clip("mini")
      print(other.remember("f.h5"))
      print(all(eq(other.encode_image(image("pictures/2.png", other)), plain)))
      """, to: "s.duet")
    let run = try Program.shell(
      "$DUET encode pictures -o f.h5 && $DUET run s.duet", in: folder.path)
    #expect(run.output.hasSuffix("\n10\ntrue\n"), "\(run)")
  }

  @Test func `a part of a picture is cropped and flipped as asked`() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    try folder.write(
      """
      let clip = load_clip("mini")
      let file = "pictures/1.png"
      let part = image(file, clip, crop: [3, 5, 32, 32])
      let mirrored = image(file, clip, crop: [3, 5, 32, 32], flip: true)
      print(part.shape, all(eq(mirrored[..., 0], part[..., 31])), any(eq(part[..., 0], part[..., 31])))
      try { image(file, clip, crop: [40, 0, 20, 20]) } catch e { print(e.message) }
      try { image(file, clip, crop: [0, 0]) } catch e { print(e.message) }
      """, to: "crop.duet")
    let run = try Program.run(["run", "crop.duet"], in: folder.path)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "[1, 3, 32, 32] true false", "\(run)")
    #expect(lines[1].hasPrefix("pictures/1.png: "), "\(run)")
  }

  @Test func `classify lists names with probabilities`() throws {
    let folder = try TemporaryFolder()
    try pictures(in: folder)
    try folder.write("moon\nstar\n", to: "names.txt")
    let run = try Program.run(
      ["classify", "pictures/1.png", "circle", "--names-from", "names.txt", "--top", "2"],
      in: folder.path)
    let lines = run.output.split(separator: "\n")
    #expect(run.status == 0 && lines.count == 4 && lines[0].hasPrefix("synthetic"), "\(run)")
    #expect(try Program.run(["classify", "pictures/1.png"], in: folder.path).status == 64)
    let text = try Program.run(["classify", "names.txt", "a", "b"], in: folder.path)
    #expect(text.status == 70 && text.errors.hasPrefix("error: names.txt: "), "\(text.errors)")
  }
}
