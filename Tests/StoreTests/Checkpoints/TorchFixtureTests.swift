import Foundation
import Store
import Tensor
import Testing

/// Files that torch itself wrote; `Fixtures/make_torch.py` says what is in them.
@Suite struct TorchFixtureTests {
  private func opened(_ name: String) throws -> StateDict {
    try StateDict(reading: fixture("torch/\(name)"))
  }

  private func expect(
    _ weights: StateDict, _ name: String, _ shape: [Int], _ elements: [Float],
    location: SourceLocation = #_sourceLocation
  ) throws {
    let tensor = try weights.tensor(named: name)
    #expect(tensor.shape == shape, sourceLocation: location)
    #expect(tensor.elements == elements, sourceLocation: location)
    #expect(weights[name]?.shape == shape, sourceLocation: location)
  }

  private func ramp(_ count: Int) -> [Float] { (0..<count).map { Float($0) } }

  @Test func `views are gathered`() throws {
    let weights = try opened("views.pt")
    #expect(weights.kind == .torch)
    #expect(
      weights.names == [
        "base", "transposed", "offset", "column", "stepped", "permuted", "expanded", "scalar",
        "empty", "one",
      ])
    try expect(weights, "base", [4, 6], ramp(24))
    try expect(weights, "transposed", [6, 4], (0..<24).map { Float($0 % 4 * 6 + $0 / 4) })
    try expect(weights, "offset", [2, 6], (6..<18).map { Float($0) })
    try expect(weights, "column", [4], [2, 8, 14, 20])
    try expect(weights, "stepped", [2, 3], [1, 3, 5, 13, 15, 17])
    var permuted: [Float] = []
    for last in 0..<4 {
      for place in 0..<6 { permuted.append(Float(place * 4 + last)) }
    }
    try expect(weights, "permuted", [4, 2, 3], permuted)
    try expect(weights, "expanded", [3, 4], [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
    try expect(weights, "scalar", [], [2.5])
    try expect(weights, "empty", [0, 5], [])
    try expect(weights, "one", [3, 1], [0, 1, 2])
  }

  @Test(arguments: ["types.pt", "protocol4.pt"])
  func `each tensor has its own type`(_ name: String) throws {
    let weights = try opened(name)
    try expect(weights, "single", [2, 2], ramp(4))
    try expect(weights, "half", [4], [1.5, -2, 65504, 0x1p-24])
    try expect(weights, "half_transposed", [3, 2], [0, 3, 1, 4, 2, 5])
    try expect(weights, "brain", [3], ramp(3))
    try expect(weights, "double", [3], [1.5, 1, .infinity])
    let integers: [(String, ScalarType)] = [
      ("long", .int64), ("int", .int32), ("short", .int16), ("char", .int8), ("byte", .uint8),
      ("bool", .bool),
    ]
    for (name, type) in integers {
      #expect(weights[name]?.type == type)
      #expect(throws: StoreError.self) { try weights.tensor(named: name) }
    }
  }

  @Test func `parameters are their tensors`() throws {
    let weights = try opened("parameter.pt")
    try expect(weights, "w", [2, 2], ramp(4))
    try expect(weights, "b", [2], ramp(2))
  }

  @Test(arguments: ["state_dict", "model", "model_state_dict"])
  func `weights are found among other training state`(_ wrapper: String) throws {
    let weights = try opened("\(wrapper).pt")
    #expect(
      weights.names == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var",
        "1.num_batches_tracked",
      ])
    try expect(weights, "0.weight", [2, 3], ramp(6))
    try expect(weights, "0.bias", [2], [10, 11])
  }

  @Test func `attributes of TorchScript objects are named by their path`() throws {
    let weights = try opened("script.pt")
    #expect(weights.isTorchScript)
    #expect(
      Set(weights.names) == [
        "scale", "small", "blocks.0.weight", "blocks.0.steps", "blocks.1.weight", "blocks.1.steps",
      ])
    try expect(weights, "scale", [], [0.5])
    try expect(weights, "small", [3], ramp(3))
    try expect(weights, "blocks.1.weight", [2, 3], ramp(6))
  }

  @Test func `what is no state dict is refused by what it is`() throws {
    for (name, fault) in [
      ("tensor.pt", StoreError.Fault.kind(expected: "a state dict", found: "a tensor")),
      ("legacy.pt", .legacyTorch), ("module.pt", .forbidden(global: "__main__.Inner")),
    ] {
      #expect(throws: StoreError(file: fixture("torch/\(name)"), fault)) { try opened(name) }
    }
  }
}
