internal import Autograd
internal import Foundation
internal import Language
internal import Store
internal import Tensor

/// Saving to and loading from HDF5 files.
extension Engine {
  func storeNatives() -> [Native] {
    [
      Native(
        "save(path: String, value, at: String? = nil)",
        """
        Writes a value to an HDF5 file, which is replaced as a whole or not at all.

        A module becomes a checkpoint, a result its arrays with named axes, a CLIP its weights. \
        Anything else (tensors, numbers, texts, lists, records, tables) goes to the place `at`, \
        "/value" if none is given, beside what the file holds already; so does a result with `at`. A file that Duet did not \
        write is never overwritten.
        """
      ) { [self] arguments in
        try save(arguments)
        return .nil
      },
      Native(
        "load(path: String, at: String? = nil, into = nil)",
        """
        Reads what `save` wrote: the value at a place, a result, or the parameters of a checkpoint as \
        a record.

        With `into: m` the parameters of the module are replaced by those of the file, exactly: names \
        and shapes that differ are an error, and nothing is changed then. Files that others wrote are \
        read at a place, too.
        """
      ) { [self] in try load($0) },
      Native(
        "tree(path: String) -> String", "What a file holds: names, shapes, types, attributes."
      ) { arguments in
        Value(try Listing(of: try arguments.string(0), width: 100).text)
      },
      Native(
        "file_exists(path: String) -> Bool", "Whether there is a file.",
        example: "file_exists(\"/no/such/file\")\nfalse"
      ) {
        .bool(FileManager.default.fileExists(atPath: try $0.string(0)))
      },
    ]
  }

  // MARK: - Saving

  private func save(_ arguments: borrowing Arguments) throws {
    guard writesFiles else { return }
    let path = try arguments.string(0)
    let place = try arguments.optionalString(2)
    try Self.check(path, arguments)
    try Self.makeFolder(of: path)
    if let module = arguments[1].module {
      try refuse(place, arguments, "a module")
      try checkpoint(of: module, state: nil).write(to: path, provenance())
    } else if let clip = arguments[1].object as? ClipValue {
      try refuse(place, arguments, "a CLIP")
      try clip.weights.write(to: path, provenance())
    } else if let result = arguments[1].object as? ResultValue {
      let node = try result.stored.node
      if let place {
        // Several results beside each other: none is what the whole file is about.
        try Archive.save(node, at: place, of: path, provenance())
      } else {
        var archive = Archive(provenance: provenance(about: result.about))
        archive.root.set([Results.group], to: node)
        try archive.write(to: path)
      }
    } else {
      try Archive.save(
        stored(arguments[1]), at: place ?? Archive.defaultPlace, of: path, provenance())
    }
  }

  private func refuse(_ place: String?, _ arguments: borrowing Arguments, _ what: String) throws {
    if place != nil {
      throw arguments.fault(2, "does not go with \(what), which has its own place")
    }
  }

  /// The folder of a file that is to be written, made if it is missing.
  static func makeFolder(of path: String) throws {
    var missing: [String] = []
    var folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
      missing.append(folder.path)
      folder.deleteLastPathComponent()
    }
    for folder in missing.reversed() where unsafe mkdir(folder, 0o777) != 0 && errno != EEXIST {
      let reason = unsafe String(cString: strerror(errno))
      throw Fault(
        "file", "'\(path)' cannot be saved: the folder '\(folder)' cannot be made: \(reason)")
    }
  }

  /// Refuses a path that names no file.
  static func check(_ path: String, _ arguments: borrowing Arguments, _ place: Int = 0) throws {
    if path.isEmpty || path.hasSuffix("/") || [".", ".."].contains(path) {
      throw arguments.fault(place, path.isEmpty ? "is empty, and names no file" : "names a folder")
    }
  }

  /// Saves a result with what the file already holds of it, which the result takes over.
  func keep(_ result: ResultValue, _ arguments: borrowing Arguments) throws {
    guard writesFiles else { return }
    let path = try arguments.string(0)
    try Self.check(path, arguments)
    try Self.makeFolder(of: path)
    try Archive.update(path) { earlier in
      if let earlier {
        guard let node = earlier.root[Results.group] else {
          throw StoreError(file: path, path: "/" + Results.group, .absent)
        }
        try result.adopt(ResultValue(Results(node, file: path), self))
      }
      var archive = earlier ?? Archive()
      archive.provenance = provenance(about: result.about)
      archive.root.set([Results.group], to: try result.stored.node)
      return archive
    }
  }

  func checkpoint(of module: ModuleValue, state: TrainingState?) throws -> Checkpoint {
    Checkpoint(
      try module.entries.map { entry in
        .init(entry.path, Checkpoint.Role(entry.role), try stored(entry.value))
      }, state: state)
  }

  // MARK: - Loading

  private func load(_ arguments: borrowing Arguments) throws -> Value {
    let path = try arguments.string(0)
    if !arguments.isNil(2) {
      if !arguments.isNil(1) { throw arguments.fault(1, "does not go with 'into'") }
      try restore(Checkpoint(reading: path), into: arguments.module(2), path)
      return .nil
    }
    if let place = try arguments.optionalString(1) {
      let node = try Archive.node(at: place, of: path)
      if Results.isKept(in: node) {
        return Value(try ResultValue(Results(node, file: path, path: place), self))
      }
      return try value(StoredValue(node, file: path, path: place))
    }
    let archive = try Archive(reading: path)
    if let node = archive.root["results"] {
      return Value(try ResultValue(Results(node, file: path), self))
    }
    if archive.root["parameters"] != nil {
      let entries = try Checkpoint(archive, file: path).entries
      return Value(Record(try entries.map { ($0.path, try value($0.value)) }))
    }
    if archive.root["clip"] != nil {
      throw Fault(
        "file", "'\(path)' holds the weights of a CLIP", help: "`load_clip(\"\(path)\")` loads them"
      )
    }
    guard let node = archive.root.node(at: Archive.defaultPlace) else {
      let places = archive.root.children.map { "`at: \"/\($0.name)\"`" }
      throw Fault(
        "file", "'\(path)' has nothing at \(Archive.defaultPlace)",
        help: places.isEmpty ? nil : "it has " + places.joined(separator: ", "))
    }
    return try value(StoredValue(node, file: path, path: Archive.defaultPlace))
  }

  /// Puts a checkpoint's values into a module, all of them or none.
  func restore(_ checkpoint: Checkpoint, into module: ModuleValue, _ path: String) throws {
    let entries = module.entries
    let values = try checkpoint.values(
      for: entries.map { .init($0.path, shape: ($0.value.object as? TensorValue)?.shape) },
      file: path)
    var changes: [(TensorValue, Tensor)] = []
    var states: [(ModuleValue.Entry, Value)] = []
    for (entry, value) in zip(entries, values) {
      guard let target = entry.value.object as? TensorValue else {
        let own = try stored(entry.value)
        if own == value { continue }
        guard entry.role == .state, own.kind == value.kind else {
          throw Fault(
            "file", "'\(entry.path)' is a plain value of the module and differs in '\(path)'")
        }
        states.append((entry, try self.value(value)))
        continue
      }
      guard case .tensor(let tensor) = value else { continue }
      changes.append((target, tensor))
    }
    for (target, tensor) in changes { try target.variable.assign(tensor) }
    for (entry, value) in states { module.set(entry, to: value) }
  }
}

extension Checkpoint.Role {
  init(_ role: ParameterRole) {
    self =
      switch role {
      case .param: .param
      case .frozen: .frozen
      case .state: .state
      }
  }
}
