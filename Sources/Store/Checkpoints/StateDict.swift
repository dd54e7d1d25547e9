package import Tensor

/// The weights of a model as other programs save them: tensors by name, in the file's order, each read
/// when it is asked for.
///
/// Two containers are known, safetensors and the zip archives of torch (state dicts and TorchScript);
/// `Safetensors` and `TorchArchive` find out where the tensors lie, and from there on all are the same.
/// What the names mean is not known here, and nothing that a file holds is ever executed.
///
/// - `StoredView`, `Widening`: from the bytes of a file to a tensor
/// - `ZipDirectory`, `Pickle…`, `TorchArchive`: the way to the bytes in an archive of torch
/// - `StateDict+Shards`: one state dict in several files
package final class StateDict {
  /// The container.
  package enum Kind: String, Sendable {
    case safetensors
    case torch
    case torchScript = "TorchScript"
  }

  /// What is known of a tensor before it is read.
  package struct Entry {
    /// As the file has it.
    package let name: String
    let view: StoredView
    /// Which of the files.
    var source = 0

    /// The extents; empty for a scalar.
    package var shape: [Int] { view.shape }
    /// How the file keeps the elements; integers are never read.
    package var type: ScalarType { view.type }
    /// How many elements there are.
    package var count: Int { view.count }
  }

  /// The file, or the index of several, as the caller named it.
  package let file: String
  /// The container; that of the first file where there are several.
  package let kind: Kind
  /// In the order of the file.
  package let entries: [Entry]
  let sources: [Source]
  private let places: [ByteName: Int]

  init(file: String, kind: Kind, entries: [Entry], sources: [Source]) {
    self.file = file
    self.kind = kind
    self.entries = entries
    self.sources = sources
    places = Dictionary(
      entries.enumerated().map { (ByteName($1.name), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Opens a file of a format that its first bytes tell.
  package convenience init(reading path: String) throws(StoreError) {
    do throws(Fault) {
      let bytes = try FileBytes(opening: path)
      let tensors: [(name: String, view: StoredView)]
      let kind: Kind
      switch try Container(bytes, path) {
      case .safetensors: (tensors, kind) = (try Safetensors.tensors(bytes), .safetensors)
      case .zip:
        let archive = try TorchArchive(bytes)
        (tensors, kind) = (archive.tensors, archive.isTorchScript ? .torchScript : .torch)
      }
      self.init(
        file: path, kind: kind, entries: tensors.map { Entry(name: $0.name, view: $0.view) },
        sources: [Source(path, bytes, canBeMapped: kind == .safetensors)])
    } catch {
      throw StoreError(file: path, error)
    }
  }

  /// Whether the weights were saved together with a program.
  package var isTorchScript: Bool { kind == .torchScript }

  /// All names, in the order of the file.
  package var names: [String] { entries.map(\.name) }

  /// What is known of the tensor of a name.
  package subscript(name: String) -> Entry? { places[ByteName(name)].map { entries[$0] } }

  /// Reads a tensor. Float32 of a safetensors file stays in the mapped file; all else is widened to
  /// Float32, exactly but for Float64, which is rounded. Throws for integers and unknown names.
  package func tensor(named name: String) throws(StoreError) -> Tensor {
    guard let entry = self[name] else {
      throw StoreError(file: file, path: TextWidth.quoted(name), .absent)
    }
    let source = sources[entry.source]
    do throws(Fault) {
      return try source.tensor(entry.view)
    } catch {
      throw StoreError(file: source.file, path: TextWidth.quoted(name), error)
    }
  }

  /// An open file, mapped at most once; each of its checksums is compared once.
  final class Source {
    let file: String
    private let bytes: FileBytes
    private let canBeMapped: Bool
    private var mapping: FileMapping?
    private var verified: Set<Int> = []

    init(_ file: String, _ bytes: FileBytes, canBeMapped: Bool) {
      self.file = file
      self.bytes = bytes
      self.canBeMapped = canBeMapped
    }

    var size: Int { bytes.size }

    /// Compares the checksum of a storage, the first time.
    func verify(_ storage: StoredBytes) throws(Fault) {
      guard storage.checksum != nil, !verified.contains(storage.place) else { return }
      try storage.verify(bytes)
      verified.insert(storage.place)
    }

    func tensor(_ view: StoredView) throws(Fault) -> Tensor {
      try verify(view.storage)
      if canBeMapped, mapping == nil { mapping = try bytes.map() }
      return try view.tensor(bytes, mapping: mapping)
    }
  }
}

/// What the first bytes of a file tell.
private enum Container {
  case safetensors
  case zip

  /// How torch before version 1.6 began: a pickled number, then pickles and raw storages.
  private static let legacy: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]

  init(_ source: FileBytes, _ path: String) throws(Fault) {
    let head = try source.bytes(at: 0, count: min(64, source.size))
    if head.starts(with: Array("PK\u{3}\u{4}".utf8))
      || head.starts(with: Array("PK\u{5}\u{6}".utf8))
    {
      self = .zip
    } else if head.starts(with: Self.legacy) {
      throw .legacyTorch
    } else if head.count > 8 && head[8] == UInt8(ascii: "{") || path.hasSuffix(".safetensors") {
      self = .safetensors
    } else {
      throw .notWeights(found: Self.name(of: head))
    }
  }

  private static func name(of head: [UInt8]) -> String {
    if head.isEmpty { return "an empty file" }
    if head.starts(with: [0x89] + Array("HDF\r\n".utf8)) { return "an HDF5 file" }
    if head.starts(with: Array("version https://git-lfs".utf8)) { return "a Git LFS pointer" }
    if head[0] == 0x80 { return "a bare pickle" }
    return head.allSatisfy { (0x20..<0x7F).contains($0) || (0x09...0x0D).contains($0) }
      ? "text" : "something else"
  }
}
