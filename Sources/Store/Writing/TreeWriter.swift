internal import Tensor

/// Writes a tree into an HDF5 file in memory.
///
/// Arrays below 64 KiB are stored in one piece; larger ones in chunks of 64 KiB to 1 MiB with
/// shuffle and gzip, tensors with a checksum for each chunk, too. Weights, which are everything
/// under `/clip`, stay in one uncompressed piece at a multiple of 64 bytes, so that they can be
/// mapped. Texts are UTF-8 of variable length. The order of creation is kept everywhere, times
/// nowhere, and each attribute is written once.
///
/// The library never sees the disk. A disk that is full would leave it with a file that it can
/// neither finish nor close; here it is an error of `write`, and the library is done by then. The price
/// is memory for the file beside that for the tree.
struct TreeWriter {
  private var axes = AxisWriter()

  /// Makes the file and gives `body` its bytes. The attribute with the hash comes last. The tree
  /// has passed a ``TreeCheck``.
  static func write(
    _ root: Node, hash: String, bytes: Int, _ turn: borrowing HDF5.Turn,
    _ body: (UnsafeRawBufferPointer) throws(Fault) -> Void
  ) throws(Fault) {
    let step = max(1 << 16, min(1 << 26, bytes / 8))
    let hasWeights = root[StoredWeights.group] != nil
    let access = try HDF5.Properties.access(step: step, alignment: hasWeights ? 64 : 1)
    let creation = try HDF5.Properties.file()
    let file = try HDF5.File(access: access, creation: creation, turn)
    var writer = TreeWriter()
    try writer.write(attributes: root.attributes, to: file)
    try writer.write(children: root.children, to: file, isWeights: false, isRoot: true)
    try writer.write(attributes: [.init(ContentHash.attribute, .string(hash))], to: file)
    try unsafe file.withImage(body)
  }

  private func write(
    attributes: [Node.Attribute], to place: borrowing some HDF5.Location & ~Copyable
  ) throws(Fault) {
    for attribute in attributes {
      let space = try HDF5.Space(attribute.value.shape)
      try unsafe attribute.value.withElements {
        (elements, type: borrowing HDF5.DataType) throws(Fault) in
        try unsafe place.writeAttribute(attribute.name, type, space, elements)
      }
    }
  }

  private mutating func write(
    children: [Node.Child], to place: borrowing some HDF5.Location & ~Copyable, isWeights: Bool,
    isRoot: Bool = false
  ) throws(Fault) {
    for child in children {
      let isWeights = isWeights || isRoot && child.name == StoredWeights.group
      switch child.node.content {
      case .group(let children):
        let creation = try HDF5.Properties.group()
        let group = try HDF5.Group(child.name, in: place, creation)
        try write(attributes: child.node.attributes, to: group)
        try write(children: children, to: group, isWeights: isWeights)
      case .tensor(let tensor):
        let layout = Layout(tensor.shape, elementSize: 4, canCompress: !isWeights, checksum: true)
        let elements = tensor.elements
        let type = try HDF5.DataType.float32()
        try unsafe elements.withUnsafeBufferPointer { (buffer) throws(Fault) in
          try unsafe write(child, to: place, layout, UnsafeRawPointer(buffer.baseAddress), type)
        }
      case .array(let array):
        let layout = Layout(array, canCompress: !isWeights)
        try unsafe array.withElements {
          (elements, type: borrowing HDF5.DataType) throws(Fault) in
          try unsafe write(child, to: place, layout, elements, type)
        }
      }
    }
    try axes.write(children, in: place)
  }

  private func write(
    _ child: Node.Child, to place: borrowing some HDF5.Location & ~Copyable, _ layout: Layout,
    _ elements: UnsafeRawPointer?, _ type: borrowing HDF5.DataType
  ) throws(Fault) {
    let creation = try HDF5.Properties.dataset()
    if let chunk = layout.chunk {
      try creation.setChunks(chunk, checksum: layout.checksum)
    } else {
      try creation.setContiguous()
    }
    if case .floats(let fill)? = child.node.attribute("_FillValue")?.elements, fill.count == 1,
      case .array = child.node.content
    {
      try creation.setFill(fill[0])
    }
    let space = try HDF5.Space(layout.shape)
    let dataset = try HDF5.Dataset(child.name, in: place, type, space, creation)
    if let elements = unsafe elements, !layout.shape.contains(0) {
      try unsafe dataset.write(elements, type)
    }
    try write(attributes: child.node.attributes, to: dataset)
  }
}

extension StoredArray {
  /// Gives `body` the elements as the library wants them, and their type.
  @unsafe
  func withElements(
    _ body: (UnsafeRawPointer, borrowing HDF5.DataType) throws(Fault) -> Void
  ) throws(Fault) {
    switch elements {
    case .integers(let values):
      try unsafe Self.give(values, try .int64(), body)
    case .floats(let values):
      try unsafe Self.give(values, try .float64(), body)
    case .booleans(let values):
      try unsafe Self.give(values.map { $0 ? 1 : 0 } as [Int8], try .boolean(), body)
    case .strings(let values): try unsafe Self.give(values, body)
    }
  }

  /// An array without elements has no address; the library gets that of one that is not read.
  private static func give<Value>(
    _ values: [Value], _ type: consuming HDF5.DataType,
    _ body: (UnsafeRawPointer, borrowing HDF5.DataType) throws(Fault) -> Void
  ) throws(Fault) {
    let type = type
    try unsafe values.withUnsafeBufferPointer { (buffer) throws(Fault) in
      var nothing: UInt64 = 0
      if let start = buffer.baseAddress, !values.isEmpty {
        try unsafe body(UnsafeRawPointer(start), type)
      } else {
        try unsafe body(&nothing, type)
      }
    }
  }

  /// Texts, as addresses of bytes that end with NUL.
  private static func give(
    _ texts: [String], _ body: (UnsafeRawPointer, borrowing HDF5.DataType) throws(Fault) -> Void
  ) throws(Fault) {
    var bytes: [UInt8] = []
    var starts: [Int] = []
    for text in texts {
      starts.append(bytes.count)
      bytes += text.utf8
      bytes.append(0)
    }
    bytes.append(0)
    try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(Fault) in
      guard let base = buffer.baseAddress else { return }
      try unsafe give(starts.map { unsafe base + $0 }, try .text(), body)
    }
  }
}
