internal import Foundation
internal import Tensor

/// The contents of a file as a text: shapes, types, sizes, attributes, the values of scalars.
///
///     method.h5: Duet file, schema duet/1, 18.4 KiB
///     content hash 4f0c…: matches
///     /
///     ├─ parameters/
///     │  └─ ctx      tensor float32 [4, 512]   8.0 KiB   role = "param"
///     └─ training/
///        └─ epoch    int64 = 5
///
/// Any HDF5 file can be listed, also one that Duet would refuse to read: what is damaged or not
/// supported is named in its place. Nothing in a file reaches the terminal unless it is printable.
package struct Listing {
  /// The lines, without a final newline.
  package let text: String
  /// Whether the content is what was written.
  package let hash: HashState

  /// What is known of the content hash.
  package enum HashState: Equatable, Sendable {
    /// Duet did not write the file.
    case none
    /// The file carries this hash; nobody has compared it.
    case unchecked(String)
    case matches(String)
    case differs(stored: String, computed: String)
    /// A file of Duet's without a hash, or one whose content cannot be read.
    case broken(StoreError.Fault)
  }

  /// Lists a file. Lines are cut at `width`, groups after `children` entries; with `verify`,
  /// everything is read and the content hash compared.
  package init(
    of file: String, width: Int = 100, children: Int = .max, verify: Bool = false,
    limits: ReadLimits = ReadLimits()
  ) throws(StoreError) {
    let tree = try FileTree(reading: file, limits)
    hash = Self.hashState(tree, verify, limits)
    var rows = Rows(tree: tree, children: max(1, children))
    rows.add(tree.root)
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let kind =
      tree.root.text(Archive.schemaAttribute).map { "Duet file, schema \($0)" } ?? "HDF5 file"
    let head = "\(name): \(kind), \(Self.size(tree.source.size))"
    let lines = [TextWidth.visible(head)] + Self.words(hash) + rows.lines
    text = lines.map { TextWidth.clipped($0, to: width) }.joined(separator: "\n")
  }

  private static func hashState(_ tree: FileTree, _ verify: Bool, _ limits: ReadLimits) -> HashState
  {
    guard tree.root.text(Archive.schemaAttribute) != nil else { return .none }
    guard let stored = tree.root.text(ContentHash.attribute) else { return .broken(.unfinished) }
    guard verify else { return .unchecked(stored) }
    do throws(StoreError) {
      return .matches(try Archive.verify(tree.file, limits: limits))
    } catch {
      if case .contentHash(let stored, let computed) = error.fault {
        return .differs(stored: stored, computed: computed)
      }
      return .broken(error.fault)
    }
  }

  private static func words(_ state: HashState) -> [String] {
    switch state {
    case .none: []
    case .unchecked(let hash): [TextWidth.visible("content hash \(hash)")]
    case .matches(let hash): ["content hash \(hash): matches"]
    case .differs(let stored, let computed):
      [TextWidth.visible("content hash \(stored): does not match"), "the content has \(computed)"]
    case .broken(.unfinished): ["no content hash: the file is not whole"]
    case .broken(let fault): ["content hash: cannot be checked, \(Rows.words(fault))"]
    }
  }

  /// "18.4 KiB".
  static func size(_ bytes: Int) -> String {
    if bytes < 1024 { return "\(bytes) B" }
    var (value, unit) = (Double(bytes) / 1024, 0)
    while value >= 1024, unit < 3 { (value, unit) = (value / 1024, unit + 1) }
    return String(format: "%.1f ", value) + ["KiB", "MiB", "GiB", "TiB"][unit]
  }
}

/// The rows of a listing, whose columns are aligned when all are known.
private struct Rows {
  let tree: FileTree
  let children: Int
  private var rows: [Row] = []

  private struct Row {
    let name: String
    let what: String
    let size: String
    let notes: String
  }

  init(tree: FileTree, children: Int) {
    self.tree = tree
    self.children = children
  }

  var lines: [String] {
    let width = min(44, rows.map { TextWidth.columns($0.name) }.max() ?? 0)
    let middle = min(40, rows.map { TextWidth.columns($0.what) }.max() ?? 0)
    let sizes = rows.map { TextWidth.columns($0.size) }.max() ?? 0
    return rows.map { row in
      let parts = [
        TextWidth.padded(row.name, to: width), TextWidth.padded(row.what, to: middle),
        TextWidth.padded(row.size, to: row.notes.isEmpty ? 0 : sizes), row.notes,
      ]
      let line = parts.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  mutating func add(_ object: FileObject, lead: String = "", branch: String = "") {
    let name = branch + TextWidth.visible(object.name)
    switch object.content {
    case .refused(let fault): append(lead + name, Self.words(fault), "", object)
    case .dataset(let dataset):
      append(lead + name, describe(dataset, object), size(dataset), object)
    case .group(let objects):
      append(lead + name + (object.name == "/" ? "" : "/"), Self.kind(of: object) ?? "", "", object)
      let inner = lead + (branch.isEmpty ? "" : branch == "└─ " ? "   " : "│  ")
      for (index, child) in objects.prefix(children).enumerated() {
        add(child, lead: inner, branch: index == objects.count - 1 ? "└─ " : "├─ ")
      }
      if objects.count > children {
        rows.append(
          Row(name: inner + "└─ … \(objects.count - children) more", what: "", size: "", notes: ""))
      }
    }
  }

  private mutating func append(_ name: String, _ what: String, _ size: String, _ object: FileObject)
  {
    let notes = object.attributes.compactMap { name, value -> String? in
      guard ![StoredKind.attribute, Node.axesAttribute, ContentHash.attribute].contains(name) else {
        return nil
      }
      switch value {
      case .success(let array): return "\(TextWidth.visible(name)) = \(Self.words(array))"
      case .failure(let fault): return "\(TextWidth.visible(name)): \(Self.words(fault))"
      }
    }
    rows.append(Row(name: name, what: what, size: size, notes: notes.joined(separator: ", ")))
  }

  private static func kind(of object: FileObject) -> String? {
    object.text(StoredKind.attribute).flatMap(StoredKind.init)?.rawValue
  }

  private func describe(_ dataset: StoredDataset, _ object: FileObject) -> String {
    guard let shape = dataset.shape else { return "empty" }
    let kind = Self.kind(of: object).map { $0 == dataset.type.name ? "" : $0 + " " } ?? ""
    guard shape.isEmpty else {
      return kind + dataset.type.name + " [\(axes(shape, object).joined(separator: ", "))]"
    }
    guard let node = try? tree.node(object, mapping: nil) else {
      return dataset.type.name + " that cannot be read"
    }
    switch node.content {
    case .array(let array): return "\(dataset.type.name) = \(Self.words(array))"
    case .tensor(let tensor): return "\(kind)\(dataset.type.name) = \(tensor.scalar)"
    case .group: return "empty"
    }
  }

  /// The extents, with the names of the axes where there are any: "seed: 3".
  private func axes(_ shape: [Int], _ object: FileObject) -> [String] {
    guard
      case .success(let names)? = object.attributes.first(where: { $0.name == Node.axesAttribute })?
        .value, let names = names.texts, names.count == shape.count,
      names != [object.name]
    else { return shape.map(String.init) }
    return zip(names, shape).map { "\(TextWidth.visible($0)): \($1)" }
  }

  private func size(_ dataset: StoredDataset) -> String {
    guard dataset.shape?.isEmpty == false, dataset.type != .string else { return "" }
    let declared = Listing.size(dataset.declaredBytes)
    guard let stored = try? dataset.storedBytes(tree.source), stored != dataset.declaredBytes else {
      return declared
    }
    return "\(declared) in \(Listing.size(stored))"
  }

  /// An attribute or scalar: 3, "text", [1, 2, …].
  static func words(_ array: StoredArray) -> String {
    let all: [String]
    switch array.elements {
    case .integers(let values): all = values.prefix(6).map(String.init)
    case .floats(let values): all = values.prefix(6).map { "\($0)" }
    case .booleans(let values): all = values.prefix(6).map { "\($0)" }
    case .strings(let values):
      all = values.prefix(6).map { "\"\(TextWidth.clipped(TextWidth.visible($0), to: 40))\"" }
    }
    if array.shape.isEmpty { return all.first ?? "" }
    let more = array.elements.count > all.count ? ", … \(array.elements.count) in all" : ""
    return "[" + all.joined(separator: ", ") + more + "]"
  }

  static func words(_ fault: Fault) -> String {
    switch fault {
    case .damaged(let what): "damaged: \(TextWidth.visible(what))"
    case .unsupported(let what): "not supported: \(TextWidth.visible(what))"
    case .tooLarge: "too large"
    case .tooMany(let what, _): "too many \(what)"
    default: "cannot be read"
    }
  }
}
