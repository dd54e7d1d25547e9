import Foundation
import Store
import Tensor
import TestSupport
import Testing

/// The reference checkpoints beside the package, where they are.
@Suite(.enabled(if: ReferenceFiles.shared != nil, Comment(rawValue: ReferenceFiles.absence)))
struct ReferenceCheckpointTests {
  private func path(_ name: String) throws -> String {
    try #require(ReferenceFiles.shared).appending(path: "clip/\(name)").path
  }

  @Test func `every malformed checkpoint is refused`() throws {
    let cases = try #require(
      try JSON(reading: path("malformed/cases.json"), limit: 1 << 20)["cases"]?.array)
    var count = 0
    for test in cases where test["loader"]?.string == "checkpoint" {
      let name = try #require(test["file"]?.string)
      let error = #expect(throws: StoreError.self, "\(name)") {
        let weights = try StateDict(reading: path("malformed/\(name)"))
        for name in weights.names { _ = try weights.tensor(named: name) }
      }
      #expect(error?.fault != .noFile)
      count += 1
    }
    #expect(count > 30)
  }

  @Test func `every checkpoint is read to its last tensor`() throws {
    let cases = try #require(
      try JSON(reading: path("checkpoints/cases.json"), limit: 1 << 20)["cases"]?.array)
    for test in cases {
      let name = try #require(test["path"]?.string)
      let weights = try opened("checkpoints/\(name)")
      #expect(weights.names.contains { $0.hasSuffix("logit_scale") }, "\(name)")
      for entry in weights.entries where entry.type.isFloat {
        let tensor = try weights.tensor(named: entry.name)
        #expect(tensor.shape == entry.shape && tensor.elements.allSatisfy(\.isFinite))
      }
    }
    #expect(!cases.isEmpty)
  }

  private func opened(_ name: String) throws -> StateDict {
    let path = try path(name)
    for (file, isIndex) in [
      ("model.safetensors", false), ("model.safetensors.index.json", true),
      ("pytorch_model.bin", false),
      ("open_clip_model.safetensors", false), ("open_clip_pytorch_model.bin", false),
    ] where FileManager.default.fileExists(atPath: "\(path)/\(file)") {
      return try isIndex
        ? StateDict(index: "\(path)/\(file)") : StateDict(reading: "\(path)/\(file)")
    }
    return try StateDict(reading: path)
  }
}
