package import Tensor

/// A group, tensor or array with attributes: the tree that a file holds, in memory.
///
/// A tree that was written is read back equal. What the nodes mean is told by two attributes of
/// Duet's own: `duet_kind` says which script value a node restores (``StoredValue``), and
/// `duet_axes` names the axes of an array; writing turns them into HDF5 dimension scales.
package struct Node {
  /// Children or elements.
  package var content: Content
  /// In order, names being different.
  package var attributes: [Attribute]

  /// What a node is.
  package enum Content {
    /// Named nodes, in order.
    case group([Child])
    /// Float32, of any rank.
    case tensor(Tensor)
    /// Int64, Float64, Bool or text, of any rank.
    case array(StoredArray)
  }

  /// A named node in a group.
  package struct Child {
    /// As it stands in the file; see ``LinkName``.
    package let name: String
    /// What has the name.
    package var node: Node

    /// Names a node.
    package init(_ name: String, _ node: Node) {
      self.name = name
      self.node = node
    }
  }

  /// A small named value that belongs to a node.
  package struct Attribute: Equatable {
    /// Any text but the empty one.
    package let name: String
    /// A scalar or an array.
    package let value: StoredArray

    /// Names a value.
    package init(_ name: String, _ value: StoredArray) {
      self.name = name
      self.value = value
    }

    init(kind: StoredKind) { self.init(StoredKind.attribute, .string(kind.rawValue)) }

    /// Equal in every bit.
    package static func == (a: Attribute, b: Attribute) -> Bool {
      a.name.hasSameBytes(as: b.name) && a.value == b.value
    }
  }

  /// A node with its attributes.
  package init(_ content: Content, _ attributes: [Attribute] = []) {
    self.content = content
    self.attributes = attributes
  }

  /// The attribute that names the axes of an array.
  package static let axesAttribute = "duet_axes"

  /// The children of a group; none of anything else.
  package var children: [Child] {
    if case .group(let children) = content { children } else { [] }
  }

  /// A child by name.
  package subscript(name: String) -> Node? {
    children.first { $0.name.hasSameBytes(as: name) }?.node
  }

  /// The value of an attribute.
  package func attribute(_ name: String) -> StoredArray? {
    attributes.first { $0.name.hasSameBytes(as: name) }?.value
  }

  /// The names of an array's axes, where it has any.
  package var axes: [String]? { attribute(Self.axesAttribute)?.texts }

  /// The node under a path such as "/a/b".
  package func node(at path: String) -> Node? {
    path.split(separator: "/").map(String.init).reduce(self) { $0?[$1] }
  }

  /// Puts a node under a path, in place of what was there; groups on the way are made.
  package mutating func set(_ path: some Collection<String>, to node: Node) {
    guard let name = path.first else {
      self = node
      return
    }
    var children = children
    let index = children.firstIndex { $0.name.hasSameBytes(as: name) }
    var child = index.map { children[$0].node } ?? Node(.group([]))
    child.set(path.dropFirst(), to: node)
    if let index {
      children[index].node = child
    } else {
      children.append(Child(name, child))
    }
    content = .group(children)
  }
}

/// Equal means: would be stored as the same bytes, in the same order.
extension Node: Equatable {
  /// Equal in every bit.
  package static func == (a: Node, b: Node) -> Bool {
    a.attributes == b.attributes && a.content == b.content
  }
}

extension Node.Child: Equatable {
  /// Equal in every bit.
  package static func == (a: Node.Child, b: Node.Child) -> Bool {
    a.name.hasSameBytes(as: b.name) && a.node == b.node
  }
}

extension Node.Content: Equatable {
  /// Equal in every bit.
  package static func == (a: Node.Content, b: Node.Content) -> Bool {
    switch (a, b) {
    case (.group(let a), .group(let b)): a == b
    case (.tensor(let a), .tensor(let b)): a.hasSameBits(as: b)
    case (.array(let a), .array(let b)): a == b
    default: false
    }
  }
}

extension Tensor {
  /// Whether two tensors have the same shape and the same bits: NaN equals NaN, 0 is not −0.
  package func hasSameBits(as other: Tensor) -> Bool {
    shape == other.shape
      && elements.elementsEqual(other.elements) { $0.bitPattern == $1.bitPattern }
  }
}
