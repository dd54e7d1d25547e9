/// A file of anybody's that is read piece by piece: its names first, then what is asked for.
///
/// Each piece may be as large as the limits allow; nothing else of the file is read into memory, so
/// that a file may be larger than the memory.
package final class StoredFile {
  /// The path of the file, as the caller named it.
  package let file: String
  private let tree: FileTree
  private let limits: ReadLimits

  /// Opens a file and reads its names, types and attributes.
  package init(reading file: String, _ limits: ReadLimits = ReadLimits()) throws(StoreError) {
    self.file = file
    self.limits = limits
    tree = try FileTree(reading: file, limits)
  }

  /// A single text among the attributes of the root group.
  package func text(_ attribute: String) -> String? { tree.root.text(attribute) }

  /// The value of an attribute of the root group; nil if there is none, or none that can be read.
  package func attribute(_ name: String) -> StoredArray? {
    tree.root.attributes.first { $0.name.hasSameBytes(as: name) }.flatMap { try? $0.value.get() }
  }

  /// Everything below a path, of no more bytes than a number.
  package func node(at path: String, bytes: Int) throws(StoreError) -> Node {
    var limits = limits
    limits.bytes = min(limits.bytes, bytes)
    tree.renewBudget(limits)
    return try tree.node(try tree.object(at: path), mapping: nil)
  }

  /// The names of what a group holds, in the file's order.
  package func names(in path: String) throws(StoreError) -> [String] {
    let object = try tree.object(at: path)
    switch object.content {
    case .group(let objects): return objects.map(\.name)
    case .dataset(let dataset):
      throw StoreError(
        file: file, path: path, .kind(expected: "a group", found: "\(dataset.type.name) data"))
    case .refused(let fault): throw StoreError(file: file, path: path, fault)
    }
  }

  /// An array; throws ``StoreError/Fault/kind(expected:found:)`` where a group or tensor is.
  package func array(at path: String) throws(StoreError) -> StoredArray {
    tree.renewBudget(limits)
    let node = try tree.node(try tree.object(at: path), mapping: nil)
    if case .array(let array) = node.content { return array }
    throw StoreError(
      file: file, path: path, .kind(expected: "integers or texts", found: node.summary))
  }
}
