internal import Tensor

/// Looks through a tree before it is written, so that whatever is written can be read again.
struct TreeCheck {
  private let file: String
  private let limits = ReadLimits()
  private var objects = 0
  /// About how many bytes the elements take.
  private(set) var bytes = 0

  init(_ root: Node, file: String) throws(StoreError) {
    self.file = file
    try check(root, "/", depth: 0)
  }

  private mutating func check(_ node: Node, _ path: String, depth: Int) throws(StoreError) {
    do throws(Fault) {
      try checkSelf(node, depth)
    } catch {
      throw StoreError(file: file, path: path, error)
    }
    for child in node.children {
      let childPath = LinkName.path(path, child.name)
      try check(child.node, childPath, depth: depth + 1)
      do throws(Fault) {
        try checkAxes(of: child, in: node)
      } catch {
        throw StoreError(file: file, path: childPath, error)
      }
    }
  }

  private mutating func checkSelf(_ node: Node, _ depth: Int) throws(Fault) {
    objects += 1 + node.attributes.count
    guard depth < limits.depth else { throw .tooMany("levels", limit: limits.depth) }
    guard objects <= limits.objects else { throw .tooMany("objects", limit: limits.objects) }
    switch node.content {
    case .group(let children):
      try checkNames(children.map(\.name))
      for child in children where !LinkName.isUsable(child.name) {
        throw .refused("the name \(child.name.debugDescription)")
      }
    case .tensor(let tensor):
      try checkRank(tensor.shape)
      bytes += 4 * tensor.count
    case .array(let array): try check(array)
    }
    try checkNames(node.attributes.map(\.name))
    for attribute in node.attributes {
      guard !attribute.name.isEmpty, !attribute.name.utf8.contains(0),
        !AttributeMessage.bookkeeping.contains(attribute.name)
      else { throw .refused("the attribute \(attribute.name.debugDescription)") }
      try check(attribute.value)
    }
  }

  private func checkNames(_ names: [String]) throws(Fault) {
    var seen: Set<[UInt8]> = []
    for name in names where !seen.insert(Array(name.utf8)).inserted {
      throw .refused("two things are called \(name.debugDescription)")
    }
  }

  private func checkRank(_ shape: [Int]) throws(Fault) {
    guard shape.count <= Dataspace.maximumRank else {
      throw .refused("\(shape.count) axes, more than HDF5's \(Dataspace.maximumRank)")
    }
  }

  private mutating func check(_ array: StoredArray) throws(Fault) {
    try checkRank(array.shape)
    bytes += 16 * array.elements.count
    guard case .strings(let texts) = array.elements else { return }
    for text in texts {
      bytes += text.utf8.count
      guard !text.utf8.contains(0) else { throw .refused("a text with a NUL") }
    }
  }

  /// Axes are named by arrays of the same group with one axis of the same length.
  private func checkAxes(of child: Node.Child, in group: Node) throws(Fault) {
    guard child.node.attribute(Node.axesAttribute) != nil else { return }
    guard let axes = child.node.axes, axes.count == child.node.shape.count, !axes.isEmpty else {
      throw .refused("axes for a shape of \(child.node.shape)")
    }
    for (axis, extent) in zip(axes, child.node.shape) {
      guard group[axis]?.shape == [extent] else {
        throw .refused("no labels for the axis \(axis) of length \(extent)")
      }
    }
  }
}

extension Node {
  /// The extents of a tensor or array; none for a group.
  package var shape: [Int] {
    switch content {
    case .group: []
    case .tensor(let tensor): tensor.shape
    case .array(let array): array.shape
    }
  }
}
