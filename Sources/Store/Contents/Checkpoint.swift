internal import Tensor

/// A module's parameters, and the state of the training that made them.
///
/// `/parameters` holds one dataset for each parameter, under the path that a script sees
/// ("vision_prompt.3"), with its role. `/training` holds what it takes to go on as if training had
/// never stopped: the optimizer's buffers, epoch and step, the places of the random streams,
/// settings and curves.
package struct Checkpoint: Equatable {
  /// Parameters and kept values, in the module's order.
  package var entries: [Entry]
  /// Nil for a module that was saved by itself.
  package var state: TrainingState?

  /// A parameter, or a value that the module keeps.
  package struct Entry: Equatable {
    /// As a script sees it: "vision_prompt.3".
    package let path: String
    /// How the module declares it.
    package let role: Role
    /// A tensor; for kept state, any value.
    package let value: StoredValue

    /// An entry to be written.
    package init(_ path: String, _ role: Role, _ value: StoredValue) {
      self.path = path
      self.role = role
      self.value = value
    }

    /// Equal in every bit.
    package static func == (a: Entry, b: Entry) -> Bool {
      a.path.hasSameBytes(as: b.path) && a.role == b.role && a.value == b.value
    }
  }

  /// How a module declares an entry.
  package enum Role: String, Sendable {
    case param
    case frozen
    case state
  }

  static let parameters = "parameters"
  static let training = "training"
  private static let roleAttribute = "role"

  /// A checkpoint to be written.
  package init(_ entries: [Entry], state: TrainingState? = nil) {
    self.entries = entries
    self.state = state
  }

  /// Reads a checkpoint; the content hash is checked.
  package init(reading file: String) throws(StoreError) {
    try self.init(try Archive(reading: file), file: file)
  }

  /// The checkpoint in an archive that was read from `file`.
  package init(_ archive: Archive, file: String) throws(StoreError) {
    let path = "/" + Self.parameters
    guard let group = archive.root[Self.parameters] else {
      throw StoreError(file: file, path: path, .absent)
    }
    entries = []
    for child in group.children {
      let childPath = LinkName.path(path, child.name)
      let text = child.node.attribute(Self.roleAttribute)?.text ?? "none"
      guard let role = Role(rawValue: text) else {
        throw StoreError(
          file: file, path: childPath, .kind(expected: "a role", found: text))
      }
      let value = try StoredValue(child.node, file: file, path: childPath)
      entries.append(Entry(LinkName.unescaped(child.name), role, value))
    }
    if let node = archive.root[Self.training] {
      let value = try StoredValue(node, file: file, path: "/" + Self.training)
      state = try TrainingState(value, file: file, path: "/" + Self.training)
    }
  }

  /// Puts the checkpoint into an archive, in place of one that is there.
  package func store(in archive: inout Archive) throws(StoreError.Fault) {
    var children: [Node.Child] = []
    for entry in entries {
      var node = try Node(storing: entry.value)
      node.attributes.append(.init(Self.roleAttribute, .string(entry.role.rawValue)))
      children.append(.init(LinkName.escaped(entry.path), node))
    }
    archive.root.set([Self.parameters], to: Node(.group(children)))
    if let state { archive.root.set([Self.training], to: try Node(storing: state.value)) }
  }

  /// Writes a file that holds this checkpoint.
  @discardableResult
  package func write(to file: String, _ provenance: Provenance) throws(StoreError) -> String {
    var archive = Archive(provenance: provenance)
    do throws(Fault) {
      try store(in: &archive)
    } catch {
      throw StoreError(file: file, path: "/" + Self.parameters, error)
    }
    return try archive.write(to: file)
  }
}

extension Checkpoint {
  /// A place for a value: what a module expects to load.
  package struct Slot: Equatable, Sendable {
    /// As a script sees it.
    package let path: String
    /// The shape of a tensor; nil for a value of another kind.
    package let shape: [Int]?

    /// A slot for a tensor, or for another value.
    package init(_ path: String, shape: [Int]?) {
      self.path = path
      self.shape = shape
    }
  }

  /// The values for a module's slots, in the order of the slots. Names and shapes must be exactly
  /// those of the file; the error lists what is missing, surplus and misshapen.
  package func values(for slots: [Slot], file: String) throws(StoreError) -> [StoredValue] {
    var byName = [[UInt8]: StoredValue]()
    for entry in entries { byName[Array(entry.path.utf8)] = entry.value }
    var mismatch = NameMismatch()
    var values: [StoredValue] = []
    for slot in slots {
      guard let value = byName.removeValue(forKey: Array(slot.path.utf8)) else {
        mismatch.missing.append(slot.path)
        continue
      }
      values.append(value)
      guard value.tensorShape != slot.shape else { continue }
      mismatch.misshapen.append(
        .init(
          name: slot.path, expected: slot.shape.map { "\($0)" } ?? "a value",
          found: value.tensorShape.map { "\($0)" } ?? value.kind.rawValue))
    }
    for entry in entries where byName[Array(entry.path.utf8)] != nil {
      mismatch.surplus.append(entry.path)
    }
    guard mismatch.isEmpty else {
      throw StoreError(file: file, path: "/" + Self.parameters, .names(mismatch))
    }
    return values
  }
}

extension StoredValue {
  fileprivate var tensorShape: [Int]? {
    if case .tensor(let tensor) = self { tensor.shape } else { nil }
  }
}
