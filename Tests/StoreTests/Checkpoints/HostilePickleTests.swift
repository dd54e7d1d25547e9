import Foundation
import Store
import Tensor
import TestSupport
import Testing

/// Pickles that ask for what they must not have, contradict themselves, or want to be endless.
@Suite struct HostilePickleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func opened(_ bytes: [UInt8]) throws -> StateDict {
    let file = folder.file("model.pt")
    try Data(bytes).write(to: URL(filePath: file))
    return try StateDict(reading: file)
  }

  private func fault(_ pickle: Pickle) throws -> StoreError.Fault {
    try #require(throws: StoreError.self) { try opened(TorchFile.bytes(pickle)) }.fault
  }

  @Test func `the pickles of these tests are sound but for what is said`() throws {
    let weights = try opened(TorchFile.bytes(.dict(.tensor())))
    #expect(try weights.tensor(named: "w").elements == TorchFile.floats)
    let turned = try opened(
      TorchFile.bytes(.dict(.tensor(offset: 1, shape: [2, 2], strides: [1, 3]))))
    #expect(try turned.tensor(named: "w").elements == [1, 4, 2, 5])
  }

  @Test func `the stride of an axis of one position may be any number`() throws {
    let weights = try opened(
      TorchFile.bytes(.dict(.tensor(shape: [2, 1, 3], strides: [1, .max, 2]))))
    #expect(try weights.tensor(named: "w").elements == [0, 2, 4, 1, 3, 5])
  }

  @Test(arguments: [
    ("os", "system"), ("posix", "system"), ("builtins", "eval"), ("__builtin__", "eval"),
    ("torch", "load"), ("torch", "FloatStorage.__init__"), ("torch.hub", "load"), ("numpy", "load"),
    ("collections", "OrderedDict.__class__"), ("__torch__x", "A"), ("", ""),
    ("torch FloatStorage", ""),
    ("collections", "defaultdict"), ("os", "system\u{1B}[2J"),
  ])
  func `a global that is not on the list ends the reading where it stands`(
    _ global: (String, String)
  ) throws {
    let (module, name) = global
    let byLine = try fault(.start + .global(module, name) + .raw(0xFF))
    let byStack = try fault(.start + .text(module) + .text(name) + .raw(0x93, 0xFF))
    for fault in [byLine, byStack] {
      guard case .forbidden(let shown) = fault else {
        Issue.record("\(fault)")
        continue
      }
      #expect(shown.hasPrefix("\(module).") && !shown.contains("\u{1B}"))
    }
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let pickle: Pickle
    var testDescription: String { name }
    init(_ name: String, _ pickle: Pickle) { (self.name, self.pickle) = (name, pickle) }
  }

  @Test(arguments: [
    Case("nothing", Pickle(bytes: [])),
    Case("no end", .start + .dict),
    Case("an end and nothing else", .start + .stop),
    Case("protocol 1", .raw(0x80, 1) + .dict + .stop),
    Case("protocol 6", .raw(0x80, 6) + .dict + .stop),
    Case("INST", .start + .mark + Pickle(bytes: Array("ios\nsystem\n".utf8))),
    Case("OBJ", .start + .mark + .op("o")),
    Case("EXT1", .start + .raw(0x82, 1)),
    Case("an old integer", .start + .op("I", 0x31, 0x0A) + .stop),
    Case("a frame past the end", .start + .raw(0x95, 0xFF, 0, 0, 0, 0, 0, 0, 0) + .dict + .stop),
    Case("a frame of 2^64 - 1", .start + .raw(0x95) + .times(8, .raw(0xFF)) + .dict + .stop),
    Case("a text past the end", .start + .op("X", 0xFF, 0xFF, 0xFF, 0x7F)),
    Case("a text of 2^63", .start + .raw(0x8D, 0, 0, 0, 0, 0, 0, 0, 0x80)),
    Case("an old text of negative length", .start + .op("T", 0xFF, 0xFF, 0xFF, 0xFF) + .stop),
    Case("bytes past the end", .start + .op("B", 0xFF, 0xFF, 0xFF, 0xFF)),
    Case("a text that is no UTF-8", .start + .raw(0x8C, 1, 0xFF) + .stop),
    Case("an integer of 255 bytes", .start + .raw(0x8A, 255) + .times(255, .raw(0)) + .stop),
    Case("a global without end", .start + .op("c") + .times(100, .raw(0x61))),
    Case("POP of nothing", .start + .op("0")),
    Case("POP_MARK without a mark", .start + .op("1")),
    Case("DUP of nothing", .start + .op("2")),
    Case("TUPLE2 of one", .start + .none + .raw(0x86)),
    Case("TUPLE2 across a mark", .start + .none + .mark + .none + .raw(0x86)),
    Case("TUPLE without a mark", .start + .none + .op("t")),
    Case("APPEND to nothing", .start + .none + .op("a")),
    Case("APPEND to a tuple", .start + .op(")") + .none + .op("a")),
    Case("APPENDS to a dictionary", .start + .dict + .mark + .none + .op("e")),
    Case("SETITEM on a list", .start + .list + .none + .none + .op("s")),
    Case("SETITEMS of an odd number", .start + .dict + .mark + .none + .op("u") + .stop),
    Case("ADDITEMS to a list", .start + .list + .mark + .raw(0x90)),
    Case("BINGET of nothing", .start + .op("h", 0)),
    Case("LONG_BINGET of nothing", .start + .op("j", 0xFF, 0xFF, 0xFF, 0xFF)),
    Case("BINPUT of nothing", .start + .op("q", 0)),
    Case("STACK_GLOBAL of numbers", .start + .int(1) + .int(2) + .raw(0x93)),
    Case("REDUCE of a number", .start + .int(1) + .op(")") + .op("R")),
    Case("REDUCE of a class", .start + .global("__torch__", "A") + .op(")") + .op("R")),
    Case("REDUCE with a list", .start + .global("collections", "OrderedDict") + .list + .op("R")),
    Case(
      "an ordered map of a dictionary",
      .start + .global("collections", "OrderedDict") + .dict + .raw(0x85) + .op("R")),
    Case(
      "an ordered map of no pairs",
      .start + .global("collections", "OrderedDict") + .list + .none + .op("a") + .raw(0x85)
        + .op("R")),
    Case(
      "an ordered map of triples",
      .start + .global("collections", "OrderedDict") + .list + .none + .none + .none + .raw(0x87)
        + .op("a") + .raw(0x85) + .op("R")),
    Case("NEWOBJ of a number", .start + .int(1) + .op(")") + .raw(0x81)),
    Case(
      "NEWOBJ of a function",
      .start + .global("torch._utils", "_rebuild_tensor_v2") + .op(")") + .raw(0x81)),
    Case("NEWOBJ with arguments", .start + .global("__torch__", "A") + .none + .raw(0x85, 0x81)),
    Case("BUILD of a list", .start + .list + .dict + .op("b")),
    Case(
      "BUILD of an object with a list",
      .start + .global("__torch__", "A") + .op(")") + .raw(0x81) + .list + .op("b")),
    Case(
      "a parameter of nothing",
      .start + .global("torch._utils", "_rebuild_parameter") + .op(")") + .op("R")),
    Case(
      "a parameter of a placeholder",
      .start + .global("torch._utils", "_rebuild_parameter") + .global("torch", "device") + .op(")")
        + .op("R") + .raw(0x85) + .op("R")),
    Case(
      "build_intlist of nothing",
      .start + .global("torch.jit._pickle", "build_intlist") + .op(")") + .op("R")),
    Case("a root that is a list", .start + .list + .stop),
    Case("a root that is a number", .start + .int(1) + .stop),
    Case("a root without tensors", .start + .dict + .stop),
    Case(
      "a root whose only tensor has a number for a name",
      .start + .dict + .int(1) + .tensor() + .op("s") + .stop),
  ])
  func `is refused`(_ test: Case) throws { _ = try fault(test.pickle) }

  @Test(arguments: [
    Case("a persistent id that is no tuple", .text("0") + .op("Q")),
    Case("one that is too short", .text("storage") + .raw(0x85) + .op("Q")),
    Case(
      "one of another word",
      .mark + .text("module") + .global("torch", "FloatStorage") + .text("0") + .text("cpu")
        + .int(6) + .op("t") + .op("Q")),
    Case(
      "one with a function for a type",
      .mark + .text("storage") + .global("torch._utils", "_rebuild_tensor") + .text("0")
        + .text("cpu") + .int(6) + .op("t") + .op("Q")),
    Case(
      "one with a number for a key",
      .mark + .text("storage") + .global("torch", "FloatStorage") + .int(0) + .text("cpu") + .int(6)
        + .op("t") + .op("Q")),
    Case(
      "one with a text for a count",
      .mark + .text("storage") + .global("torch", "FloatStorage") + .text("0") + .text("cpu")
        + .text("6") + .op("t") + .op("Q")),
    Case("a key that is a path", .storage(key: "../0")),
    Case("an empty key", .storage(key: "")),
    Case("a key with a line feed", .storage(key: "0\n")),
    Case("a key that is absent", .storage(key: "1")),
    Case("a storage too long", .storage(count: 7)),
    Case("a storage too short", .storage(count: 5)),
    Case("a storage of another type", .storage("DoubleStorage")),
    Case("a storage of negative size", .storage(count: -1)),
    Case("a storage of 2^62 elements", .storage(count: 1 << 62)),
  ])
  func `a storage is refused for`(_ test: Case) throws {
    _ = try fault(.dict(.tensor(test.pickle)))
  }

  @Test(arguments: [
    Case("a negative offset", .tensor(offset: -1)),
    Case("an offset too large", .tensor(offset: 1)),
    Case("an offset of 2^63 - 1", .tensor(offset: .max)),
    Case("a negative extent", .tensor(shape: [-6])),
    Case("two negative extents", .tensor(shape: [-2, -3], strides: [3, 1])),
    Case("a negative stride", .tensor(offset: 5, strides: [-1])),
    Case("too many extents", .tensor(shape: [2, 3])),
    Case("too many strides", .tensor(strides: [1, 1])),
    Case("an extent too large", .tensor(shape: [7])),
    Case("a stride too large", .tensor(shape: [2, 3], strides: [4, 1])),
    Case("a stride that overflows", .tensor(shape: [3], strides: [.max])),
    Case("strides whose sum overflows", .tensor(shape: [2, 2], strides: [.max, .max])),
    Case("a shape that overflows", .tensor(shape: [1 << 32, 1 << 32], strides: [0, 0])),
    Case("an expansion beyond 4 GiB", .tensor(shape: [1 << 15, 1 << 16], strides: [0, 0])),
    Case(
      "a shape of 100 axes",
      .tensor(shape: [Int](repeating: 1, count: 100), strides: [Int](repeating: 0, count: 100))),
  ])
  func `a tensor is refused for`(_ test: Case) throws { _ = try fault(.dict(test.pickle)) }

  @Test func `a tensor of opaque things is refused`() throws {
    let device = Pickle.global("torch", "device") + .op(")") + .op("R")
    _ = try fault(.dict(.tensor(device)))
  }

  @Test func `what training scripts keep beside the weights is dropped`() throws {
    let dtype =
      Pickle.global("numpy", "dtype") + .text("f8") + .raw(0x89, 0x88, 0x87) + .op("R") + .none
      + .op("b")
    let bytes =
      Pickle.global("_codecs", "encode") + .text("x") + .text("latin1") + .raw(0x86) + .op("R")
    let scalar =
      Pickle.global("numpy._core.multiarray", "scalar") + dtype + bytes + .raw(0x86) + .op("R")
    let namespace =
      Pickle.global("argparse", "Namespace") + .op(")") + .raw(0x81) + .dict + .op("b")
    let set = Pickle.raw(0x8F) + .mark + .int(1) + .int(2) + .raw(0x90)
    let pickle =
      Pickle.start + .dict + .mark + .text("loss") + scalar + .text("args") + namespace
      + .text("seen") + set + .text("rate") + .op("G", 0, 0, 0, 0, 0, 0, 0, 0) + .int(3) + .none
      + .text("w") + .tensor() + .op("u") + .stop
    #expect(try opened(TorchFile.bytes(pickle)).names == ["w"])
  }
}
