/// The two kinds of search trees in HDF5 files. Both are walked from left to right, for a reader
/// wants everything. A node is visited once and levels only descend, so a tree that leads back to
/// itself is an error and not an endless loop.
enum BTree {
  /// Calls `visit` with every entry of a version 1 tree: the key before the child, and the child.
  static func walk(
    _ source: FileBytes, at root: Int, kind: Int, keySize: Int,
    visit: (_ key: inout ByteCursor, _ child: Int) throws(Fault) -> Void
  ) throws(Fault) {
    var pending: [(address: Int, level: Int?)] = [(root, nil)]
    var seen: Set<Int> = []
    while let (address, level) = pending.popLast() {
      guard seen.insert(address).inserted else { throw .damaged("a tree that shares a node") }
      var head = try source.cursor(at: address, count: 8)
      try head.expect("TREE")
      guard try head.byte() == kind else { throw .damaged("a tree of another kind") }
      let own = try head.byte()
      guard level ?? own == own else { throw .damaged("a tree whose levels do not descend") }
      let entries = try head.count(2)
      var cursor = try source.cursor(at: address + 24, count: entries * (keySize + 8))
      var children: [Int] = []
      for _ in 0..<entries {
        var key = ByteCursor(try cursor.take(keySize))
        let child = try cursor.requiredAddress()
        if own == 0 { try visit(&key, child) } else { children.append(child) }
      }
      pending += children.reversed().map { ($0, own - 1) }
    }
  }

  /// Calls `visit` with every record of a version 2 tree.
  static func records(
    _ source: FileBytes, at header: Int, kind: Int,
    visit: (_ record: inout ByteCursor) throws(Fault) -> Void
  ) throws(Fault) {
    let tree = try Tree2(source, at: header, kind: kind)
    guard let root = tree.root else { return }
    var pending = [Tree2.Node(address: root, count: tree.rootCount, depth: tree.depth)]
    var seen: Set<Int> = []
    while let node = pending.popLast() {
      guard seen.insert(node.address).inserted else { throw .damaged("a tree that shares a node") }
      pending += try tree.read(source, node, visit: visit).reversed()
    }
  }
}

/// A version 2 tree: its header, and the widths of the fields of its nodes, which follow from it.
private struct Tree2 {
  let kind: Int
  let nodeSize: Int
  let recordSize: Int
  let depth: Int
  let root: Int?
  let rootCount: Int
  /// Bytes of a child's number of records.
  private let countWidth: Int
  /// Bytes of the number of records below a child, by depth of the child.
  private var totalWidths = [0]

  /// A node, as its parent describes it.
  struct Node {
    let address: Int
    let count: Int
    let depth: Int
  }

  init(_ source: FileBytes, at address: Int, kind: Int) throws(Fault) {
    self.kind = kind
    var cursor = try source.checkedCursor(at: address, count: 38)
    try cursor.expect("BTHD")
    _ = try cursor.expectVersion(0...0, of: "tree")
    guard try cursor.byte() == kind else { throw .damaged("a tree of another kind") }
    nodeSize = try cursor.count(4)
    recordSize = try cursor.count(2)
    depth = try cursor.count(2)
    try cursor.skip(2)
    root = try cursor.address()
    rootCount = try cursor.count(2)
    guard recordSize > 0, nodeSize >= 10 + recordSize, nodeSize <= source.size, depth <= 32 else {
      throw .damaged("a tree with nodes of \(nodeSize) and records of \(recordSize) bytes")
    }
    var most = (nodeSize - 10) / recordSize
    countWidth = Self.width(of: most)
    var total = most
    for _ in 0..<depth {
      let pointer = 8 + countWidth + (totalWidths.last ?? 0)
      guard nodeSize > 10 + pointer else {
        throw .damaged("a tree with nodes of \(nodeSize) bytes")
      }
      most = (nodeSize - (10 + pointer)) / (recordSize + pointer)
      let (product, overflow) = (most + 1).multipliedReportingOverflow(by: total)
      guard !overflow, product < Int.max / 2 else { throw .damaged("a tree of \(depth) levels") }
      total = product + most
      totalWidths.append(Self.width(of: total))
    }
  }

  /// Bytes that hold numbers up to a limit.
  private static func width(of limit: Int) -> Int {
    limit < 1 ? 1 : (Int.bitWidth - 1 - limit.leadingZeroBitCount) / 8 + 1
  }

  /// Visits the records of a node; the result are its children.
  func read(
    _ source: FileBytes, _ node: Node, visit: (inout ByteCursor) throws(Fault) -> Void
  ) throws(Fault) -> [Node] {
    let isLeaf = node.depth == 0
    let totalWidth = node.depth > 1 ? totalWidths[node.depth - 1] : 0
    let pointer = isLeaf ? 0 : 8 + countWidth + totalWidth
    let count = 6 + node.count * recordSize + (isLeaf ? 0 : (node.count + 1) * pointer) + 4
    guard count <= nodeSize else { throw .damaged("a tree node with \(node.count) records") }
    var cursor = try source.checkedCursor(at: node.address, count: count)
    try cursor.expect(isLeaf ? "BTLF" : "BTIN")
    _ = try cursor.expectVersion(0...0, of: "tree node")
    guard try cursor.byte() == kind else { throw .damaged("a tree node of another kind") }
    for _ in 0..<node.count {
      var record = ByteCursor(try cursor.take(recordSize))
      try visit(&record)
    }
    var children: [Node] = []
    for _ in 0..<(isLeaf ? 0 : node.count + 1) {
      let child = try cursor.requiredAddress()
      let records = try cursor.count(countWidth)
      try cursor.skip(totalWidth)
      children.append(Node(address: child, count: records, depth: node.depth - 1))
    }
    return children
  }
}
