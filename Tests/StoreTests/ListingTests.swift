import Store
import Tensor
import TestSupport
import Testing

@Suite struct ListingTests {
  @Test func `a checkpoint`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("coop.h5")
    let context = try Tensor(repeating: 0, shape: [16, 2048])
    var archive = Archive()
    try Checkpoint(
      [
        .init("ctx", .param, .tensor(context)),
        .init("tau", .frozen, .tensor(try Tensor(0.5))), .init("steps", .state, .int(12)),
      ], state: TrainingState(epoch: 5, step: 100)
    ).store(in: &archive)
    try archive.set("/note", to: .string("漢字\u{1B}[31m"), file: file)
    let hash = try archive.write(to: file)
    let listing = try Listing(of: file, width: 90, verify: true)
    #expect(listing.hash == .matches(hash))
    let lines = listing.text.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("coop.h5: Duet file, schema duet/1, "))
    #expect(lines[1] == "content hash \(hash): matches")
    #expect(
      lines[3...].prefix(11).joined(separator: "\n") == """
        ├─ parameters/
        │  ├─ ctx         tensor float32 [16, 2048]  128.0 KiB in 153 B  role = "param"
        │  ├─ tau         tensor float32 = 0.5                           role = "frozen"
        │  └─ steps       int64 = 12                                     role = "state"
        ├─ training/      record
        │  ├─ epoch       int64 = 5
        │  ├─ step        int64 = 100
        │  ├─ optimizer/  record
        │  ├─ streams/    record
        │  ├─ settings/   record
        │  └─ curves/     record
        """)
    #expect(lines[14] == #"├─ note           string = "漢字\u{1b}[31m""#)
    for width in [20, 40] {
      let narrow = try Listing(of: file, width: width).text.split(separator: "\n")
      #expect(narrow.allSatisfy { $0.count <= width })
    }
  }

  @Test func `long groups are cut`() throws {
    let text = try Listing(of: fixture("ordered.h5"), children: 5).text
    #expect(text.contains("├─ m25"))
    #expect(text.contains("└─ … 25 more"))
    #expect(!text.contains("m24"))
  }

  @Test func `axes have names`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("r.h5")
    try ResultsTests.write(to: file)
    let listing = try Listing(of: file)
    #expect(
      listing.text.contains("float64 [dataset: 2, algorithm: 3, seed: 2, shots: 1, metric: 2]"))
    guard case .unchecked = listing.hash else { throw CancellationError() }
  }

  @Test func `a hash that does not match, and files of others`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try Archive.save(.string("accuracy 61.2"), of: file, Provenance())
    try patch(file, "accuracy 61.2", "accuracy 91.2")
    let listing = try Listing(of: file, verify: true)
    guard case .differs = listing.hash else { throw CancellationError() }
    #expect(listing.text.contains("does not match"))
    #expect(try Listing(of: fixture("latest.h5"), verify: true).hash == .none)
  }
}
