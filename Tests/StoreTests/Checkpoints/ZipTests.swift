import Foundation
import Store
import Tensor
import TestSupport
import Testing

@Suite struct ZipTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func opened(_ zip: ZipFile) throws -> StateDict { try opened(zip.bytes) }

  private func opened(_ bytes: [UInt8]) throws -> StateDict {
    let file = folder.file("model.pt")
    try Data(bytes).write(to: URL(filePath: file))
    return try StateDict(reading: file)
  }

  private static let entries = TorchFile.entries(.dict(.tensor()))

  private static func zip(_ change: (inout ZipFile) -> Void) -> ZipFile {
    var zip = ZipFile(entries)
    change(&zip)
    return zip
  }

  private static func changed(_ index: Int, _ change: (inout ZipFile.Entry) -> Void) -> ZipFile {
    zip { $0.entries[index] = $0.entries[index].with(change) }
  }

  @Test func `comments and 64-bit records are read`() throws {
    let plain = ZipFile(Self.entries)
    for zip in [
      plain, Self.zip { $0.comment = [UInt8](repeating: 0x50, count: 65535) },
      Self.zip { $0.comment = [0x50, 0x4B, 5, 6] },
    ] {
      #expect(try opened(zip).tensor(named: "w").elements == TorchFile.floats)
    }
    let bytes = plain.bytes
    let end = bytes.count - 22
    let number = { (at: Int) in (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
    let large = (count: 4, size: number(end + 12), place: number(end + 16))
    #expect(try opened(Self.zip { $0.large = large }).names == ["w"])
    let saturated = Self.zip {
      $0.large = large
      ($0.count, $0.directorySize, $0.directoryPlace) = (0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF)
    }
    #expect(try opened(saturated).names == ["w"])
    for lie in [(5, 0, 0), (0, 1, 0), (0, 0, 1)] {
      let wrong = (large.count + lie.0, large.size + lie.1, large.place + lie.2)
      #expect(throws: StoreError.self) { try opened(Self.zip { $0.large = wrong }) }
    }
    #expect(throws: StoreError.self) {
      try opened(Self.zip { ($0.large, $0.locatorPlace) = (large, .max) })
    }
    let huge = Self.zip {
      $0.large = (.max, .max, .max)
      ($0.count, $0.directorySize, $0.directoryPlace) = (0xFFFF, 0xFFFF_FFFF, 0xFFFF_FFFF)
    }
    #expect(throws: StoreError.self) { try opened(huge) }
  }

  @Test func `an entry may keep its numbers in 64 bits`() throws {
    let data = Self.entries[2]
    let large = data.with {
      ($0.size, $0.storedSize) = (0xFFFF_FFFF, 0xFFFF_FFFF)
      $0.extra = ZipFile.numbers([(0x4246, 2), (1, 2), (0, 1), (1, 2), (16, 2), (24, 8), (24, 8)])
    }
    let zip = Self.zip { $0.entries[2] = large }
    #expect(try opened(zip).tensor(named: "w").elements == TorchFile.floats)
    for extra in [
      [], ZipFile.numbers([(1, 2), (8, 2), (24, 8)]), ZipFile.numbers([(1, 2), (16, 2), (24, 8)]),
      ZipFile.numbers([(1, 2), (16, 2), (-1, 8), (-1, 8)]),
      ZipFile.numbers([(1, 2), (16, 2), (24, 8), (23, 8)]),
    ] as [[UInt8]] {
      let wrong = Self.zip { $0.entries[2] = large.with { $0.extra = extra } }
      #expect(throws: StoreError.self) { try opened(wrong) }
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]
    var testDescription: String { name }
    init(_ name: String, _ zip: ZipFile) { (self.name, bytes) = (name, zip.bytes) }
    init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }
  }

  private static let named = ["/etc/x", "a\\b", "a\0b", "../x", "archive/../x", "archive/..", ""]

  @Test(
    arguments: [
      Case("no entries", ZipFile([])),
      Case("no directory", Array(ZipFile(entries).bytes.prefix(300))),
      Case("bytes after the end", ZipFile(entries).bytes + [0]),
      Case("a comment cut off", Array(zip { $0.comment = [1, 2, 3] }.bytes.dropLast())),
      Case("a count too small", zip { $0.count = 3 }),
      Case("a count too large", zip { $0.count = 5 }),
      Case("a count of 65534", zip { $0.count = 65534 }),
      Case("a directory past the end", zip { $0.directoryPlace = 1 << 30 }),
      Case("a directory of 4 GB", zip { $0.directorySize = 0xFFFF_FFFE }),
      Case("a directory elsewhere", zip { $0.directoryPlace = 0 }),
      Case(
        "more behind the directory",
        zip { ($0.behindDirectory, $0.directorySize) = ([0, 0, 0], 400) }),
      Case("a name twice", zip { $0.entries.append($0.entries[2]) }),
      Case("a compressed pickle", changed(0) { $0.method = 8 }),
      Case("a compressed storage", changed(2) { $0.method = 8 }),
      Case("a compressed byteorder", changed(1) { $0.method = 8 }),
      Case("an encrypted storage", changed(2) { $0.flags |= 1 }),
      Case("a strongly encrypted storage", changed(2) { $0.flags |= 0x40 }),
      Case("a masked directory", changed(2) { $0.flags |= 0x2000 }),
      Case("a stored size of 2 GB", changed(2) { ($0.storedSize, $0.size) = (1 << 31, 1 << 31) }),
      Case("two sizes", changed(2) { $0.size = 25 }),
      Case("an entry past the end", changed(2) { $0.localOffset = 1 << 31 }),
      Case("an entry in the directory", changed(3) { $0.localOffset = 640 }),
      Case("an entry on another one", changed(2) { $0.localOffset = 0 }),
      Case("an entry without a header", changed(2) { $0.localSignature = [0, 0, 0, 0] }),
      Case("a header of another name", changed(2) { $0.localName = "archive/data/1" }),
      Case("a header of a longer name", changed(2) { $0.localName = "archive/data/00" }),
      Case("a pickle of another checksum", changed(0) { $0.checksum = 1 }),
      Case("a byteorder of another checksum", changed(1) { $0.checksum = 1 }),
      Case("big-endian", changed(1) { $0.bytes = Array("big".utf8) }),
      Case("a byteorder of nonsense", changed(1) { $0.bytes = Array("pdp".utf8) }),
      Case("no pickle", zip { $0.entries.removeFirst() }),
      Case("two pickles", zip { $0.entries.append(.init("other/data.pkl", [0x2E])) }),
      Case("a pickle in the wrong place", zip { $0.entries[0].name = "data.pkl" }),
      Case("a pickle in a folder", zip { $0.entries[0].name = "archive/x/data.pkl" }),
      Case("no storage", zip { $0.entries.remove(at: 2) }),
    ]
      + named.map { name in
        Case("an entry called '\(name)'", zip { $0.entries.append(.init(name, [])) })
      })
  func `is refused`(_ test: Case) throws {
    #expect(throws: StoreError.self) { try opened(test.bytes) }
  }

  @Test func `entries need not be in order, and others may be there`() throws {
    let more: [ZipFile.Entry] = [
      .init("archive/code/x.py", [1, 2]), .init("archive/.data/id", []),
    ]
    let zip = ZipFile(Array((Self.entries + more.map { $0.with { $0.method = 8 } }).reversed()))
    #expect(try opened(zip).tensor(named: "w").elements == TorchFile.floats)
    #expect(try !opened(zip).isTorchScript)
    let script = ZipFile(Self.entries + [.init("archive/constants.pkl", [0x29, 0x2E])])
    #expect(try opened(script).isTorchScript)
  }

  @Test func `a name is not longer than names are`() throws {
    let entry = ZipFile.Entry("archive/" + String(repeating: "x", count: 1017), [])
    let error = try #require(throws: StoreError.self) {
      try opened(ZipFile(TorchFile.entries(.dict(.tensor())) + [entry]))
    }
    #expect(error.fault == .damaged("a name of 1025 bytes"))
  }

  @Test func `a storage of another checksum is found out when it is read`() throws {
    let weights = try opened(Self.changed(2) { $0.checksum = 7 })
    let error = try #require(throws: StoreError.self) { try weights.tensor(named: "w") }
    #expect(error.path == "'w'" && error.fault == .damaged("bytes whose checksum differs"))
  }

  @Test func `a compressed storage is refused although nothing refers to it`() throws {
    let more = ZipFile.Entry("archive/data/1", [0, 0]).with { $0.method = 8 }
    let zip = Self.zip { $0.entries.append(more) }
    let fault = try #require(throws: StoreError.self) { try opened(zip) }.fault
    #expect(fault == .unsupported("a compressed 'archive/data/1'"))
    let code = ZipFile.Entry("archive/code/1", [0, 0]).with { $0.method = 8 }
    #expect(try opened(Self.zip { $0.entries.append(code) }).names == ["w"])
  }
}
