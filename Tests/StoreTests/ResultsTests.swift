import Store
import TestSupport
import Testing

@Suite struct ResultsTests {
  static func results() throws -> Results {
    let axes: [Results.Axis] = [
      .init("dataset", .strings(["caltech101", "eurosat"]), longName: "data set"),
      .init("algorithm", .strings(["CoOp", "MaPLe", "BMIP"]), longName: "method"),
      .init("seed", .integers([1, 2]), longName: "seed"),
      .init("shots", .integers([16]), longName: "images a class"),
      .init("metric", .strings(["base", "new"]), longName: "metric"),
    ]
    let cells = ["dataset", "algorithm", "seed", "shots"]
    var status = [Results.Cell](repeating: .done, count: 12)
    status[11] = .absent
    status[4] = .failed
    var accuracy = (0..<24).map { (index: Int) in 50 + Double(index) / 3 }
    (accuracy[22], accuracy[23]) = (.nan, .nan)
    return try Results(
      axes: axes,
      variables: [
        .init(
          "accuracy", axes: cells + ["metric"], .floats(accuracy), units: "%",
          longName: "top-1 accuracy"),
        .init(
          "correct", axes: cells + ["metric"], .integers(Array(0..<24)), units: "1",
          longName: "images classified correctly"),
        .init(
          "total", axes: ["dataset", "metric"], .integers([100, 200, 300, 400]), units: "1",
          longName: "images"),
      ],
      status: .init(axes: cells, status),
      attributes: [.init("data_kind", .string("synthetic"))],
      details: [
        .init("predictions", .list([.list([.int(1), .int(2)]), .list([.int(3)])])),
        .init("flags", .list([.bool(true), .bool(false)])),
      ])
  }

  static func write(to file: String) throws {
    let node = try results().node
    try Archive(root: Node(.group([.init("results", node)]))).write(to: file)
  }

  @Test func `results come back equal`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("r.h5")
    try Self.write(to: file)
    let node = try Archive.node(at: "/results", of: file)
    #expect(try Results(node, file: file) == Self.results())
    #expect(node["accuracy"]?.axes == ["dataset", "algorithm", "seed", "shots", "metric"])
  }

  private func results(axis: String, status: Results.Cell = .done, value: Double = 1) throws
    -> Results
  {
    try Results(
      axes: [.init(axis, .integers([1, 2]), longName: "")],
      variables: [
        .init("accuracy", axes: [axis], .floats([value, 2]), units: "%", longName: "")
      ],
      status: .init(axes: [axis], [status, .done]))
  }

  @Test(arguments: ["method", "drop", "tolerance", "indexers"])
  func `axes that xarray would take for options are refused`(_ name: String) {
    #expect(
      throws: StoreError.Fault.refused("an axis called \(name), which xarray takes for an option")
    ) { try results(axis: name) }
  }

  @Test(arguments: ["", "a/b", " a", "a\n", "status", "accuracy", "details"])
  func `names that netCDF or Duet cannot use are refused`(_ name: String) {
    #expect(throws: StoreError.Fault.self) { try results(axis: name) }
  }

  @Test func `a cell that was not run holds NaN`() throws {
    _ = try results(axis: "seed", status: .absent, value: .nan)
    _ = try results(axis: "seed", status: .failed, value: 1)
    #expect(
      throws: StoreError.Fault.refused("accuracy has a number for cell 0, which was not run")
    ) { try results(axis: "seed", status: .absent, value: 1) }
  }

  @Test func `values fill their axes, and axes have labels`() throws {
    let axis = Results.Axis("seed", .integers([1, 2]), longName: "")
    let status = Results.Status(axes: ["seed"], [.done, .done])
    func variable(_ axes: [String], _ count: Int) -> Results.Variable {
      .init(
        "x", axes: axes, .integers([Int](repeating: 0, count: count)), units: "1", longName: "")
    }
    for (axes, count) in [(["seed"], 3), (["shots"], 2), (["seed", "seed"], 4), ([], 1)] {
      #expect(throws: StoreError.Fault.self) {
        try Results(axes: [axis], variables: [variable(axes, count)], status: status)
      }
    }
    #expect(throws: StoreError.Fault.self) {
      try Results(axes: [axis], variables: [], status: .init(axes: ["seed"], [.done]))
    }
  }

  @Test func `axes without labels are refused when they are written`() throws {
    let axes = Node.Attribute(Node.axesAttribute, .strings(["seed"]))
    let root = Node(.group([.init("x", Node(.array(.integers([1, 2])), [axes]))]))
    #expect(
      throws: StoreError(
        file: "/x.h5", path: "/x", .refused("no labels for the axis seed of length 2"))
    ) { try Archive(root: root).write(to: "/x.h5") }
  }

  @Test(
    .enabled(
      if: Python.has("xarray", "h5netcdf", "netCDF4", "pandas"),
      "\(Python.absence(of: "xarray, h5netcdf, netCDF4, pandas"))"))
  func `xarray, netCDF4 and pandas read them, and netCDF4 appends`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("r.h5")
    try Self.write(to: file)
    try Python.run(
      """
      import sys, numpy as np, xarray as xr, netCDF4
      file = sys.argv[1]
      def check(engine):
          with xr.open_dataset(file, group="results", engine=engine) as d:
              d.load()
          assert list(d.sizes) == ["dataset", "algorithm", "seed", "shots", "metric"], d.sizes
          assert d.attrs["data_kind"] == "synthetic"
          a = d.accuracy
          assert a.dtype == "f8" and a.attrs["units"] == "%"
          assert a.attrs["long_name"] == "top-1 accuracy"
          x = a.sel(dataset="eurosat", algorithm="CoOp", seed=2, shots=16, metric="new")
          assert x == 50 + 15 / 3, float(x)
          assert int(a.isnull().sum()) == 2
          assert d.correct.dtype == "i8" and d.correct.sum() == 276
          assert d.total.dims == ("dataset", "metric")
          assert d.status.sel(seed=2, dataset="eurosat", algorithm="BMIP") == 0
          assert (d.status == 2).sum() == 1
          t = d.accuracy.to_dataframe().reset_index()
          assert len(t) == 24 and set(t.algorithm) == {"CoOp", "MaPLe", "BMIP"}
          assert abs(t[t.algorithm == "CoOp"].accuracy.mean() - 52.5) < 1e-12, t
          return d
      for engine in ["h5netcdf", "netcdf4"]:
          check(engine)
      for _ in range(2):
          with netCDF4.Dataset(file, "a") as n:
              g = n["results"]
              name = "loss%d" % len(g.variables)
              v = g.createVariable(name, "f8", ("algorithm", "seed"))
              v[:] = np.arange(6).reshape(3, 2)
      for engine in ["h5netcdf", "netcdf4"]:
          d = check(engine)
          assert d.loss9.sel(algorithm="BMIP", seed=2) == 5 and d.loss10.dims == ("algorithm", "seed")
      """, file)
    var options = Archive.ReadOptions()
    options.checksHash = false
    let root = try Archive(reading: file, options).root
    #expect(
      root.node(at: "/results/loss9")?.content
        == .array(.init(shape: [3, 2], .floats([0, 1, 2, 3, 4, 5]))))
    #expect(throws: StoreError.self) { try Archive(reading: file) }
  }
}
