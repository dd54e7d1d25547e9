package import Foundation
internal import Language
internal import Store
internal import Tensor

extension Engine {
  /// What the program tells the engine about the run, for the files that it writes.
  package struct Run {
    /// The text that is being run.
    package var script: String?
    package var commandLine: [String] = []
    /// When it began.
    package var start = Date()

    package init() {}
  }

  /// The versions of everything that numbers depend on.
  package func versions() -> [(name: String, text: String)] {
    var versions = [("duet", Self.version)]
    switch BLAS.shared {
    case .success(let blas):
      versions.append(("openblas", blas.configuration))
      versions.append(("openblas_core", blas.core))
    case .failure(let error): versions.append(("openblas", fault(for: error)?.message ?? "missing"))
    }
    return versions
  }

  /// Where the content of a file that is about to be written comes from.
  func provenance(settings: Value? = nil, seed: Int? = nil, about: Record? = nil) -> Provenance {
    var provenance = Provenance()
    provenance.script = run.script
    provenance.settings = (settings ?? about.map { Value($0) }).map(Self.json)
    provenance.seed = seed ?? self.seed
    provenance.datasetDigest = datasetDigest
    provenance.weightsDigest = weightsDigest?.text
    provenance.versions = versions().map { .init($0.name, $0.text) }
    provenance.volatile.created = ISO8601DateFormatter().string(from: Date())
    provenance.volatile.host = ProcessInfo.processInfo.hostName
    provenance.volatile.commandLine = run.commandLine
    provenance.volatile.wallTime = Date().timeIntervalSince(run.start)
    return provenance
  }

  /// JSON of a value; what JSON does not know becomes text.
  static func json(_ value: Value) -> String {
    switch value {
    case .nil: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): "\(number)"
    case .float(let number): number.isFinite ? "\(number)" : "\"\(number)\""
    case .list(let box): "[" + box.items.map(json).joined(separator: ", ") + "]"
    case .record(let box):
      "{"
        + box.record.entries.map { "\(quoted($0.key)): \(json($0.value))" }.joined(separator: ", ")
        + "}"
    default: quoted(value.string ?? ResultValue.Label(value)?.text ?? value.kind)
    }
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let data = try? encoder.encode(text)
    return data.map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
