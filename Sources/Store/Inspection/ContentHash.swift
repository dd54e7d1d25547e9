/// The content hash of a file or a part of it: equal hashes mean equal content.
///
/// SHA-256 over the objects, sorted by the bytes of their paths ("/" is the root). An object is
///
///     path, type, shape, data, number of attributes, and for each attribute, sorted by name:
///     name, type, shape, data
///
/// where every part but a number is a field: its length in eight bytes, then its bytes. Types are
/// "group" (empty shape and data), "float32", "float64", "int64", "bool" and "string"; integers of
/// any width count as int64, half floats as float32, floats in attributes as float64. Data are
/// little-endian numbers, a byte for a Bool, a field for a text. Left out are the group
/// `/provenance/volatile`, the root's attribute `content_hash`, and the bookkeeping of dimension
/// scales. So the hash does not depend on the order of writing, on chunks or on compression.
package enum ContentHash {
  /// The root's attribute that holds the hash. It is the last thing that is written.
  package static let attribute = "content_hash"
  /// What differs from run to run and is left out.
  package static let leftOut = "/provenance/volatile"

  /// The hash of a tree whose root stands for "/".
  package static func of(_ root: Node) -> String {
    var objects: [(path: [UInt8], node: Node)] = []
    collect(root, "/", into: &objects)
    objects.sort { $0.path.lexicographicallyPrecedes($1.path) }
    var digest = Digest()
    for (path, node) in objects {
      digest.add(path)
      switch node.content {
      case .group:
        digest.addType("group", [])
        digest.add([UInt8]())
      case .tensor(let tensor): digest.add(tensor)
      case .array(let array): digest.add(array)
      }
      add(node.attributes.filter { path != [0x2F] || $0.name != attribute }, to: &digest)
    }
    return digest.text
  }

  private static func collect(
    _ node: Node, _ path: String, into objects: inout [(path: [UInt8], node: Node)]
  ) {
    guard path != leftOut else { return }
    objects.append((Array(path.utf8), node))
    for child in node.children {
      collect(child.node, LinkName.path(path, child.name), into: &objects)
    }
  }

  private static func add(_ attributes: [Node.Attribute], to digest: inout Digest) {
    digest.add(attributes.count)
    for attribute in attributes.sorted(by: { $0.name.precedesInBytes($1.name) }) {
      digest.add(attribute.name)
      digest.add(attribute.value)
    }
  }
}
