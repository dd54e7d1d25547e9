extension Archive {
  /// Writes the file, atomically, in place of one that Duet wrote; returns the content hash. Waits for
  /// other processes that write it.
  @discardableResult
  package func write(to file: String) throws(StoreError) -> String {
    try write(to: file, at: { _ in })
  }

  /// Writes as ``write(to:)`` does; `stage` is told how far it has come, and an error that it throws
  /// ends the writing there.
  @discardableResult
  package func write(
    to file: String, at stage: (AtomicFile.Stage) throws(StoreError.Fault) -> Void
  ) throws(StoreError) -> String {
    let content = try content(file)
    let lock = try Self.lock(file)
    defer { lock.release() }
    return try content.replace(file, at: stage)
  }

  /// The right to replace a file, if it may be replaced.
  private static func lock(_ file: String) throws(StoreError) -> WritingLock {
    try checkReplaceable(file)
    do throws(Fault) {
      return try WritingLock(for: file)
    } catch {
      throw StoreError(file: file, error)
    }
  }

  /// What is written: a tree that has been checked, and its hash.
  private struct Content {
    let tree: Node
    let bytes: Int
    let hash: String

    /// Writes the file, for which the caller holds the lock.
    func replace(
      _ file: String, at stage: (AtomicFile.Stage) throws(StoreError.Fault) -> Void = { _ in }
    ) throws(StoreError) -> String {
      try Archive.checkReplaceable(file)
      do throws(Fault) {
        try HDF5.takingTurn { (turn: borrowing HDF5.Turn) throws(Fault) in
          try unsafe TreeWriter.write(tree, hash: hash, bytes: bytes, turn) {
            (image) throws(Fault) in
            try unsafe AtomicFile.write(image, to: file, at: stage)
          }
        }
      } catch {
        throw StoreError(file: file, error)
      }
      return hash
    }
  }

  private func content(_ file: String) throws(StoreError) -> Content {
    let tree = try complete(file)
    let check = try TreeCheck(tree, file: file)
    return Content(tree: tree, bytes: check.bytes, hash: ContentHash.of(tree))
  }

  /// The tree with everything that Duet adds, except the hash.
  private func complete(_ file: String) throws(StoreError) -> Node {
    guard case .group(var children) = root.content else {
      throw StoreError(file: file, .kind(expected: "group", found: root.summary))
    }
    guard root[Provenance.group] == nil else {
      throw StoreError(
        file: file, path: "/\(Provenance.group)", .refused("the name \(Provenance.group)"))
    }
    var provenance = provenance
    provenance.versions.removeAll { $0.name == "hdf5" }
    provenance.versions.append(.init("hdf5", HDF5.version))
    do throws(Fault) {
      children.append(.init(Provenance.group, try provenance.node))
    } catch {
      throw StoreError(file: file, path: "/\(Provenance.group)", error)
    }
    let own: [Node.Attribute] = [
      .init(Self.schemaAttribute, .string(Self.schema)),
      .init("duet_schema_version", .string(Self.schemaVersion)),
      .init("generator", .string("Duet, HDF5 \(HDF5.version)")),
    ]
    return Node(.group(children), own + root.attributes)
  }

  /// Whether a file may be replaced: there is none, or Duet wrote it under this schema. A damaged
  /// file is not replaced, unless it still says that it is Duet's.
  private static func checkReplaceable(_ file: String) throws(StoreError) {
    do throws(StoreError) {
      let tree = try FileTree(reading: file, ReadLimits())
      guard try tree.schema() != nil else { throw StoreError(file: file, .notDuet) }
    } catch {
      switch error.fault {
      case .noFile: return
      case .notHDF5, .damaged, .unsupported, .tooMany, .tooLarge:
        throw StoreError(file: file, .notDuet)
      default: throw error
      }
    }
  }
}

extension Archive {
  /// Where `save(path, value)` puts a value when it is given no place.
  package static let defaultPlace = "/value"
  /// Groups whose content has a form of its own.
  private static let reserved = [
    Provenance.group, StoredWeights.group, Checkpoint.parameters, Checkpoint.training,
    Results.group,
  ]

  /// Stores a value at a place of a file and keeps the rest of it; makes the file if there is none.
  /// The provenance becomes that of this value. What another process saves at another place at the same
  /// time is kept, too.
  @discardableResult
  package static func save(
    _ value: StoredValue, at place: String = defaultPlace, of file: String, _ provenance: Provenance
  ) throws(StoreError) -> String {
    try save(node(of: value, at: place, file), at: place, of: file, provenance)
  }

  private static func node(of value: StoredValue, at place: String, _ file: String)
    throws(StoreError) -> Node
  {
    do throws(Fault) {
      return try Node(storing: value)
    } catch {
      throw StoreError(file: file, path: place, error)
    }
  }

  /// The same of a group or array that is made already.
  @discardableResult
  package static func save(
    _ node: Node, at place: String, of file: String, _ provenance: Provenance
  ) throws(StoreError) -> String {
    let lock = try lock(file)
    defer { lock.release() }
    var archive = try existing(file) ?? Archive()
    archive.provenance = provenance
    try archive.set(place, to: node, file: file)
    return try archive.content(file).replace(file)
  }

  /// Replaces a file by what `change` makes of it, or of nil if there is none. No other process writes
  /// it between the reading and the writing.
  @discardableResult
  package static func update(
    _ file: String, _ change: (Archive?) throws -> Archive
  ) throws -> String {
    let lock = try lock(file)
    defer { lock.release() }
    return try change(existing(file)).content(file).replace(file)
  }

  /// A file of Duet's; nil if there is none.
  private static func existing(_ file: String) throws(StoreError) -> Archive? {
    do throws(StoreError) {
      return try Archive(reading: file)
    } catch {
      guard error.fault == .noFile else { throw error }
      return nil
    }
  }

  /// Puts a value at a place such as "/a/b", in place of what is there.
  package mutating func set(_ place: String, to value: StoredValue, file: String)
    throws(StoreError)
  {
    try set(place, to: Self.node(of: value, at: place, file), file: file)
  }

  /// The same with a group or array that is made already.
  mutating func set(_ place: String, to node: Node, file: String) throws(StoreError) {
    let names = place.split(separator: "/").map(String.init)
    func refused(_ why: String) -> StoreError { StoreError(file: file, path: place, .refused(why)) }
    guard let first = names.first, names.allSatisfy(LinkName.isUsable) else {
      throw refused("the path \(place.debugDescription)")
    }
    guard !Self.reserved.contains(first) else { throw refused("the name \(first)") }
    for count in 1..<max(1, names.count) {
      let path = "/" + names[..<count].joined(separator: "/")
      guard let parent = root.node(at: path) else { break }
      guard case .group = parent.content, parent.kind == nil || parent.kind == .record else {
        throw StoreError(
          file: file, path: path,
          .kind(expected: "group", found: parent.kind?.rawValue ?? parent.summary))
      }
    }
    root.set(names, to: node)
  }
}
