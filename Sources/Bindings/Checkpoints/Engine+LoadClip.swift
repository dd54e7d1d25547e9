internal import CLIP
internal import Datasets
internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// `load_clip`: a CLIP from a file that Duet wrote, whose tensors stay in it, or from anybody's
/// checkpoint.
extension Engine {
  func loadClip(_ arguments: borrowing Arguments) throws -> Value {
    Value(try openClip(arguments, ClipOptions(arguments, from: 1)).clip)
  }

  /// A model, and how its file kept the tensors.
  struct OpenedClip {
    let clip: ClipValue
    /// The container.
    let container: String
    /// How many tensors there are of each precision.
    let precisions: [(name: String, count: Int)]
  }

  /// The model that the first argument of a call names.
  ///
  /// With a `task` the program is told how far the reading has come.
  func openClip(_ arguments: borrowing Arguments, _ options: ClipOptions, task: String? = nil)
    throws -> OpenedClip
  {
    let source = try arguments.string(0)
    let path = source == "mini" ? "\(library?.folder ?? "stdlib")/models/mini.h5" : source
    guard FileManager.default.fileExists(atPath: path) else {
      throw arguments.fault(
        0, "is no file", label: "there is no \(path)",
        help: "\"mini\" is the model that comes with Duet")
    }
    let files = try ClipSource(path)
    let opened: OpenedClip
    if files.configuration == nil, let stored = try Self.stored(files.weights) {
      opened = try openClip(stored, files.weights, named: source, options)
    } else {
      opened = try openClip(files, named: source, options, task: task)
      if let unused = files.unused {
        notice("the \(unused) beside '\(source)' is not used: give the folder instead")
      }
    }
    weightsDigest = opened.clip.loadedDigest
    return opened
  }

  /// The weights of a file that Duet wrote; nil if it is no HDF5 file.
  private static func stored(_ path: String) throws(StoreError) -> StoredWeights? {
    do throws(StoreError) {
      return try StoredWeights(reading: path)
    } catch {
      guard error.fault == .notHDF5 else { throw error }
      return nil
    }
  }

  // MARK: - Files that Duet wrote

  private func openClip(
    _ stored: StoredWeights, _ path: String, named name: String, _ options: ClipOptions
  ) throws -> OpenedClip {
    let reader = ClipAttributes(stored.architecture, file: path)
    let architecture = try reader.architecture()
    let tensors = Dictionary(stored.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    let shapes = stored.tensors.map { (name: $0.name, shape: $0.tensor.shape) }
    let checkpoint = try Self.checked(path) { () throws(CheckpointError) in
      try ForeignCheckpoint(
        shapes, of: options.applied(to: architecture),
        allowsSurplus: options.allowsSurplus)
    }
    let weights = try Weights(checkpoint.architecture) { tensors[$0] }
    var tokenizer = try reader.vocabulary().map { try Tokenizer($0) }
    if let own = tokenizer { tokenizer = try options.applied(to: own) }
    let clip = try Self.clip(weights, tokenizer, path)
    let preprocessing = try reader.preprocessing(side: clip.architecture.imageSize)
    let isSynthetic = reader.text("data_kind") == "synthetic"
    let kept =
      options.changesModel
      ? ClipValue.stored(
        clip, preprocessing ?? .clip(side: clip.architecture.imageSize), isSynthetic: isSynthetic)
      : stored
    announce(checkpoint, name)
    return OpenedClip(
      clip: ClipValue(
        clip, self, name: name, preprocessing: preprocessing,
        digest: WeightsDigest { kept.digest }, isSynthetic: isSynthetic),
      container: "Duet", precisions: [("float32", stored.tensors.count)])
  }

  // MARK: - Other checkpoints

  private func openClip(
    _ files: ClipSource, named name: String, _ options: ClipOptions, task: String?
  ) throws -> OpenedClip {
    let configuration = options.applied(to: try files.described())
    let stateDict =
      files.weights.hasSuffix(".json")
      ? try StateDict(index: files.weights) : try StateDict(reading: files.weights)
    let known = Self.completed(configuration, stateDict)
    let shapes = stateDict.entries.map { (name: $0.name, shape: $0.shape) }
    let checkpoint = try Self.checked(files.weights) { () throws(CheckpointError) in
      try ForeignCheckpoint(shapes, known, allowsSurplus: options.allowsSurplus)
    }
    // What small files say wrongly is said before the large ones are read.
    let architecture = checkpoint.architecture
    let preprocessing = try files.preprocessing(side: architecture.imageSize)
    let tokenizer = try Self.tokenizer(
      files, count: architecture.vocabularySize, options.cleaning ?? .openAI)
    try Self.fitting(files.weights) { () throws(CLIPError) in
      try CLIP.check(tokenizer, of: architecture)
    }
    let weights = try read(checkpoint, stateDict, task: task)
    let clip = try Self.clip(weights, tokenizer, files.weights)
    let stored = ClipValue.stored(clip, preprocessing, isSynthetic: false)
    announce(checkpoint, name)
    return OpenedClip(
      clip: ClipValue(
        clip, self, name: name, preprocessing: preprocessing,
        digest: WeightsDigest { stored.digest }),
      container: stateDict.kind.rawValue, precisions: Self.precisions(stateDict))
  }

  /// OpenAI's archives hold the program that made them, and its activation is QuickGELU.
  private static func completed(_ configuration: Configuration, _ stateDict: StateDict)
    -> Configuration
  {
    guard stateDict.isTorchScript else { return configuration }
    var result = configuration
    result.vision.activation = result.vision.activation ?? .quickGELU
    result.text.activation = result.text.activation ?? .quickGELU
    return result
  }

  private func read(_ checkpoint: ForeignCheckpoint, _ stateDict: StateDict, task: String?) throws
    -> Weights
  {
    var progress = task.map {
      Progress(
        title: $0, done: 0, total: checkpoint.architecture.tensors.count, facts: [], pictures: 0,
        state: .running)
    }
    let weights = try Weights(checkpoint.architecture) { name in
      if Self.isStopRequested { throw TensorError.cancelled }
      let tensor = try checkpoint.tensor(name) { try stateDict.tensor(named: $0) }
      progress?.done += 1
      if let progress { report(progress) }
      return tensor
    }
    progress?.state = .finished
    if let progress { report(progress) }
    return weights
  }

  /// The vocabulary of the folder, or the user's own where its size is the model's.
  private static func tokenizer(
    _ files: ClipSource, count: Int, _ cleaning: Vocabulary.Cleaning
  ) throws -> Tokenizer? {
    if let folder = files.folder,
      let own = try TokenizerFiles.tokenizer(inFolder: folder, cleaning: cleaning)
    {
      return own
    }
    guard let users = try TokenizerFiles.usersTokenizer(cleaning: cleaning), users.count == count
    else { return nil }
    return users
  }

  private static func precisions(_ stateDict: StateDict) -> [(name: String, count: Int)] {
    var counts: [(name: String, count: Int)] = []
    for entry in stateDict.entries where entry.type.isFloat {
      if let place = counts.firstIndex(where: { $0.name == entry.type.rawValue }) {
        counts[place].count += 1
      } else {
        counts.append((entry.type.rawValue, 1))
      }
    }
    return counts
  }

  // MARK: - Both

  private func announce(_ checkpoint: ForeignCheckpoint, _ name: String) {
    for assumption in checkpoint.assumptions { notice(Self.sentence(assumption, name)) }
    if !checkpoint.surplus.isEmpty {
      let count = checkpoint.surplus.count
      notice(
        "\(count) tensor\(count == 1 ? "" : "s") of \(name) are left out: "
          + checkpoint.surplus.prefix(5).map(Self.tensorName).joined(separator: ", ")
          + (count > 5 ? ", …" : ""))
    }
  }

  private static func checked<Result>(
    _ file: String, _ body: () throws(CheckpointError) -> Result
  ) throws(CheckpointFailure) -> Result {
    do throws(CheckpointError) {
      return try body()
    } catch {
      throw CheckpointFailure(file: file, error: error)
    }
  }

  private static func clip(_ weights: Weights, _ tokenizer: Tokenizer?, _ file: String) throws
    -> CLIP
  {
    try fitting(file) { () throws(CLIPError) in try CLIP(weights, tokenizer: tokenizer) }
  }

  /// A vocabulary that does not fit is a flaw of the file.
  private static func fitting<Result>(_ file: String, _ body: () throws(CLIPError) -> Result) throws
    -> Result
  {
    do throws(CLIPError) {
      return try body()
    } catch {
      guard case .vocabulary(let what) = error else { throw error }
      throw StoreError(file: file, .damaged("its vocabulary has \(what)"))
    }
  }
}
