internal import CHDF5

/// Writes the named axes of arrays as HDF5 dimension scales, which xarray and netCDF understand.
///
/// A node's attribute `duet_axes` names one array a axis among its siblings. Those become scales;
/// the node gets references to them, and they to it. The library's own functions for this would
/// write the list of references anew for each array, which old versions do not survive for long.
struct AxisWriter {
  /// netCDF's number for the next scale. With numbers of its own making, netCDF loses the axes of
  /// arrays that it adds next to arrays without names.
  private var nextNumber: Int32 = 0

  /// One axis of one array, as the scale refers to it: the layout of the library's records.
  private struct AxisReference: BitwiseCopyable {
    var dataset: hobj_ref_t
    var axis: UInt32
    var padding: UInt32 = 0
  }

  /// Connects the arrays of a group that has been written.
  mutating func write(
    _ children: [Node.Child], in place: borrowing some HDF5.Location & ~Copyable
  ) throws(Fault) {
    var users: [(scale: String, references: [AxisReference])] = []
    for child in children {
      guard let axes = child.node.axes else { continue }
      for axis in axes where !users.contains(where: { $0.scale.hasSameBytes(as: axis) }) {
        users.append((axis, []))
      }
      if axes.count == 1, axes[0].hasSameBytes(as: child.name) { continue }
      let reference = try place.reference(to: child.name)
      for (number, axis) in axes.enumerated() {
        for index in users.indices where users[index].scale.hasSameBytes(as: axis) {
          users[index].references.append(AxisReference(dataset: reference, axis: UInt32(number)))
        }
      }
      try writeList(of: axes, to: child.name, in: place)
    }
    for (scale, references) in users { try write(scale, references, in: place) }
  }

  private func writeList(
    of axes: [String], to name: String, in place: borrowing some HDF5.Location & ~Copyable
  ) throws(Fault) {
    var references: [hobj_ref_t] = []
    for axis in axes { references.append(try place.reference(to: axis)) }
    let dataset = try HDF5.Dataset(opening: name, in: place)
    let type = try HDF5.DataType.referenceLists()
    let space = try HDF5.Space([axes.count])
    try unsafe references.withUnsafeMutableBufferPointer { (buffer) throws(Fault) in
      guard let start = buffer.baseAddress else { return }
      let lists = unsafe buffer.indices.map { unsafe hvl_t(len: 1, p: start + $0) }
      try unsafe lists.withUnsafeBufferPointer { (lists) throws(Fault) in
        guard let start = lists.baseAddress else { return }
        try unsafe dataset.writeAttribute("DIMENSION_LIST", type, space, start)
      }
    }
  }

  private mutating func write(
    _ scale: String, _ references: [AxisReference],
    in place: borrowing some HDF5.Location & ~Copyable
  ) throws(Fault) {
    let dataset = try HDF5.Dataset(opening: scale, in: place)
    try write("CLASS", "DIMENSION_SCALE", to: dataset)
    try write("NAME", scale, to: dataset)
    let number = nextNumber
    nextNumber += 1
    let scalar = try HDF5.Space([])
    let integer = try HDF5.DataType(duet_int32())
    try unsafe withUnsafeBytes(of: number) { (bytes) throws(Fault) in
      guard let start = bytes.baseAddress else { return }
      try unsafe dataset.writeAttribute("_Netcdf4Dimid", integer, scalar, start)
    }
    guard !references.isEmpty else { return }
    let type = try HDF5.DataType.axisReference()
    let space = try HDF5.Space([references.count])
    try unsafe references.withUnsafeBufferPointer { (buffer) throws(Fault) in
      guard let start = buffer.baseAddress else { return }
      try unsafe dataset.writeAttribute("REFERENCE_LIST", type, space, start)
    }
  }

  private func write(_ name: String, _ text: String, to dataset: borrowing HDF5.Dataset)
    throws(Fault)
  {
    let bytes = Array(text.utf8) + [0]
    let type = try HDF5.DataType.characters(bytes.count)
    let space = try HDF5.Space([])
    try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(Fault) in
      guard let start = buffer.baseAddress else { return }
      try unsafe dataset.writeAttribute(name, type, space, start)
    }
  }
}
