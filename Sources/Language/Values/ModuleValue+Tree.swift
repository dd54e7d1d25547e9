/// The parameters of a module as one ordered tree.
///
/// A path is the way a script would write it: the name of a field, then positions in lists and keys
/// in records, then the fields of child modules: `text_to_vision.0.weight`. What an included module
/// holds stands beside the module's own. A `nil` in a list has no path and keeps its position. What
/// can be reached in two ways is listed once, where it is met first; so a module that contains itself
/// does no harm.
extension ModuleValue {
  /// One parameter.
  package struct Entry {
    /// Its path.
    package let path: String
    /// How it was declared.
    package let role: ParameterRole
    /// Its value: a host object, or for `frozen` and `state` possibly a plain value.
    package let value: Value
    /// The module that declares it.
    package let owner: ModuleValue
    /// The field of the owner that holds it, and the way into that: positions and keys.
    let field: Int
    let way: [String]
  }

  /// Gives a `state` that is a plain value another one, as a checkpoint does that is loaded.
  package func set(_ entry: Entry, to value: Value) {
    guard entry.role == .state, let old = entry.owner.fields[entry.field] else { return }
    entry.owner.fields[entry.field] = Self.replaced(in: old, entry.way[...], value)
  }

  private static func replaced(
    in old: Value, _ way: ArraySlice<String>, _ value: Value
  ) -> Value {
    guard let step = way.first else { return value }
    switch old {
    case .list(let box):
      var items = box.items
      guard let position = Int(step), items.indices.contains(position) else { return old }
      items[position] = replaced(in: items[position], way.dropFirst(), value)
      return Value(items)
    case .record(let box):
      var record = box.record
      guard let element = record[step] else { return old }
      record[step] = replaced(in: element, way.dropFirst(), value)
      return Value(record)
    default: return old
    }
  }

  /// All parameters of this module and its children, in the order of declaration.
  package var entries: [Entry] {
    var walk = TreeWalk()
    walk.visit(self, path: "")
    return walk.entries
  }

  /// The entries of one role, by path.
  package func parameters(_ role: ParameterRole = .param) -> Record {
    Record(entries.filter { $0.role == role }.map { ($0.path, $0.value) })
  }

  /// The modules among the fields, also inside lists and records and in what is included, with their
  /// paths.
  package var children: [(path: String, module: ModuleValue)] {
    var walk = TreeWalk()
    walk.entersChildren = false
    walk.visit(self, path: "")
    return walk.children
  }
}

/// A walk over the fields of a module.
private struct TreeWalk {
  var entries: [ModuleValue.Entry] = []
  var children: [(path: String, module: ModuleValue)] = []
  var entersChildren = true
  private var seen: Set<ObjectIdentifier> = []
  private var depth = 0

  /// Modules inside each other; deeper ones cannot be reached by a path anybody would write.
  private static let depthLimit = 200

  mutating func visit(_ module: ModuleValue, path: String) {
    guard seen.insert(ObjectIdentifier(module)).inserted, depth < Self.depthLimit else { return }
    depth += 1
    for (number, field) in module.definition.template.fields.enumerated() where field.isOwn {
      guard number < module.fields.count, let value = module.fields[number] else { continue }
      if field.kind == .include, case .module(let included) = value {
        visit(included, path: path)
      } else {
        visit(
          value, Place(path: Self.join(path, field.name), field: number, way: []), field.role,
          module)
      }
    }
    depth -= 1
  }

  private static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }

  /// Where a value stands.
  private struct Place {
    var path: String
    let field: Int
    var way: [String]

    func inside(_ step: String) -> Place {
      Place(path: TreeWalk.join(path, step), field: field, way: way + [step])
    }
  }

  private mutating func visit(
    _ value: Value, _ place: Place, _ role: ParameterRole?, _ module: ModuleValue
  ) {
    switch value {
    // Without a role only modules count, and those of a shared list have been met already.
    case .list(let box) where role == nil && !seen.insert(ObjectIdentifier(box)).inserted: break
    case .record(let box) where role == nil && !seen.insert(ObjectIdentifier(box)).inserted: break
    case .list(let box):
      for (position, element) in box.items.enumerated() {
        visit(element, place.inside("\(position)"), role, module)
      }
    case .record(let box):
      for (key, element) in box.record.entries { visit(element, place.inside(key), role, module) }
    case .module(let child):
      children.append((place.path, child))
      if entersChildren { visit(child, path: place.path) }
    case .nil: break
    default: if let role { add(value, place, role, module) }
    }
  }

  private mutating func add(
    _ value: Value, _ place: Place, _ role: ParameterRole, _ module: ModuleValue
  ) {
    if let object = value.object, !seen.insert(ObjectIdentifier(object)).inserted { return }
    entries.append(
      ModuleValue.Entry(
        path: place.path, role: role, value: value, owner: module, field: place.field,
        way: place.way))
  }
}
