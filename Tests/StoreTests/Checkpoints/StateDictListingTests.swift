import Foundation
import Store
import TestSupport
import Testing

@Suite struct StateDictListingTests {
  @Test func `names, types, shapes and sizes stand in columns`() throws {
    let text = try StateDict(reading: fixture("torch/types.pt")).listing(width: 100)
    #expect(text.hasPrefix("types.pt: torch, 11 tensors, 4.0 KiB\n"))
    #expect(text.contains("\nhalf_transposed  float16 [3, 2]  12 B\n"))
    #expect(text.contains("\nlong             int64 [2]       16 B\n"))
  }

  @Test func `names from a stranger cannot steer the terminal`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.safetensors")
    let tensor = SafetensorsFile.Tensor(
      name: "a\\u001b[2Jb", type: "F32", shape: [], bytes: [0, 0, 0, 0])
    try Data(SafetensorsFile.bytes([tensor])).write(to: URL(filePath: file))
    let text = try StateDict(reading: file).listing(width: 30)
    #expect(text == "x.safetensors: safetensors, 1…\na\\u{1b}[2Jb  float32 []  4 B")
  }

  @Test func `checksums are compared when asked for`() throws {
    try StateDict(reading: fixture("torch/views.pt")).verify()
    let folder = try TemporaryFolder()
    let file = folder.file("x.pt")
    var entries = TorchFile.entries(.dict(.tensor()))
    entries[2].checksum = 7
    try Data(ZipFile(entries).bytes).write(to: URL(filePath: file))
    let weights = try StateDict(reading: file)
    #expect(throws: StoreError(file: file, path: "'w'", .damaged("bytes whose checksum differs"))) {
      try weights.verify()
    }
  }
}
