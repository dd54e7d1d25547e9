/// Where the content of a file comes from.
///
/// It is written to `/provenance`: the script and the settings as texts, the rest as attributes.
/// What differs when the same work is done again goes to `/provenance/volatile`, which is no part of
/// the content hash.
package struct Provenance: Equatable, Sendable {
  /// The text of the script.
  package var script: String?
  /// The complete settings, as JSON.
  package var settings: String?
  /// The seed from which all random streams follow.
  package var seed: Int?
  /// The digest of the data.
  package var datasetDigest: String?
  /// ``StoredWeights/digest`` of the model.
  package var weightsDigest: String?
  /// "duet", "openblas", "openblas_core", …; that of HDF5 is added when the file is written.
  package var versions: [Version] = []
  /// The files whose content was joined, and where these came from.
  package var sources: [Source] = []
  /// What is no part of the content hash.
  package var volatile = Volatile()

  /// A file whose content went into another one.
  package struct Source: Equatable, Sendable {
    /// The content hash that it carried.
    package let contentHash: String
    /// Where it came from; its own sources stand beside it instead.
    package let provenance: Provenance

    /// A file with its hash.
    package init(contentHash: String, _ provenance: Provenance) {
      self.contentHash = contentHash
      self.provenance = provenance
    }
  }

  /// A program or library that took part.
  package struct Version: Equatable, Sendable {
    /// In small letters: "openblas".
    package let name: String
    /// Its version, as it says it.
    package let text: String

    /// A version to be noted.
    package init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  /// What differs from run to run.
  package struct Volatile: Equatable, Sendable {
    /// Date and time, as ISO 8601 writes them.
    package var created: String?
    /// The machine's name.
    package var host: String?
    /// The program's arguments, its own name first.
    package var commandLine: [String] = []
    /// Files and folders that were read.
    package var paths: [String] = []
    /// Seconds that the work took.
    package var wallTime: Double?

    /// Nothing is known.
    package init() {}
  }

  /// Nothing is known.
  package init() {}

  /// The group in which it is kept.
  static let group = "provenance"
  private static let versionPrefix = "version_"
  private static let volatileGroup = "volatile"
  /// The sources' provenance, and in the volatile part again what is volatile of them.
  private static let sourcesGroup = "sources"
}

extension Provenance {
  /// The group `/provenance`.
  var node: Node {
    get throws(Fault) {
      var children: [Node.Child] = []
      var attributes: [Node.Attribute] = []
      if let script {
        children.append(.init("script", try Node(storing: .string(script))))
        attributes.append(.init("script_sha256", .string(Digest.sha256(script))))
      }
      if let settings { children.append(.init("settings", try Node(storing: .string(settings)))) }
      if let seed { attributes.append(.init("seed", .integer(seed))) }
      if let datasetDigest { attributes.append(.init("dataset_digest", .string(datasetDigest))) }
      if let weightsDigest { attributes.append(.init("weights_digest", .string(weightsDigest))) }
      for version in versions {
        attributes.append(.init(Self.versionPrefix + version.name, .string(version.text)))
      }
      var volatileSources: [Node.Child] = []
      if !sources.isEmpty {
        var nodes: [Node.Child] = []
        for (number, source) in sources.enumerated() {
          var node = try source.provenance.node
          let own = node.children.filter { $0.name != Self.volatileGroup }
          let moved = node[Self.volatileGroup] ?? Node(.group([]))
          node.content = .group(own)
          node.attributes.append(.init(ContentHash.attribute, .string(source.contentHash)))
          nodes.append(.init("\(number)", node))
          volatileSources.append(.init("\(number)", moved))
        }
        children.append(.init(Self.sourcesGroup, Node(.group(nodes))))
        volatileSources = [.init(Self.sourcesGroup, Node(.group(volatileSources)))]
      }
      children.append(
        .init(Self.volatileGroup, Node(.group(volatileSources), volatile.attributes)))
      return Node(.group(children), attributes)
    }
  }

  init(_ node: Node, file: String) throws(StoreError) {
    func text(_ name: String) throws(StoreError) -> String? {
      guard let child = node[name] else { return nil }
      let path = "/\(Self.group)/\(name)"
      guard case .string(let text) = try StoredValue(child, file: file, path: path) else {
        throw StoreError(file: file, path: path, .kind(expected: "string", found: child.summary))
      }
      return text
    }
    script = try text("script")
    settings = try text("settings")
    seed = node.attribute("seed")?.integer
    datasetDigest = node.attribute("dataset_digest")?.text
    weightsDigest = node.attribute("weights_digest")?.text
    versions = node.attributes.compactMap { attribute in
      guard attribute.name.hasPrefix(Self.versionPrefix), let text = attribute.value.text else {
        return nil
      }
      return Version(String(attribute.name.dropFirst(Self.versionPrefix.count)), text)
    }
    if let volatile = node[Self.volatileGroup] { self.volatile = Volatile(volatile) }
    let moved = node[Self.volatileGroup]?[Self.sourcesGroup]
    for child in node[Self.sourcesGroup]?.children ?? [] {
      // Sources have none of their own: a file cannot make its reader go deeper.
      var own = child.node
      own.content = .group(own.children.filter { $0.name != Self.sourcesGroup })
      var provenance = try Provenance(own, file: file)
      if let volatile = moved?[child.name] { provenance.volatile = Volatile(volatile) }
      let hash = child.node.attribute(ContentHash.attribute)?.text ?? ""
      sources.append(Source(contentHash: hash, provenance))
    }
  }
}

extension Provenance.Volatile {
  fileprivate var attributes: [Node.Attribute] {
    var attributes: [Node.Attribute] = []
    if let created { attributes.append(.init("created", .string(created))) }
    if let host { attributes.append(.init("host", .string(host))) }
    if !commandLine.isEmpty { attributes.append(.init("command_line", .strings(commandLine))) }
    if !paths.isEmpty { attributes.append(.init("paths", .strings(paths))) }
    if let wallTime { attributes.append(.init("wall_time_s", .float(wallTime))) }
    return attributes
  }

  fileprivate init(_ node: Node) {
    created = node.attribute("created")?.text
    host = node.attribute("host")?.text
    commandLine = node.attribute("command_line")?.texts ?? []
    paths = node.attribute("paths")?.texts ?? []
    if case .floats(let seconds)? = node.attribute("wall_time_s")?.elements {
      wallTime = seconds.first
    }
  }
}
