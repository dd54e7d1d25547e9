package import Foundation

/// Files that tests compare with.
package enum ReferenceFiles {
  /// The folder of reference vectors beside the package, when this machine has it.
  package static let shared: URL? = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/parity")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// Says why a test is skipped.
  package static let absence: String = "the reference vectors (../shared/parity) are not here"

  /// A file in the folder `Golden` beside a test's source.
  package static func golden(_ name: String, beside source: String = #filePath) throws -> Data {
    try Data(
      contentsOf: URL(filePath: source).deletingLastPathComponent().appending(
        path: "Golden/\(name)")
    )
  }

  /// A file of the reference vectors.
  package static func vectors(_ path: String) throws -> Data {
    guard let shared else { throw CocoaError(.fileNoSuchFile) }
    return try Data(contentsOf: shared.appending(path: path))
  }

  /// FNV-1a of 64 bits, as sixteen hexadecimal digits.
  package static func digest(_ bytes: some Sequence<UInt8>) -> String {
    let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
