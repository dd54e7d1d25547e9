internal import Tensor

/// Features of pictures that a frozen, unprompted tower has seen before.
///
/// A picture is known by the ``Tensor/Fingerprint`` of its pixels, so that a picture which comes again,
/// in another batch, epoch or method, is not encoded again. The result is the same to the last bit,
/// since a picture's features do not depend on its batch. When the cache is full it starts anew.
struct FeatureCache {
  struct Entry {
    let pooled: Tensor
    let patches: Tensor?
  }

  private var entries: [Fingerprint: Entry] = [:]
  private var bytes = 0
  private let limit: Int

  init(limit: Int = 1 << 29) { self.limit = limit }

  subscript(key: Fingerprint, patches wantsPatches: Bool) -> Entry? {
    guard let entry = entries[key], !wantsPatches || entry.patches != nil else { return nil }
    return entry
  }

  mutating func insert(_ entry: Entry, for key: Fingerprint) {
    let size = 4 * (entry.pooled.count + (entry.patches?.count ?? 0)) + 64
    if bytes + size > limit {
      entries.removeAll(keepingCapacity: true)
      bytes = 0
    }
    entries[key] = entry
    bytes += size
  }
}
