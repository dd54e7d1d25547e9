internal import CHDF5

/// Ids of the library, one type for each kind, which close themselves. Only the file is opened
/// with a ``HDF5/Turn``; everything else is made in a file that is open.
extension HDF5 {
  /// What groups, datasets and attributes are made in.
  protocol Location: ~Copyable {
    var id: hid_t { get }
  }

  /// A file in memory.
  struct File: ~Copyable, Location {
    let id: hid_t

    init(access: borrowing Properties, creation: borrowing Properties, _ turn: borrowing Turn)
      throws(Fault)
    {
      id = try unsafe check(H5Fcreate("duet", duet_new_file(), creation.id, access.id))
    }

    deinit { H5Fclose(id) }
  }

  /// A group.
  struct Group: ~Copyable, Location {
    let id: hid_t

    init(
      _ name: String, in parent: borrowing some Location & ~Copyable,
      _ creation: borrowing Properties
    )
      throws(Fault)
    {
      let plain = duet_default_properties()
      id = try unsafe check(H5Gcreate2(parent.id, name, plain, creation.id, plain))
    }

    deinit { H5Gclose(id) }
  }

  /// A dataset.
  struct Dataset: ~Copyable, Location {
    let id: hid_t

    init(
      _ name: String, in parent: borrowing some Location & ~Copyable, _ type: borrowing DataType,
      _ space: borrowing Space, _ creation: borrowing Properties
    ) throws(Fault) {
      let plain = duet_default_properties()
      id = try unsafe check(
        H5Dcreate2(parent.id, name, type.id, space.id, plain, creation.id, plain))
    }

    /// Opens a dataset that was made before.
    init(opening name: String, in parent: borrowing some Location & ~Copyable) throws(Fault) {
      id = try unsafe check(H5Dopen2(parent.id, name, duet_default_properties()))
    }

    /// Writes all elements.
    func write(_ elements: UnsafeRawPointer, _ type: borrowing DataType) throws(Fault) {
      try unsafe check(
        H5Dwrite(id, type.id, duet_all(), duet_all(), duet_default_properties(), elements))
    }

    deinit { H5Dclose(id) }
  }

  /// A shape.
  struct Space: ~Copyable {
    let id: hid_t

    init(_ shape: [Int]) throws(Fault) {
      let extents = shape.map { hsize_t($0) }
      if shape.isEmpty {
        id = try check(H5Screate(H5S_SCALAR))
      } else {
        id = try unsafe check(H5Screate_simple(Int32(shape.count), extents, nil))
      }
    }

    deinit { H5Sclose(id) }
  }

  /// A type of elements.
  struct DataType: ~Copyable {
    let id: hid_t

    private init(owning id: hid_t) { self.id = id }

    /// A copy of one of the library's types.
    private static func copy(_ known: hid_t) throws(Fault) -> DataType {
      DataType(owning: try check(H5Tcopy(known)))
    }

    static func float32() throws(Fault) -> DataType { try copy(duet_float32()) }
    static func float64() throws(Fault) -> DataType { try copy(duet_float64()) }
    static func int32() throws(Fault) -> DataType { try copy(duet_int32()) }
    static func int64() throws(Fault) -> DataType { try copy(duet_int64()) }

    /// h5py's Bool: an enumeration over one byte.
    static func boolean() throws(Fault) -> DataType {
      let type = DataType(owning: try check(H5Tenum_create(duet_int8())))
      var (no, yes): (Int8, Int8) = (0, 1)
      try unsafe check(H5Tenum_insert(type.id, "FALSE", &no))
      try unsafe check(H5Tenum_insert(type.id, "TRUE", &yes))
      return type
    }

    /// UTF-8 of any length.
    static func text() throws(Fault) -> DataType {
      let type = try copy(duet_characters())
      try check(H5Tset_size(type.id, duet_any_length()))
      try check(H5Tset_cset(type.id, H5T_CSET_UTF8))
      return type
    }

    /// ASCII of a fixed length, its final NUL included: what dimension scales want.
    static func characters(_ count: Int) throws(Fault) -> DataType {
      let type = try copy(duet_characters())
      try check(H5Tset_size(type.id, count))
      return type
    }

    /// A list of references for each axis.
    static func referenceLists() throws(Fault) -> DataType {
      DataType(owning: try check(H5Tvlen_create(duet_reference())))
    }

    /// A dataset and one of its axes, in 16 bytes.
    static func axisReference() throws(Fault) -> DataType {
      let type = DataType(owning: try check(H5Tcreate(H5T_COMPOUND, 16)))
      try unsafe check(H5Tinsert(type.id, "dataset", 0, duet_reference()))
      try unsafe check(H5Tinsert(type.id, "dimension", 8, duet_uint32()))
      return type
    }

    deinit { H5Tclose(id) }
  }
}

extension HDF5.Location where Self: ~Copyable {
  /// Writes an attribute, once and for all.
  func writeAttribute(
    _ name: String, _ type: borrowing HDF5.DataType, _ space: borrowing HDF5.Space,
    _ elements: UnsafeRawPointer
  ) throws(Fault) {
    let plain = duet_default_properties()
    let attribute = try unsafe HDF5.check(H5Acreate2(id, name, type.id, space.id, plain, plain))
    defer { H5Aclose(attribute) }
    try unsafe HDF5.check(H5Awrite(attribute, type.id, elements))
  }
}

extension HDF5.File {
  /// Gives `body` the bytes of the whole file.
  func withImage(_ body: (UnsafeRawBufferPointer) throws(Fault) -> Void) throws(Fault) {
    try HDF5.check(H5Fflush(id, H5F_SCOPE_GLOBAL))
    let size = try HDF5.check(H5Fget_file_image(id, nil, 0))
    var handle: UnsafeMutableRawPointer?
    try unsafe HDF5.check(H5Fget_vfd_handle(id, duet_default_properties(), &handle))
    guard
      let start = unsafe handle?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self).pointee
    else { throw .library("the file has no image") }
    let image = unsafe UnsafeMutableRawBufferPointer(start: start, count: size)
    unsafe Self.markClosed(image)
    try unsafe body(UnsafeRawBufferPointer(image))
  }

  /// The superblock says that a writer has the file open, and ends with a checksum of itself.
  private static func markClosed(_ image: UnsafeMutableRawBufferPointer) {
    let (flags, checksum) = (11, 44)
    unsafe image[flags] = 0
    let sum = unsafe Checksum.lookup3(image[..<checksum])
    unsafe image.storeBytes(of: sum.littleEndian, toByteOffset: checksum, as: UInt32.self)
  }
}
