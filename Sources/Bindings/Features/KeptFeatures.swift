internal import CLIP
internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// Features of pictures that a plan's store keeps, so that its processes and later runs need not encode
/// the same pictures again.
///
/// Kept are features under the frozen, unprompted tower that were asked for without a record, as evaluation
/// does: the pictures of training are few, or cut anew each time. A picture is known by the
/// fingerprint of its numbers. The file is written rarely, once that many seconds of
/// encoding would be lost; what other processes have put there is kept, and taken over.
final class KeptFeatures {
  let store: PlanStore
  private let engine: Engine
  private let file: String
  private let weightsDigest: String
  private let preprocessing: String
  private let width: Int
  private var fresh: [StoredFeatures.Row] = []
  /// Seconds that encoding the fresh ones took, and those of the last writing.
  private var encoding = 0.0
  private var writing = 0.0
  /// Which writing of the file was read last: its number on the disk, and when it was made.
  private var seen = ""

  /// A writing takes at most this share of the time.
  private static let share = 20.0

  init(_ store: PlanStore, of clip: ClipValue, weightsDigest: String) {
    self.store = store
    engine = clip.engine
    self.weightsDigest = weightsDigest
    preprocessing = "\(clip.preprocessing)"
    width = clip.clip.architecture.jointWidth
    file = store.file(
      .features, [String(weightsDigest.prefix(12))], key: Digest.sha256(preprocessing))
  }

  /// What the file holds, if it has changed since it was last asked for.
  func news() throws -> [StoredFeatures.Row] {
    var status = stat()
    guard unsafe stat(file, &status) == 0 else { return [] }
    let current = "\(status.st_ino) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    guard current != seen else { return [] }
    seen = current
    return try rows()
  }

  private func rows() throws -> [StoredFeatures.Row] {
    let stored = try store.take(file, "its pictures are encoded") { () -> StoredFeatures? in
      let stored = try StoredFeatures(reading: file)
      let isSame =
        stored.weightsDigest == weightsDigest && stored.preprocessing == preprocessing
        && stored.width == width
      return isSame ? stored : nil
    }
    return stored?.rows ?? []
  }

  /// Takes features that were computed in so many seconds, and writes them when it is time.
  func add(_ features: Tensor, of keys: [Fingerprint], seconds: Double) throws {
    for (row, key) in keys.enumerated() {
      let name = String(key.high, radix: 16) + "-" + String(key.low, radix: 16)
      fresh.append(
        .init(
          name: name, digest: "", prepared: key,
          pooled: try features.gathered(rows: [row]).reshaped(to: [width])))
    }
    encoding += seconds
    guard encoding >= max(engine.featuresWorthKeeping, Self.share * writing) else { return }
    let start = Date()
    try write()
    (encoding, writing) = (0, Date().timeIntervalSince(start))
  }

  private func write() throws {
    try store.prepare(.features)
    let lock = try store.waitForClaim(file, "the features of pictures")
    defer { lock.release() }
    var all: [String: StoredFeatures.Row] = [:]
    for row in try rows() + fresh { all[row.name] = row }
    let stored = StoredFeatures(
      weightsDigest: weightsDigest, preprocessing: preprocessing, width: width,
      rows: Array(all.values))
    var archive = Archive(provenance: engine.provenance())
    archive.root.set([StoredFeatures.group], to: try stored.node)
    try archive.write(to: file)
    fresh = []
  }
}
