/// A Duet file in memory: its content and its provenance.
///
/// Files are read and written as wholes. Reading checks the content hash of what Duet wrote; writing
/// replaces the file atomically and only if it is missing or Duet's own.
package struct Archive {
  /// Groups and values by name, without `/provenance` and the root attributes of the schema.
  package var root: Node
  /// Where the content is from.
  package var provenance: Provenance
  /// The content hash that the file carries; nil for what is not yet written, or not Duet's.
  package private(set) var contentHash: String?

  /// The schema that this version writes and reads.
  package static let schema = "duet/1"
  /// Its version: additions count up the second number.
  package static let schemaVersion = "1.0.0"

  static let schemaAttribute = "duet_schema"
  private static let ownAttributes = [
    schemaAttribute, "duet_schema_version", "generator", ContentHash.attribute,
  ]

  /// A file to be written.
  package init(root: Node = Node(.group([])), provenance: Provenance = Provenance()) {
    self.root = root
    self.provenance = provenance
  }

  /// How a file is read.
  package struct ReadOptions: Equatable, Sendable {
    /// What the file may make its reader do.
    package var limits = ReadLimits()
    /// Whether the content hash of a file that Duet wrote is compared with the content.
    package var checksHash = true

    /// The hash is checked, and limits are the usual ones.
    package init() {}
  }

  /// Reads a file of Duet's or of anybody.
  package init(reading file: String, _ options: ReadOptions = ReadOptions()) throws(StoreError) {
    let (root, isDuets) = try Self.wholeTree(file, options)
    guard isDuets else {
      self.root = root
      provenance = Provenance()
      return
    }
    self.root = Node(
      .group(root.children.filter { $0.name != Provenance.group }),
      root.attributes.filter { !Self.ownAttributes.contains($0.name) })
    contentHash = root.attribute(ContentHash.attribute)?.text
    provenance = Provenance()
    if let node = root[Provenance.group] { provenance = try Provenance(node, file: file) }
  }

  /// A file exactly as it is, and whether Duet wrote it, in which case its hash has been checked.
  static func wholeTree(_ file: String, _ options: ReadOptions) throws(StoreError) -> (Node, Bool) {
    let tree = try FileTree(reading: file, options.limits)
    let isDuets = try tree.schema() != nil
    let root = try tree.node(tree.root, mapping: try tree.mapping())
    if isDuets, options.checksHash { try checkHash(of: root, file) }
    return (root, isDuets)
  }

  /// Compares the hash that a file carries with that of its content, and returns it.
  @discardableResult
  private static func checkHash(of root: Node, _ file: String) throws(StoreError) -> String {
    guard let stored = root.attribute(ContentHash.attribute)?.text else {
      throw StoreError(file: file, .unfinished)
    }
    let computed = ContentHash.of(root)
    guard stored == computed else {
      throw StoreError(file: file, .contentHash(stored: stored, computed: computed))
    }
    return stored
  }

  /// Everything below a path of a file: of a file of Duet's after the whole was checked, of any
  /// other file without reading the rest.
  package static func node(
    at path: String, of file: String, _ options: ReadOptions = ReadOptions()
  ) throws(StoreError) -> Node {
    let tree = try FileTree(reading: file, options.limits)
    let isChecked = try tree.schema() != nil && options.checksHash
    let object = try tree.object(at: path)
    let mapping = try tree.mapping()
    guard isChecked else { return try tree.node(object, mapping: mapping) }
    let root = try tree.node(tree.root, mapping: mapping)
    try checkHash(of: root, file)
    guard let node = root.node(at: path) else { throw StoreError(file: file, path: path, .absent) }
    return node
  }

  /// Computes the content hash of a file of Duet's, compares it with the one it carries, and
  /// returns it.
  package static func verify(_ file: String, limits: ReadLimits = ReadLimits()) throws(StoreError)
    -> String
  {
    let tree = try FileTree(reading: file, limits)
    guard try tree.schema() != nil else { throw StoreError(file: file, .notDuet) }
    return try checkHash(of: try tree.node(tree.root, mapping: try tree.mapping()), file)
  }
}

extension FileTree {
  /// The schema of a file of Duet's; nil for any other file. A schema of a later Duet is an error.
  func schema() throws(StoreError) -> String? {
    guard let schema = root.text(Archive.schemaAttribute) else { return nil }
    guard schema == Archive.schema else { throw StoreError(file: file, .schema(found: schema)) }
    return schema
  }

  /// A mapping for the weights of a file of Duet's. Files are replaced and never changed in place by
  /// Duet, so that a mapping stays what it was; with strangers' files that would be a hope.
  func mapping() throws(StoreError) -> FileMapping? {
    guard try schema() != nil, root.children.contains(where: { $0.name == StoredWeights.group })
    else {
      return nil
    }
    do throws(Fault) {
      return try source.map()
    } catch {
      throw StoreError(file: file, error)
    }
  }
}
