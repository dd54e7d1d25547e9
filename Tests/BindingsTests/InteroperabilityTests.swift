import TestSupport
import Testing

/// What scripts save, others open unaided.
@Suite(
  .enabled(
    if: Python.has("h5py", "xarray", "h5netcdf", "netCDF4"),
    Comment(rawValue: Python.absence(of: "h5py and xarray"))))
struct InteroperabilityTests {
  @Test func `xarray and netCDF4 open a result with its axes and labels`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/result.h5"
    let lines = try TestEngine().printed(
      """
      let r = base_to_new(load_clip("mini"), ["fields", "textures"], methods: [ZeroShot, CoOp], seeds: [1, 2],
        settings: fn(m, p, c, o = {}) => settings(m, p, c, o + {epochs: 1}))
      save("\(path)", r)
      print(r.mean("base", at: {algorithm: "CoOp", dataset: "textures"}))
      """)
    let output = try Python.run(
      """
      import sys, xarray
      for engine in ("h5netcdf", "netcdf4"):
          with xarray.open_dataset(sys.argv[1], group="results", engine=engine) as data:
              assert dict(data.base.sizes) == {"dataset": 2, "algorithm": 2, "seed": 2}, data.base.sizes
              assert [str(x) for x in data.algorithm.values] == ["ZeroShot", "CoOp"]
              assert data.seed.values.tolist() == [1, 2]
              assert data.base.attrs["units"] == "%"
              assert data.base_correct.dtype.kind == "i" and (data.status == 1).all()
              assert data.attrs["data_kind"] == "synthetic"
              assert abs(100 * data.base_correct / data.base_total - data.base).max() < 1e-9
              print(float(data.base.sel(algorithm="CoOp", dataset="textures").mean()))
      """, path)
    let means = output.split(separator: "\n").compactMap { Double($0) }
    #expect(means.count == 2 && means.allSatisfy { abs($0 - (Double(lines[0]) ?? 0)) < 1e-9 })
  }

  @Test func `h5py opens checkpoints and tensors under the paths that scripts see`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/"
    try TestEngine().printed(
      """
      let m = MaPLe(load_clip("mini"), ["a", "b"], depth: 2)
      save("\(path)m.h5", m)
      save("\(path)t.h5", reshape(arange(0, 6), [2, 3]), at: "/x")
      """)
    let output = try Python.run(
      """
      import sys, h5py
      with h5py.File(sys.argv[1] + "m.h5") as f:
          names = []
          f["parameters"].visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
          print(sorted(names))
          print(f.attrs["duet_schema"], len(f.attrs["content_hash"]))
      with h5py.File(sys.argv[1] + "t.h5") as f:
          print(f["x"][()].tolist(), f["x"].dtype)
      """, path)
    #expect(output.contains("text_prompt.0") && output.contains("text_to_vision.1.weight"))
    #expect(output.contains("duet/1 64"))
    #expect(output.contains("[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] float32"))
  }

  @Test func `a script reads what h5py wrote`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/other.h5"
    try Python.run(
      """
      import sys, h5py, numpy
      with h5py.File(sys.argv[1], "w") as f:
          f["a/x"] = numpy.arange(6, dtype="f4").reshape(2, 3)
          f["names"] = ["b", "c"]
      """, path)
    #expect(
      try TestEngine().printed(
        "print(load(\"\(path)\", at: \"/a/x\").shape, load(\"\(path)\", at: \"/names\"))")
        == ["[2, 3] [\"b\", \"c\"]"])
  }
}
