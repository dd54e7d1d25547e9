package import Pictures
internal import Synchronization
internal import Tensor

/// What a look at every file finds, beyond what opening a data set checks.
extension Dataset {
  /// A picture that cannot be used.
  package struct BadPicture: Equatable, Sendable {
    /// Its name.
    package let name: String
    /// What is wrong with it.
    package let fault: PictureError
  }

  /// Opens the file of each item, on all threads, and looks at its first bytes, or decodes it whole.
  ///
  /// A file in several parts is opened once for each.
  package func badPictures(decoding: Bool) throws(DatasetError) -> [BadPicture] {
    var found: [BadPicture] = []
    for part in parts where !(part == .val && overlap.valIsWholeTest) {
      let split = try split(part)
      guard let files = split.source as? PictureFiles else { continue }
      let bad = Mutex<[(place: Int, picture: BadPicture)]>([])
      let positions = split.positions
      Parallel.forEach(positions.count) { index in
        if Cancellation.requested.load(ordering: .relaxed) { return }
        let path = "\(files.root)/\(files.paths[positions[index]])"
        do throws(PictureError) {
          if decoding {
            _ = try Picture(contentsOf: path)
          } else {
            try PictureFile.check(path)
          }
        } catch {
          let picture = BadPicture(name: files.paths[positions[index]], fault: error)
          bad.withLock { $0.append((index, picture)) }
        }
      }
      if Cancellation.requested.load(ordering: .relaxed) { throw .tensor(.cancelled) }
      found += bad.withLock { $0.sorted { $0.place < $1.place }.map(\.picture) }
    }
    return found
  }

  /// Which pictures are where they should not be, after a look at every file.
  package var overlapOfFiles: Overlap {
    var sources: [SplitPart: PictureFiles] = [:]
    for part in parts { sources[part] = (try? split(part))?.source as? PictureFiles }
    return Overlap(sources, lookingAt: Set(sources.keys))
  }

  /// Names that several classes have, in the order of labels.
  package var sharedNames: [String] {
    var counts: [String: Int] = [:]
    for name in classes { counts[name, default: 0] += 1 }
    var told: Set<String> = []
    return classes.filter { counts[$0, default: 0] > 1 && told.insert($0).inserted }
  }
}
