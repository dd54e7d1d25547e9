internal import CHDF5

extension HDF5 {
  /// Settings for making something.
  struct Properties: ~Copyable {
    let id: hid_t

    private init(_ kind: hid_t) throws(Fault) { id = try check(H5Pcreate(kind)) }

    /// Files live in memory until they are whole. The format is that of HDF5 1.8: the oldest whose
    /// blocks of metadata carry checksums, and read by everything since 2008.
    static func access(step: Int, alignment: Int) throws(Fault) -> Properties {
      let properties = try Properties(duet_file_access())
      try check(H5Pset_fapl_core(properties.id, step, false))
      try check(H5Pset_libver_bounds(properties.id, H5F_LIBVER_V18, H5F_LIBVER_V18))
      try check(H5Pset_alignment(properties.id, 1, hsize_t(alignment)))
      return properties
    }

    /// Files and groups keep the order of links and attributes, without which netCDF does not append.
    static func file() throws(Fault) -> Properties { try group(duet_file_creation()) }

    static func group() throws(Fault) -> Properties { try group(duet_group_creation()) }

    private static func group(_ kind: hid_t) throws(Fault) -> Properties {
      let properties = try Properties(kind)
      try check(H5Pset_link_creation_order(properties.id, duet_keep_order()))
      try properties.setOrderAndTimes()
      return properties
    }

    static func dataset() throws(Fault) -> Properties {
      let properties = try Properties(duet_dataset_creation())
      try properties.setOrderAndTimes()
      return properties
    }

    private func setOrderAndTimes() throws(Fault) {
      try check(H5Pset_attr_creation_order(id, duet_keep_order()))
      try check(H5Pset_obj_track_times(id, false))
    }

    func setContiguous() throws(Fault) {
      try check(H5Pset_layout(id, H5D_CONTIGUOUS))
    }

    /// Chunks with shuffle and gzip; a checksum if asked for.
    func setChunks(_ shape: [Int], checksum: Bool) throws(Fault) {
      let extents = shape.map { hsize_t($0) }
      try unsafe check(H5Pset_chunk(id, Int32(extents.count), extents))
      try check(H5Pset_shuffle(id))
      try check(H5Pset_deflate(id, 4))
      if checksum { try check(H5Pset_fletcher32(id)) }
    }

    /// What elements hold that are added later.
    func setFill(_ value: Double) throws(Fault) {
      var value = value
      try unsafe check(H5Pset_fill_value(id, duet_float64(), &value))
    }

    deinit { H5Pclose(id) }
  }
}
