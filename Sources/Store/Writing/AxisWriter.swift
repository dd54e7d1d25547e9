/// Writes the named axes of arrays as HDF5 dimension scales, which xarray and netCDF understand.
///
/// A node's attribute `duet_axes` names one array for each axis among its siblings. Those become
/// scales; the node gets references to them, and they to it. The library's own functions for this
/// would write the list of references anew for each array, which old versions do not survive for
/// long.
struct AxisWriter {
  /// netCDF's number for the next scale. With numbers of its own making, netCDF loses the axes of
  /// arrays that it adds to a file that also has arrays without names for their axes.
  private var nextNumber: Int32 = 0

  /// A scale, and the axes that use it.
  private struct Scale {
    let name: String
    var users: [HDF5.AxisReference] = []
  }

  /// Connects the arrays of a group that has been written.
  mutating func write(
    _ children: [Node.Child], in place: borrowing some HDF5.Location & ~Copyable
  ) throws(Fault) {
    var scales: [Scale] = []
    for child in children {
      guard let axes = child.node.axes else { continue }
      for axis in axes where !scales.contains(where: { $0.name.hasSameBytes(as: axis) }) {
        scales.append(Scale(name: axis))
      }
      if axes.count == 1, axes[0].hasSameBytes(as: child.name) { continue }
      let reference = try place.reference(to: child.name)
      var references: [HDF5.Reference] = []
      for (number, axis) in axes.enumerated() {
        references.append(try place.reference(to: axis))
        for index in scales.indices where scales[index].name.hasSameBytes(as: axis) {
          scales[index].users.append(HDF5.AxisReference(reference, axis: number))
        }
      }
      try HDF5.Dataset(opening: child.name, in: place).writeScales(references)
    }
    for scale in scales { try write(scale, in: place) }
  }

  private mutating func write(
    _ scale: Scale, in place: borrowing some HDF5.Location & ~Copyable
  ) throws(Fault) {
    let dataset = try HDF5.Dataset(opening: scale.name, in: place)
    try dataset.writeCharacters("CLASS", "DIMENSION_SCALE")
    try dataset.writeCharacters("NAME", scale.name)
    try dataset.writeNumber("_Netcdf4Dimid", nextNumber)
    nextNumber += 1
    if !scale.users.isEmpty { try dataset.writeUsers(scale.users) }
  }
}
