import Foundation
import Store
import Tensor
import TestSupport
import Testing

@Suite struct ShardTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try shard("a.safetensors", ["w": 1, "x": 2])
    try shard("b.safetensors", ["w": 3, "y": 4])
  }

  private func shard(_ name: String, _ values: KeyValuePairs<String, Float>) throws {
    let bytes = SafetensorsFile.bytes(
      values.map { .init(name: $0, type: "F32", shape: [1], bytes: [$1].littleEndian) })
    try Data(bytes).write(to: URL(filePath: folder.file(name)))
  }

  private func opened(_ index: String) throws -> StateDict {
    try folder.write(index, to: "model.safetensors.index.json")
    return try StateDict(index: folder.file("model.safetensors.index.json"))
  }

  @Test func `each tensor comes from the file that the map names`() throws {
    for (winner, value) in [("a", Float(1)), ("b", 3)] {
      let weights = try opened(
        "{\"metadata\":{\"total_size\":12},\"weight_map\":{\"y\":\"b.safetensors\",\"w\":\"\(winner).safetensors\",\"x\":\"a.safetensors\"}}"
      )
      #expect(Set(weights.names) == ["w", "x", "y"] && weights.names.count == 3)
      #expect(try weights.tensor(named: "w").elements == [value])
      #expect(try weights.tensor(named: "x").elements == [2])
      #expect(try weights.tensor(named: "y").elements == [4])
    }
  }

  @Test func `a tensor that is not where the map says is named`() throws {
    let error = try #require(throws: StoreError.self) {
      try opened("{\"weight_map\":{\"x\":\"b.safetensors\"}}")
    }
    #expect(error == StoreError(file: folder.file("b.safetensors"), path: "'x'", .absent))
  }

  @Test func `a name in two files that the map does not settle is refused`() throws {
    #expect(throws: StoreError.self) {
      try opened("{\"weight_map\":{\"x\":\"a.safetensors\",\"y\":\"b.safetensors\"}}")
    }
  }

  @Test(arguments: [
    "../a.safetensors", "/etc/passwd", "sub/a.safetensors", ".", "..", "", "a\\\\b", "a\\u0000b",
  ])
  func `a file name that leaves the folder is refused`(_ name: String) throws {
    let error = try #require(throws: StoreError.self) {
      try opened("{\"weight_map\":{\"x\":\"\(name)\"}}")
    }
    #expect(error.fault == .damaged("'x' is mapped to no plain file name"))
  }

  @Test(arguments: ["{}", "{\"weight_map\":[]}", "{\"weight_map\":{\"x\":1}}", "[]", "{"])
  func `an index without a map is refused`(_ index: String) {
    #expect(throws: StoreError.self) { try opened(index) }
  }

  @Test func `a file that is missing is named`() throws {
    #expect(throws: StoreError(file: folder.file("c.safetensors"), .noFile)) {
      try opened("{\"weight_map\":{\"x\":\"c.safetensors\"}}")
    }
  }
}
