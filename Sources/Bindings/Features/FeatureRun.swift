internal import Autograd
internal import CLIP
internal import Datasets
internal import Foundation
internal import Language
internal import Pictures
internal import Store
internal import Tensor

/// Encoding a folder of pictures into a file of features.
///
/// The next batch is read and prepared on a thread of its own while the model works on this one. What
/// is there is saved every half minute, and when the user stops the run; a later run into the same
/// file takes over whatever it holds of pictures whose bytes are the same. Since a picture's features
/// do not depend on its batch, a run that was stopped ends with the same numbers as one that was not.
final class FeatureRun {
  private let engine: Engine
  private let clip: ClipValue
  private let list: PictureList
  private let file: String
  private let weightsDigest: String
  /// By the digest of the picture's file.
  private var known: [String: StoredFeatures.Row] = [:]
  private var rows: [StoredFeatures.Row] = []
  private var failures: [(path: String, reason: String)] = []
  private var progress: Progress
  private let isShown: Bool
  private var encoded = 0
  private var reused = 0
  private var lastSaved = Date()
  private var hasNews = false

  /// Seconds between two savings, at least, and at least so many times what the last one took.
  private static let (interval, share) = (30.0, 20.0)

  init(
    _ engine: Engine, _ clip: ClipValue, folder: String, into file: String, isShown: Bool
  ) throws {
    guard let digest = clip.digest else {
      throw Fault(
        .value, "features are kept for weights that a file holds, and these are new or changed")
    }
    (self.engine, self.clip, self.file, self.isShown) = (engine, clip, file, isShown)
    weightsDigest = digest
    let list = try PictureList(below: folder)
    self.list = list
    failures = list.unreadable
    guard !list.paths.isEmpty || !failures.isEmpty else {
      throw Fault(
        "file",
        "\(folder) holds no picture" + (list.others > 0 ? ": \(list.others) other files" : ""),
        help: "pictures are PNG, JPEG and WebP files, at any depth")
    }
    progress = Progress(
      title: engine.progressContext + "encode", done: 0, total: list.paths.count, facts: [],
      pictures: 0, state: .running)
    try takeOver()
  }

  /// What the file holds already; a file of something else is not touched.
  private func takeOver() throws {
    guard FileManager.default.fileExists(atPath: file) else { return }
    let stored: StoredFeatures
    do throws(StoreError) {
      stored = try StoredFeatures(reading: file)
    } catch {
      guard error.fault == .absent else { throw error }
      throw Fault(
        "file", "'\(file)' holds no features, and is not overwritten", help: "name another file")
    }
    for (what, own, other) in [
      ("of other weights", weightsDigest, stored.weightsDigest),
      ("of pictures prepared in another way", preprocessing, stored.preprocessing),
    ] where own != other {
      throw Fault(
        "file", "'\(file)' holds features \(what), and is not overwritten",
        help: "name another file, or remove this one")
    }
    for row in stored.rows { known[row.digest] = row }
  }

  private var preprocessing: String { "\(clip.preprocessing)" }

  // MARK: - Running

  /// Encodes all pictures; a record of what was done.
  func run(batch size: Int) throws -> Record {
    let batches = stride(from: 0, to: list.paths.count, by: size).map {
      Array(list.paths[$0..<min(list.paths.count, $0 + size)])
    }
    var next = batches.first.map(prepared)
    do {
      for index in batches.indices {
        guard let pictures = next.take()?.value() else { break }
        // A batch of which everything is known computes nothing that would look.
        if Engine.isStopRequested { throw TensorError.cancelled }
        if index + 1 < batches.count { next = prepared(batches[index + 1]) }
        try encode(pictures)
        try saveNowAndThen()
      }
    } catch {
      // What was computed is not lost, whatever ended the run.
      try? save()
      throw error
    }
    try save()
    progress.state = .finished
    report()
    return Record([
      ("encoded", .int(encoded)), ("reused", .int(reused)),
      ("others", .int(list.others)),
      ("failed", Value(failures.map { Value("\($0.path): \($0.reason)") })),
    ])
  }

  /// A picture of a batch.
  private struct Prepared: Sendable {
    let name: String
    let digest: String
    let content: Content

    /// What there is of it: nothing new where the features of its bytes are known.
    enum Content: Sendable {
      case known
      case numbers([Float])
      case failed(String)
    }
  }

  /// Reads and prepares pictures beside what else goes on.
  private func prepared(_ names: [String]) -> Background<[Prepared]> {
    let (root, preprocessing, known) = (list.root, clip.preprocessing, Set(known.keys))
    return Background {
      names.map { name in
        var digest = ""
        do throws(PictureError) {
          let bytes = try PictureFile.bytes(of: "\(root)/\(name)")
          digest = Digest.sha256(bytes)
          if known.contains(digest) { return Prepared(name: name, digest: digest, content: .known) }
          let numbers = try preprocessing.numbers(of: try Picture(decoding: bytes))
          return Prepared(name: name, digest: digest, content: .numbers(numbers))
        } catch {
          return Prepared(name: name, digest: digest, content: .failed(Engine.sentence(error)))
        }
      }
    }
  }

  private func encode(_ pictures: [Prepared]) throws {
    var fresh: [(name: String, digest: String, numbers: [Float])] = []
    for picture in pictures {
      switch picture.content {
      case .failed(let reason): failures.append((picture.name, reason))
      case .numbers(let numbers): fresh.append((picture.name, picture.digest, numbers))
      case .known: break
      }
    }
    if !fresh.isEmpty {
      let side = clip.preprocessing.side
      let images = try Tensor(
        shape: [fresh.count, 3, side, side], elements: fresh.flatMap(\.numbers))
      let fingerprints = images.fingerprints()
      let features = try clip.encode(Variable(images), prompts: nil, wantsPatches: false)
      for (index, picture) in fresh.enumerated() {
        known[picture.digest] = StoredFeatures.Row(
          name: picture.name, digest: picture.digest, prepared: fingerprints[index],
          pooled: try features.pooled.value.gathered(rows: [index]).reshaped(to: [
            features.pooled.shape[1]
          ]))
      }
      encoded += fresh.count
      hasNews = true
    }
    for picture in pictures {
      guard let row = known[picture.digest] else { continue }
      if case .failed = picture.content { continue }
      rows.append(
        .init(
          name: picture.name, digest: row.digest, prepared: row.prepared, pooled: row.pooled))
      if case .known = picture.content { reused += 1 }
    }
    progress.done += pictures.count
    progress.pictures += fresh.count
    report()
  }

  private func report() {
    var facts: [(name: String, text: String)] = []
    if reused > 0 { facts.append(("reused", "\(reused)")) }
    if !failures.isEmpty { facts.append(("failed", "\(failures.count)")) }
    progress.facts = facts
    progress.plan = engine.planProgress
    if isShown { engine.report(progress) }
  }

  // MARK: - Saving

  private var savingTook = 0.0

  private func saveNowAndThen() throws {
    guard hasNews, -lastSaved.timeIntervalSinceNow > max(Self.interval, Self.share * savingTook)
    else { return }
    let start = Date()
    try save()
    savingTook = -start.timeIntervalSinceNow
  }

  /// Writes what is there. Before all pictures have been looked at, rows of the file that are still
  /// to come stay in it.
  private func save() throws {
    let isDone = progress.done == list.paths.count
    let names = Set(rows.map(\.name))
    let later = isDone ? [] : known.values.filter { !names.contains($0.name) }
    guard !(rows.isEmpty && later.isEmpty), engine.writesFiles else { return }
    let stored = StoredFeatures(
      weightsDigest: weightsDigest, preprocessing: preprocessing,
      width: clip.clip.architecture.jointWidth, rows: rows + later)
    var archive = Archive(provenance: engine.provenance())
    archive.root.set([StoredFeatures.group], to: try stored.node)
    try archive.write(to: file)
    lastSaved = Date()
    hasNews = false
  }
}
