import Pictures
import Store
import Tensor

/// The readers of files that come from strangers.
enum Reader: String, CaseIterable {
  case safetensors
  /// A zip archive of torch as it stands.
  case archive
  /// The pickle of such an archive, which the fuzzer could not change under its checksum.
  case pickle
  case hdf5
  case picture
  case json

  /// Reads everything that bytes hold.
  func read(_ bytes: [UInt8]) {
    switch self {
    case .safetensors: Self.readStateDict(bytes, "fuzz.safetensors")
    case .archive: Self.readStateDict(bytes, "fuzz.pt")
    case .pickle: Self.readStateDict(SealedArchive.bytes(pickle: bytes), "fuzz.pt")
    case .hdf5:
      let file = ScratchFile.written(bytes, "fuzz.h5")
      _ = try? Listing(of: file, verify: true)
      _ = try? Archive(reading: file)
    case .picture: _ = try? Picture(decoding: bytes)
    case .json: _ = try? JSON(parsing: bytes)
    }
  }

  private static func readStateDict(_ bytes: [UInt8], _ name: String) {
    let file = ScratchFile.written(bytes, name)
    guard let weights = try? StateDict(reading: file) else { return }
    for entry in weights.entries where entry.count < 1 << 20 {
      guard let tensor = try? weights.tensor(named: entry.name) else { continue }
      precondition(tensor.shape == entry.shape, "a tensor has the shape that was described")
      _ = tensor.elements
    }
  }
}
