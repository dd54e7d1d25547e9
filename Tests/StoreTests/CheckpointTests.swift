import Store
import Tensor
import TestSupport
import Testing

@Suite struct CheckpointTests {
  private func checkpoint() throws -> Checkpoint {
    func ramp(_ shape: [Int]) throws -> StoredValue {
      .tensor(try Tensor(shape: shape, elements: (0..<shape.reduce(1, *)).map(Float.init)))
    }
    var state = TrainingState(epoch: 3, step: 120)
    state.buffers = [.init("momentum.ctx", try Tensor(shape: [2], elements: [0.5, -0.0]))]
    state.streams = [.init("init", position: 7), .init("order", position: .max)]
    state.settings = .record([.init("lr", .float(0.002)), .init("optimizer", .string("sgd"))])
    state.curves = [.init("loss", [1.5, .nan, 0.25]), .init("none", [])]
    return Checkpoint(
      [
        .init("ctx", .param, try ramp([4, 8])),
        .init("vision_prompt.3", .param, try ramp([2, 3])),
        .init("gates.a/b", .frozen, try ramp([])),
        .init("steps", .state, .int(12)),
      ], state: state)
  }

  @Test func `a checkpoint comes back equal`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("coop.h5")
    let written = try checkpoint()
    try written.write(to: file, Provenance())
    #expect(try Checkpoint(reading: file) == written)
    let root = try Archive(reading: file).root
    #expect(root.node(at: "/parameters/vision_prompt.3")?.attribute("role") == .string("param"))
    #expect(root.node(at: "/training/epoch")?.content == .array(.integer(3)))
    #expect(root["parameters"]?["gates.a%2Fb"] != nil)
  }

  @Test func `without a training there is none`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("coop.h5")
    var written = try checkpoint()
    written.state = nil
    try written.write(to: file, Provenance())
    #expect(try Checkpoint(reading: file) == written)
  }

  private let slots: [Checkpoint.Slot] = [
    .init("steps", shape: nil), .init("ctx", shape: [4, 8]), .init("gates.a/b", shape: []),
    .init("vision_prompt.3", shape: [2, 3]),
  ]

  @Test func `slots are filled in their own order`() throws {
    let values = try checkpoint().values(for: slots, file: "f")
    #expect(values[0] == .int(12))
    guard case .tensor(let prompt) = values[3] else { throw CancellationError() }
    #expect(prompt.shape == [2, 3])
  }

  @Test func `what is missing, surplus and misshapen is listed`() throws {
    var slots = slots
    slots[0] = .init("steps", shape: [1])
    slots[1] = .init("ctx", shape: [4, 9])
    slots[3] = .init("vision_prompt.4", shape: [2, 3])
    slots += (0..<7).map { .init("more.\($0)", shape: [1]) }
    let error = try #require(throws: StoreError.self) {
      try checkpoint().values(for: slots, file: "f")
    }
    guard case .names(let names) = error.fault else { throw error }
    #expect(error.path == "/parameters")
    #expect(names.missing.count == 8)
    #expect(
      names.missing.first == ["vision_prompt.4", "more.0", "more.1", "more.2", "more.3"])
    #expect(names.surplus.first == ["vision_prompt.3"])
    #expect(
      names.misshapen.first == [
        .init(name: "steps", expected: "[1]", found: "int"),
        .init(name: "ctx", expected: "[4, 9]", found: "[4, 8]"),
      ])
  }

  @Test func `a file without parameters is no checkpoint`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    try Archive.save(.int(1), of: file, Provenance())
    #expect(throws: StoreError(file: file, path: "/parameters", .absent)) {
      try Checkpoint(reading: file)
    }
  }

  @Test func `a training state of another form is an error with the path`() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("x.h5")
    var archive = Archive()
    try checkpoint().store(in: &archive)
    archive.root.set(["training", "streams", "init"], to: try Node(storing: .string("seven")))
    try archive.write(to: file)
    #expect(
      throws: StoreError(
        file: file, path: "/training/streams/init", .kind(expected: "int", found: "string"))
    ) { try Checkpoint(reading: file) }
  }
}
