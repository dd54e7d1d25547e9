internal import CHDF5

/// References between a dataset and the scales of its axes, as the library lays them out.
extension HDF5 {
  /// A dataset, as other objects of its file refer to it.
  struct Reference: BitwiseCopyable {
    fileprivate let value: hobj_ref_t
  }

  /// One axis of one dataset.
  struct AxisReference: BitwiseCopyable {
    fileprivate let dataset: hobj_ref_t
    fileprivate let axis: UInt32
    fileprivate let padding: UInt32 = 0

    init(_ dataset: Reference, axis: Int) {
      self.dataset = dataset.value
      self.axis = UInt32(axis)
    }
  }
}

extension HDF5.Location where Self: ~Copyable {
  /// Refers to a dataset of this group.
  func reference(to name: String) throws(Fault) -> HDF5.Reference {
    var reference: hobj_ref_t = 0
    try unsafe HDF5.check(H5Rcreate(&reference, id, name, H5R_OBJECT, -1))
    return HDF5.Reference(value: reference)
  }
}

extension HDF5.Dataset {
  /// The attribute that names the scale of each axis: a list of one reference for each.
  func writeScales(_ scales: [HDF5.Reference]) throws(Fault) {
    let type = try HDF5.DataType.referenceLists()
    let space = try HDF5.Space([scales.count])
    var references = scales.map(\.value)
    try unsafe references.withUnsafeMutableBufferPointer { (buffer) throws(Fault) in
      guard let start = buffer.baseAddress else { return }
      let lists = unsafe buffer.indices.map { unsafe hvl_t(len: 1, p: start + $0) }
      try unsafe lists.withUnsafeBufferPointer { (lists) throws(Fault) in
        guard let start = lists.baseAddress else { return }
        try unsafe writeAttribute("DIMENSION_LIST", type, space, start)
      }
    }
  }

  /// The attribute of a scale that names the axes which use it.
  func writeUsers(_ users: [HDF5.AxisReference]) throws(Fault) {
    let type = try HDF5.DataType.axisReference()
    let space = try HDF5.Space([users.count])
    try unsafe users.withUnsafeBufferPointer { (buffer) throws(Fault) in
      guard let start = buffer.baseAddress else { return }
      try unsafe writeAttribute("REFERENCE_LIST", type, space, start)
    }
  }

  /// A text of fixed length, as the conventions for scales want it.
  func writeCharacters(_ name: String, _ text: String) throws(Fault) {
    let bytes = Array(text.utf8) + [0]
    let type = try HDF5.DataType.characters(bytes.count)
    let space = try HDF5.Space([])
    try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(Fault) in
      guard let start = buffer.baseAddress else { return }
      try unsafe writeAttribute(name, type, space, start)
    }
  }

  /// A number of 32 bits, as netCDF wants it.
  func writeNumber(_ name: String, _ number: Int32) throws(Fault) {
    let type = try HDF5.DataType.int32()
    let space = try HDF5.Space([])
    try unsafe withUnsafeBytes(of: number) { (bytes) throws(Fault) in
      guard let start = bytes.baseAddress else { return }
      try unsafe writeAttribute(name, type, space, start)
    }
  }
}
