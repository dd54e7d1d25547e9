import Foundation
import Store
import Tensor
import TestSupport
import Testing

@Suite struct WeightsTests {
  private static let shapes = [
    "visual.conv1.weight": [64, 3, 8, 8], "visual.class_embedding": [7], "logit_scale": [],
    "token_embedding.weight": [300, 64], "nothing": [0, 5],
  ]

  private func weights() throws -> StoredWeights {
    var generator = Seeded(7)
    let tensors = try Self.shapes.sorted { $0.key < $1.key }.map { name, shape in
      let elements = (0..<shape.reduce(1, *)).map { _ in
        Float(Int64(truncatingIfNeeded: generator.next())) * 0x1p-64
      }
      return NamedTensor(name, try Tensor(shape: shape, elements: elements))
    }
    let architecture: [Node.Attribute] = [
      .init("embed_dim", .integer(64)), .init("activation", .string("quick_gelu")),
      .init("layer_norm_eps", .float(1e-5)),
    ]
    return StoredWeights(architecture: architecture, tensors: tensors)
  }

  @Test func `weights come back equal, and a value can join them`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("clip.h5")
    let written = try weights()
    try written.write(to: file, Provenance())
    try Archive.save(.int(1), at: "/note", of: file, Provenance())
    let read = try StoredWeights(reading: file)
    #expect(read.architecture == written.architecture)
    #expect(read.node == written.node)
    #expect(read.digest == written.digest)
    #expect(read["logit_scale"]?.shape == [])
    #expect(read["absent"] == nil)
    _ = try Archive.verify(file)
  }

  @Test func `tensors lie in the mapped file, as long as they are needed`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("clip.h5")
    try weights().write(to: file, Provenance())
    #expect(try !isMapped(file, expecting: false))
    var read: StoredWeights? = try StoredWeights(reading: file)
    #expect(try isMapped(file, expecting: true))
    var tensor = read?["visual.conv1.weight"]
    read = nil
    let before = try #require(tensor).elements
    try Archive.save(.int(1), at: "/note", of: file, Provenance())
    #expect(tensor?.elements == before, "a file that is replaced does not change under a mapping")
    tensor = nil
    #expect(try !isMapped(file, expecting: false))
  }

  @Test(.enabled(if: Python.has("h5py"), "\(Python.absence(of: "h5py"))"))
  func `h5py finds each tensor in one piece at a multiple of 64 bytes`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("clip.h5")
    try weights().write(to: file, Provenance())
    try Python.run(
      """
      import sys, h5py
      with h5py.File(sys.argv[1]) as f:
          assert list(f["clip"].attrs) == ["embed_dim", "activation", "layer_norm_eps"]
          assert f["clip"].attrs["embed_dim"] == 64
          for name, d in f["clip"].items():
              assert d.chunks is None and d.dtype == "<f4", name
              assert d.size == 0 or d.id.get_offset() % 64 == 0, (name, d.id.get_offset())
      """, file)
  }

  @Test(.enabled(if: Python.has("h5py"), "\(Python.absence(of: "h5py"))"))
  func `what does not lie as Duet writes it is read and converted`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("foreign.h5")
    try Python.run(
      """
      import sys, h5py, numpy as np
      with h5py.File(sys.argv[1], "w") as f:
          g = f.create_group("clip")
          g.attrs["embed_dim"] = 4
          for t in ["f2", "f4", "f8", ">f4"]:
              g[t] = np.arange(6, dtype=t).reshape(2, 3) / 2
          g.create_dataset("gzip", data=np.arange(6, dtype="f4") / 2, compression="gzip")
          g["count"] = 3
      """, file)
    let path = "/clip/count"
    #expect(throws: StoreError(file: file, path: path, .kind(expected: "tensor", found: "int64"))) {
      try StoredWeights(reading: file)
    }
    try Python.run("import sys, h5py; del h5py.File(sys.argv[1], 'a')['clip/count']", file)
    let weights = try StoredWeights(reading: file)
    #expect(weights.tensors.count == 5)
    for named in weights.tensors { #expect(named.tensor.elements == [0, 0.5, 1, 1.5, 2, 2.5]) }
    #expect(try !isMapped(file, expecting: false))
  }
}
