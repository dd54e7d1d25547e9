import Foundation
import Store
import Tensor
import TestSupport
import Testing

/// What others make of our files, and large or unusual files of others.
@Suite(.enabled(if: Python.has("h5py"), "\(Python.absence(of: "h5py"))"))
struct InteroperabilityTests {
  @Test func `h5py finds natural datasets`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    let tensor = try Tensor(shape: [300, 400], elements: (0..<120_000).map { Float($0) / 7 })
    let table = try StoredTable([
      .init("epoch", .integers([1, 2])),
      .init("loss", .init(shape: [2], .floats([0.5, 0.25])), units: "nat", longName: "loss"),
    ])
    let record = StoredValue.record([
      .init("z", .int(1)), .init("a/b", .string("grüße")), .init("flag", .bool(true)),
      .init("nothing", .nothing), .init("texts", .list([.string("x"), .string("")])),
      .init("matrix", .list([.list([.int(1), .int(2)]), .list([.int(3), .int(4)])])),
      .init("mixed", .list([.int(1), .string("y")])), .init("nan", .float(.nan)),
      .init("table", .table(table)), .init("tensor", .tensor(tensor)),
      .init("range", .range(.init(lower: 0, upper: 9, isClosed: false))),
    ])
    var provenance = Provenance()
    provenance.script = "print(1)"
    provenance.seed = 4
    try Archive.save(record, at: "/r", of: file, provenance)
    try Python.run(
      """
      import sys, math, h5py, numpy as np
      f = h5py.File(sys.argv[1])
      assert f.attrs["duet_schema"] == "duet/1" and f.attrs["duet_schema_version"] == "1.0.0"
      p = f["provenance"]
      assert p["script"].asstr()[()] == "print(1)" and p.attrs["seed"] == 4
      r = f["r"]
      assert list(r) == ["z", "a%2Fb", "flag", "nothing", "texts", "matrix", "mixed", "nan",
                         "table", "tensor", "range"]
      assert r["z"][()] == 1 and r["a%2Fb"].asstr()[()] == "grüße" and r["flag"][()] == True
      assert r["flag"].dtype == bool and len(r["nothing"]) == 0
      assert list(r["texts"].asstr()[:]) == ["x", ""]
      assert (r["matrix"][:] == [[1, 2], [3, 4]]).all() and r["matrix"].dtype == "i8"
      assert r["mixed/0"][()] == 1 and r["mixed/1"].asstr()[()] == "y" and math.isnan(r["nan"][()])
      assert r["table"].attrs["duet_kind"] == "table" and list(r["table"]) == ["epoch", "loss"]
      assert r["table/loss"].attrs["units"] == "nat"
      t = r["tensor"]
      assert t.dtype == "f4" and t.compression == "gzip" and t.compression_opts == 4
      assert t.shuffle and t.fletcher32 and 2**16 <= np.prod(t.chunks) * 4 <= 2**20
      assert (t[:] == (np.arange(120000, dtype="f4") / np.float32(7)).reshape(300, 400)).all()
      assert (r["range"][:] == [0, 9]).all() and r["range"].attrs["closed"] == False
      for o in [f["/"], r, r["table"], f["provenance"]]:
          order = o.id.get_create_plist().get_link_creation_order()
          assert order == h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED
      """, file)
  }

  /// The script is also the one in `docs/files.md`.
  @Test func `the content hash can be computed elsewhere`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try ResultsTests.write(to: file)
    var generator = Seeded(11)
    for index in 0..<8 {
      let value = try StoredValue.random(&generator)
      try Archive.save(value, at: "/v\(index)", of: file, Provenance())
    }
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/files.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let script = try #require(
      text.components(separatedBy: "```python\n# content_hash.py\n").last?
        .components(separatedBy: "```").first)
    let hash = try Python.run(script, file).trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(try hash == Archive.verify(file))
  }

  @Test func `the hash does not depend on chunks, compression or order`() throws {
    let folder = try TemporaryFolder()
    let (file, other) = (folder.file("x.h5"), folder.file("y.h5"))
    let numbers = (0..<30_000).map { StoredValue.int($0 * 7 % 1000) }
    try Archive.save(
      .record([.init("a", .list(numbers)), .init("b", .nothing)]), of: file, Provenance())
    try Python.run(
      """
      import sys, h5py
      def copy(a, b):
          for k in reversed(list(a.attrs)):
              b.attrs[k] = a.attrs[k]
          for k in reversed(list(a)) if isinstance(a, h5py.Group) else []:
              if isinstance(a[k], h5py.Group):
                  copy(a[k], b.create_group(k))
              else:
                  x = a[k]
                  how = dict(chunks=(777,), compression="gzip", compression_opts=9) if x.ndim else {}
                  copy(x, b.create_dataset(k, data=x[()], dtype=x.dtype, **how))
      with h5py.File(sys.argv[1]) as a, h5py.File(sys.argv[2], "w") as b:
          copy(a, b)
      """, file, other)
    #expect(try Archive.verify(other) == Archive.verify(file))
    #expect(try Difference.between(file, other) == [])
    #expect(try Archive(reading: other).provenance == Archive(reading: file).provenance)
  }

  @Test(arguments: ["earliest", "v108", "latest"])
  func `large groups, long attributes, many chunks`(_ version: String) throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try Python.run(
      """
      import sys, h5py, numpy as np
      v = sys.argv[2]
      with h5py.File(sys.argv[1], "w", libver=(v, "v108" if v != "latest" else v),
                     userblock_size=512) as f:
          g = f.create_group("many")
          for i in range(3000):
              g["n%04d" % i] = i
          if v != "earliest":
              f.attrs["long"] = np.arange(30000)
          for i in range(300):
              f.attrs["a%03d" % i] = "x" * i
          x = np.arange(5000, dtype="i2")
          f.create_dataset("fixed", data=x, chunks=(2,))
          f.create_dataset("packed", data=x, chunks=(2,), compression="gzip")
          f.create_dataset("growing", data=x, chunks=(1,), maxshape=(None,))
          f.create_dataset("packed growing", data=x, chunks=(2,), maxshape=(None,), shuffle=True)
          y = x.reshape(50, 100)
          f.create_dataset("both", data=y, chunks=(2, 3), maxshape=(None, None))
          f.create_dataset("packed both", data=y, chunks=(2, 3), maxshape=(None, None),
                           compression="gzip")
          f.create_dataset("sideways", data=y, chunks=(3, 2), maxshape=(99, None))
      """, file, version)
    let root = try Archive(reading: file).root
    #expect(root["many"]?.children.count == 3000)
    #expect(root.node(at: "/many/n2999")?.content == .array(.integer(2999)))
    #expect(root.attribute("a299") == .string(String(repeating: "x", count: 299)))
    if version != "earliest" { #expect(root.attribute("long") == .integers(Array(0..<30000))) }
    let numbers = StoredArray.Elements.integers(Array(0..<5000))
    for name in ["fixed", "packed", "growing", "packed growing"] {
      #expect(root[name]?.content == .array(.init(shape: [5000], numbers)), "\(name)")
    }
    for name in ["both", "packed both", "sideways"] {
      #expect(root[name]?.content == .array(.init(shape: [50, 100], numbers)), "\(name)")
    }
  }
}

/// The reference vectors beside the package, where this machine has them.
@Suite struct ReferenceVectorTests {
  @Test(.enabled(if: ReferenceFiles.shared != nil, "\(ReferenceFiles.absence)"))
  func `all reference files are read`() throws {
    let folder = try #require(ReferenceFiles.shared).path
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let files = all.filter { $0.hasSuffix(".h5") }
    #expect(files.count > 40)
    for file in files { #expect(try !Archive(reading: folder + "/" + file).root.children.isEmpty) }
    let coop = try Archive(reading: folder + "/text/coop-end.h5").root
    #expect(coop.attribute("method") == .string("coop"))
    #expect(coop.attribute("options")?.text?.first == "{")
    #expect(coop.node(at: "/input/class_tokens")?.summary.hasPrefix("int64 [") == true)
    #expect(coop.node(at: "/param/ctx")?.summary.hasPrefix("tensor [") == true)
    let clip = try StoredWeights(reading: folder + "/text/coop-end.h5")
    #expect(clip.architecture.contains { $0.name == "embed_dim" })
    #expect(clip["token_embedding.weight"]?.rank == 2)
    let drawings = try Archive(reading: folder + "/mini/drawings.h5").root
    #expect(!drawings.children.isEmpty)
  }
}
