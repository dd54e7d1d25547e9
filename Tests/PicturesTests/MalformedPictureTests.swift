import Foundation
import Pictures
import TestSupport
import Testing

/// Nothing that a file contains may crash, hang or take memory that it does not deserve.
struct MalformedPictureTests {
  private struct Golden: Decodable {
    let cases: [Case]

    struct Case: Decodable {
      let name: String
      let file: Data
    }
  }

  private static func files() throws -> [(name: String, bytes: [UInt8])] {
    try ["decoding.json", "webp.json"].flatMap { name in
      try JSONDecoder().decode(Golden.self, from: ReferenceFiles.golden(name)).cases
        .map { ($0.name, [UInt8]($0.file)) }
    }
  }

  @Test func `a file cut anywhere is refused`() throws {
    for (name, bytes) in try Self.files() {
      for count in 0..<bytes.count {
        #expect(throws: PictureError.self, "\(name), \(count) of \(bytes.count) bytes") {
          try Picture(decoding: Array(bytes[..<count]))
        }
      }
    }
  }

  @Test func `thousands of damaged files end in a picture or an error`() throws {
    let files = try Self.files()
    var random = Noise(state: 1)
    var (pictures, errors) = (0, 0)
    for _ in 0..<150 {
      for (name, bytes) in files {
        var damaged = bytes
        for _ in 0..<1 + random.below(4) { random.damage(&damaged) }
        if name.hasPrefix("png"), random.below(4) > 0 { Chunks.repair(&damaged) }
        do throws(PictureError) {
          let picture = try Picture(decoding: damaged)
          #expect(picture.pixels.count == 3 * picture.width * picture.height)
          pictures += 1
        } catch {
          errors += 1
        }
      }
    }
    #expect(pictures + errors == 150 * files.count)
    #expect(pictures > 300 && errors > 300)
  }

  @Test func `a picture that declares too much is refused before memory is taken`() throws {
    var png = try Self.files()[5].bytes
    for (index, byte) in [0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60].enumerated() {
      png[16 + index] = UInt8(byte)
    }
    Chunks.repair(&png)
    #expect(throws: PictureError.tooLarge(width: 60_000, height: 60_000)) {
      try Picture(decoding: png)
    }
  }

  @Test func `a size that so few bytes cannot hold is refused before memory is taken`() throws {
    for (name, bytes) in try Self.files() where name.hasPrefix("png") || name.hasPrefix("jpeg") {
      var large = bytes
      let place =
        name.hasPrefix("png")
        ? 16
        : try #require(
          bytes.indices.dropLast().first {
            bytes[$0] == 0xFF && [0xC0, 0xC1, 0xC2].contains(bytes[$0 + 1])
          }) + 5
      let size: [UInt8] =
        name.hasPrefix("png") ? [0, 0, 0x2B, 0, 0, 0, 0x2B, 0] : [0x2B, 0, 0x2B, 0]
      large.replaceSubrange(place..<place + size.count, with: size)
      if name.hasPrefix("png") { Chunks.repair(&large) }
      #expect {
        try Picture(decoding: large)
      } throws: { error in
        guard case .corrupt(_, let reason)? = error as? PictureError else { return false }
        return reason.hasSuffix("bytes cannot hold 11008 × 11008 pixels")
      }
    }
  }

  @Test func `a WebP too large is refused whatever it weighs`() throws {
    // VP8L: the signature, then 14 bits each for width and height less one.
    let size = UInt32(16_383) | UInt32(16_383) << 14
    var webp = Array("RIFF".utf8) + [26, 0, 0, 0] + Array("WEBPVP8L".utf8) + [14, 0, 0, 0, 0x2F]
    webp += (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
    webp += [UInt8](repeating: 0, count: 9)
    #expect(throws: PictureError.tooLarge(width: 16_384, height: 16_384)) {
      try Picture(decoding: webp)
    }
  }

  @Test func `a progressive picture of endless scans is refused in time`() throws {
    let bytes = try #require(try Self.files().first { $0.name == "jpeg progressive" }).bytes
    let frame = try #require(
      bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC2 })
    let scan = try #require(
      bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
    let next = try #require(
      bytes.indices.dropLast().first { $0 > scan && bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC4 })
    var bomb = Array(bytes[..<scan])
    bomb.replaceSubrange(frame + 5..<frame + 9, with: [0x1F, 0x40, 0x1F, 0x40])
    for _ in 0..<20_000 { bomb += bytes[scan..<next] }
    bomb += [0xFF, 0xD9]
    let start = ContinuousClock.now
    #expect(throws: PictureError.corrupt(.jpeg, reason: "too many scans")) {
      try Picture(decoding: bomb)
    }
    #expect(start.duration(to: .now) < .seconds(60))
  }

  @Test func `what is no picture is told apart from a damaged one`() throws {
    #expect(throws: PictureError.unknownFormat) { try Picture(decoding: []) }
    #expect(throws: PictureError.unknownFormat) { try Picture(decoding: Array("GIF89a...".utf8)) }
    #expect(throws: PictureError.corrupt(.png, reason: "the file ends too early")) {
      try Picture(decoding: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    }
    #expect(throws: PictureError.self) { try Picture(decoding: [0xFF, 0xD8, 0xFF]) }
  }

  @Test func `files that cannot be read say why`() throws {
    #expect(
      throws: PictureError.unreadable(path: "/no/such.png", reason: "No such file or directory")
    ) { try Picture(contentsOf: "/no/such.png") }
    #expect(throws: PictureError.unreadable(path: "/", reason: "not a file")) {
      try Picture(contentsOf: "/")
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipe = folder.appending(path: "pipe.png").path
    let status = unsafe mkfifo(pipe, 0o600)
    #expect(status == 0)
    #expect(throws: PictureError.unreadable(path: pipe, reason: "not a file")) {
      try Picture(contentsOf: pipe)
    }
  }

  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `the malformed reference pictures are refused`() throws {
    struct Case: Decodable {
      let file: String
      let loader: String
    }
    struct Cases: Decodable {
      let cases: [Case]
    }
    let data = try ReferenceFiles.vectors("clip/malformed/cases.json")
    let cases = try JSONDecoder().decode(Cases.self, from: data).cases
    let pictures = cases.filter { $0.loader == "image" }
    #expect(pictures.count == 9)
    for picture in pictures {
      let bytes = [UInt8](try ReferenceFiles.vectors("clip/malformed/\(picture.file)"))
      #expect(throws: PictureError.self, "\(picture.file)") { try Picture(decoding: bytes) }
    }
  }
}

/// A small generator, so that a failure can be repeated.
private struct Noise {
  var state: UInt64

  mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(count))
  }

  /// Changes a byte, flips a bit, cuts the end, or takes out or doubles a stretch.
  mutating func damage(_ bytes: inout [UInt8]) {
    guard bytes.count > 12 else { return }
    let place = 8 + below(bytes.count - 8)
    let end = min(bytes.count, place + below(40))
    switch below(8) {
    case 0...2: bytes[place] = UInt8(below(256))
    case 3...4: bytes[place] ^= 1 << below(8)
    case 5: bytes.removeSubrange(place...)
    case 6: bytes.removeSubrange(place..<end)
    default: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
    }
  }
}

/// Gives PNG chunks their right checksums again, so that damage reaches the layers below.
private enum Chunks {
  static func repair(_ png: inout [UInt8]) {
    var start = 8
    while start + 12 <= png.count {
      let length = png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard start + 12 + length <= png.count else { return }
      let end = start + 8 + length
      let checksum = crc(png[start + 4..<end])
      for index in 0..<4 {
        png[end + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index))
      }
      start = end + 4
    }
  }

  private static func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~0 as UInt32) { crc, byte in
      (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
    }
  }
}
