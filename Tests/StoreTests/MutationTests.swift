import Foundation
import Store
import TestSupport
import Testing

/// Files with changed, missing or exchanged bytes. Reading such a file gives an error or values, and
/// never anything else; reading one of Duet's gives an error or exactly what was written.
@Suite struct MutationTests {
  /// How many damaged copies of each file are read; more by setting `DUET_MUTATIONS`.
  static let count =
    ProcessInfo.processInfo.environment["DUET_MUTATIONS"].flatMap { Int($0) } ?? 200

  /// Bytes with some damage.
  private func mutated(_ bytes: [UInt8], _ generator: inout Seeded) -> [UInt8] {
    var bytes = bytes
    switch generator.below(8) {
    case 0: return Array(bytes[..<generator.below(bytes.count)])
    case 1:
      let (from, to) = (generator.below(bytes.count), generator.below(bytes.count))
      let length = min(generator.below(200), bytes.count - max(from, to))
      bytes.replaceSubrange(to..<to + length, with: Array(bytes[from..<from + length]))
    case let kind:
      for _ in 0...(kind < 4 ? 0 : generator.below(kind < 6 ? 8 : 60)) {
        let place = generator.below(bytes.count)
        switch generator.below(4) {
        case 0: bytes[place] = UInt8(generator.below(256))
        case 1: bytes[place] ^= 1 << UInt8(generator.below(8))
        case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF][generator.below(5)]
        default:
          let filler: UInt8 = generator.below(2) == 0 ? 0xFF : 0
          for index in place..<min(bytes.count, place + 1 + generator.below(8)) {
            bytes[index] = filler
          }
        }
      }
    }
    return bytes
  }

  @Test(arguments: ReadingTests.files + ["hostile.h5"])
  func `damaged files of others`(_ name: String) throws {
    let bytes = Array(try Data(contentsOf: URL(filePath: fixture(name))))
    let folder = try TemporaryFolder()
    let file = folder.file("damaged.h5")
    var generator = Seeded(name.count)
    var (errors, whole) = (0, 0)
    for _ in 0..<Self.count {
      try Data(mutated(bytes, &generator)).write(to: URL(filePath: file))
      let listing = try? Listing(of: file, verify: true)
      #expect(listing?.text.isEmpty != true)
      do throws(StoreError) {
        let root = try Archive(reading: file).root
        #expect(ContentHash.of(root).count == 64)
        whole += 1
      } catch {
        #expect(error.file == file && error.path.hasPrefix("/"))
        errors += 1
      }
    }
    #expect(errors > 0 && (whole > 0 || name == "hostile.h5"))
  }

  @Test func `damaged files of Duet's are errors, or the damage is in no content`() throws {
    let folder = try TemporaryFolder()
    let (file, damaged) = (folder.file("whole.h5"), folder.file("damaged.h5"))
    var generator = Seeded(1)
    var archive = Archive()
    for index in 0..<6 {
      try archive.set("/v\(index)", to: try StoredValue.random(&generator), file: file)
    }
    let long = StoredValue.list((0..<20_000).map { .int($0) })
    try archive.set("/long", to: long, file: file)
    archive.provenance.script = "print(1)"
    try archive.write(to: file)
    let bytes = Array(try Data(contentsOf: URL(filePath: file)))
    var errors = 0
    for _ in 0..<Self.count {
      try Data(mutated(bytes, &generator)).write(to: URL(filePath: damaged))
      do throws(StoreError) {
        let read = try Archive(reading: damaged)
        // A root whose schema attribute is damaged is that of a stranger.
        if read.contentHash != nil { #expect(read.root == archive.root) }
      } catch {
        errors += 1
      }
    }
    #expect(errors > Self.count / 4)
  }
}
