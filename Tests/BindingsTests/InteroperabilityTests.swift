import Bindings
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

  @Test(.enabled(if: Python.has("pandas"), Comment(rawValue: Python.absence(of: "pandas"))))
  func `pandas reads the cells of a result as CSV and as HDF5 and finds them equal`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/r"
    try TestEngine().printed(
      """
      let axes = {dataset: ["a, b", "c"], algorithm: ["A", "B"], seed: 1...3}
      let r = results(axes, {data_kind: "synthetic", model: "mini", title: "said \\"x\\""})
      for t in r.missing()[1:] {
        r.put(t.number, {hm: t.number / 7, base: {accuracy: 100 * t.number / 12, correct: t.number, total: 12}})
      }
      save("\(path).h5", r)
      export(r, "\(path).csv")
      """)
    try Python.run(
      """
      import sys, pandas, xarray
      cells = pandas.read_csv(sys.argv[1] + ".csv")
      assert len(cells) == 12 and (cells.data_kind == "synthetic").all(), cells
      assert list(cells.status) == ["absent"] + 11 * ["done"]
      assert (cells.title == 'said "x"').all() and cells.base_correct.dtype.kind == "i"
      assert pandas.isna(cells.hm[0]) and set(cells.dataset) == {"a, b", "c"}
      keys = ["dataset", "algorithm", "seed"]
      with xarray.open_dataset(sys.argv[1] + ".h5", group="results") as data:
          stored = data[["hm", "base", "base_correct", "base_total"]].to_dataframe()
      own = cells.set_index(keys)[list(stored.columns)]
      pandas.testing.assert_frame_equal(own, stored.reindex(own.index), check_exact=True, check_index_type=False)
      """, path)
  }

  @Test func `xarray opens joined results, and h5py finds where each came from`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/"
    try TestEngine().printed(
      """
      for [i, name] in enumerate(["A", "B"]) {
        let r = results({algorithm: [name], seed: [i + 1, i + 2]}, {data_kind: "synthetic", model: "mini"})
        for t in r.missing() { r.put(t.number, {hm: 10 * i + t.number}) }
        save("\(path)\\(i).h5", r)
      }
      """)
    let merged = try ResultFiles.merge(
      ["\(path)0.h5", "\(path)1.h5"], into: "\(path)all.h5", replacing: false)
    #expect(merged.contradictions == [])
    try Python.run(
      """
      import sys, h5py, xarray
      with xarray.open_dataset(sys.argv[1] + "all.h5", group="results") as data:
          assert data.hm.fillna(-1).values.tolist() == [[0, 1, -1], [-1, 10, 11]], data.hm
          assert data.status.values.tolist() == [[1, 1, 0], [0, 1, 1]]
          assert data.seed.values.tolist() == [1, 2, 3] and data.attrs["data_kind"] == "synthetic"
      with h5py.File(sys.argv[1] + "all.h5") as all:
          for number in "01":
              with h5py.File(sys.argv[1] + number + ".h5") as source:
                  group = all["provenance/sources/" + number]
                  assert group.attrs["content_hash"] == source.attrs["content_hash"]
                  assert group.attrs["version_duet"] == source["provenance"].attrs["version_duet"]
                  moved = all["provenance/volatile/sources/" + number]
                  assert moved.attrs["created"] == source["provenance/volatile"].attrs["created"]
      """, path)
  }

  @Test(
    .enabled(if: Python.has("safetensors"), Comment(rawValue: Python.absence(of: "safetensors"))))
  func `safetensors reads what a checkpoint is exported to`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/m"
    try TestEngine().printed(
      "save(\"\(path).h5\", MaPLe(load_clip(\"mini\"), [\"a\", \"b\"], depth: 2))")
    _ = try ResultFiles.safetensors(
      of: path + ".h5", into: path + ".safetensors", replacing: false)
    try Python.run(
      """
      import sys, h5py
      from safetensors.numpy import load_file
      own = load_file(sys.argv[1] + ".safetensors")
      with h5py.File(sys.argv[1] + ".h5") as f:
          assert set(own) == set(f["parameters"]), set(own)
          for name, array in own.items():
              assert array.tobytes() == f["parameters"][name][()].tobytes(), name
      """, path)
  }
}
