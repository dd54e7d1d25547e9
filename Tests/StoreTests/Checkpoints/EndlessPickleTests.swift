import Foundation
import Store
import TestSupport
import Testing

/// Small programs that want to be large: each ends at a limit or means what it says, soon and in
/// little memory.
@Suite struct EndlessPickleTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func opened(_ pickle: Pickle) throws -> StateDict {
    let file = folder.file("model.pt")
    try Data(TorchFile.bytes(pickle)).write(to: URL(filePath: file))
    return try StateDict(reading: file)
  }

  private func fault(_ pickle: Pickle) throws -> StoreError.Fault {
    try #require(throws: StoreError.self) { try opened(pickle) }.fault
  }

  @Test func `a million tuples in each other are given back without recursion`() throws {
    let deep = Pickle.start + .op(")") + .times(999_000, .raw(0x85)) + .stop
    #expect(try fault(deep) == .kind(expected: "a state dict", found: "a tuple"))
    let lists = Pickle.start + .times(400_000, .list) + .times(399_999, .op("a")) + .stop
    #expect(try fault(lists) == .kind(expected: "a state dict", found: "a list"))
  }

  @Test func `containers may hold themselves`() throws {
    let list = Pickle.start + .list + .op("q", 0) + .op("h", 0) + .op("a") + .stop
    #expect(try fault(list) == .kind(expected: "a state dict", found: "a list"))
    let map = Pickle.start + .dict + .op("q", 0) + .text("self") + .op("h", 0) + .op("s")
    #expect(try opened(map + .text("w") + .tensor() + .op("s") + .stop).names == ["w"])
    let wrapped = Pickle.start + .dict + .op("q", 0) + .text("state_dict") + .op("h", 0) + .op("s")
    #expect(try opened(wrapped + .text("w") + .tensor() + .op("s") + .stop).names == ["w"])
  }

  @Test func `what is set through one name is seen through the other`() throws {
    let pickle =
      Pickle.start + .dict + .op("q", 0) + .text("state_dict") + .dict + .op("q", 1) + .op("s")
      + .op("h", 1) + .text("w") + .tensor() + .op("s") + .op("0") + .stop
    #expect(try opened(pickle).names == ["w"])
  }

  @Test func `a later entry of a name replaces the earlier one in its place`() throws {
    let entries =
      Pickle.text("a") + .tensor(shape: [1]) + .text("b") + .tensor(shape: [2]) + .text("a")
      + .tensor(shape: [3])
    let weights = try opened(.start + .dict + .mark + entries + .op("u") + .stop)
    #expect(weights.names == ["a", "b"] && weights["a"]?.shape == [3])
  }

  @Test func `objects that hold each other end at a depth`() throws {
    let object = Pickle.global("__torch__", "A") + .op(")") + .raw(0x81) + .op("q", 0)
    let cycle =
      Pickle.start + object + .dict + .text("x") + .op("h", 0) + .op("s") + .op("b") + .stop
    #expect(try fault(cycle) == .tooMany("levels of objects", limit: 64))
  }

  @Test func `objects that hold the next one twice end at a number`() throws {
    var pickle =
      Pickle.start + .global("__torch__", "A") + .op("q", 0) + .op(")") + .raw(0x81) + .op("q", 1)
    for _ in 0..<40 {
      pickle =
        pickle + .op("h", 0) + .op(")") + .raw(0x81) + .dict + .mark
        + .text("a") + .op("h", 1) + .text("b") + .op("h", 1) + .op("u") + .op("b") + .op("q", 1)
    }
    #expect(try fault(pickle + .stop) == .tooMany("bytes of names", limit: 16 << 20))
  }

  @Test func `attributes are counted as often as they are reached`() throws {
    let object = Pickle.global("__torch__", "A") + .op(")") + .raw(0x81)
    func holding(_ count: Int, _ value: Pickle) -> Pickle {
      let members = (0..<count).map { Pickle.text("\($0)") + value }.reduce(.mark, +)
      return object + .dict + members + .op("u") + .op("b")
    }
    let pickle = Pickle.start + holding(1000, .none) + .op("q", 1) + holding(1001, .op("h", 1))
    #expect(try fault(pickle + .stop) == .tooMany("attributes", limit: 1_000_000))
  }

  @Test func `names that are joined from long ones end at a number of bytes`() throws {
    let object = Pickle.global("__torch__", "A") + .op(")") + .raw(0x81)
    let tensors = (0..<100).map { Pickle.text("\($0)") + .op("h", 1) }.reduce(.mark, +) + .op("u")
    let long = Pickle.text(String(repeating: "n", count: 200_000))
    let pickle =
      Pickle.start + .tensor() + .op("q", 1) + object + .dict + tensors + .op("b") + .op("q", 2)
      + object + .dict + long + .op("h", 2) + .op("s") + .op("b") + .stop
    #expect(try fault(pickle) == .tooMany("bytes of names", limit: 16 << 20))
  }

  @Test func `the stack, the marks, the memo and all values have limits`() throws {
    let limit = 1_000_000
    for pickle in [.times(limit + 1, .none), .none + .times(limit, .op("2"))] as [Pickle] {
      #expect(try fault(.start + pickle) == .tooMany("values in its pickle", limit: limit))
    }
    #expect(
      try fault(.start + .times(limit + 1, .mark)) == .tooMany("marks in its pickle", limit: limit))
    #expect(
      try fault(.start + .none + .times(limit + 1, .raw(0x94)))
        == .tooMany("values in its memo", limit: limit))
    let batch = Pickle.mark + .times(1000, .none) + .op("e")
    #expect(
      try fault(.start + .list + .times(5000, batch))
        == .tooMany("values in its pickle", limit: 4_000_000))
    let texts = Pickle.times(1000, .raw(0x8C, 0)) + .times(1000, .op("0"))
    #expect(
      try fault(.start + .times(5000, texts)) == .tooMany("values in its pickle", limit: 4_000_000))
  }

  @Test func `a long list that is turned into a map again and again is charged each time`() throws {
    let pairs =
      Pickle.list + .op("q", 0) + .mark + .times(1000, .raw(0x8C, 0) + .none + .raw(0x86))
      + .op("e") + .op("0")
    let again =
      Pickle.global("collections", "OrderedDict") + .op("h", 0) + .raw(0x85) + .op("R") + .op("0")
    let clock = ContinuousClock.now
    #expect(
      try fault(.start + pairs + .times(100_000, again))
        == .tooMany("values in its pickle", limit: 4_000_000))
    #expect(ContinuousClock.now - clock < .seconds(20))
  }

  @Test func `a long name is charged for its length each time it is looked up`() throws {
    let name = String(repeating: "n", count: 4 << 20)
    let again = Pickle.op("h", 0) + .none + .op("s")
    let clock = ContinuousClock.now
    #expect(
      try fault(.start + .text(name) + .op("q", 0) + .op("0") + .dict + .times(100_000, again))
        == .tooMany("values in its pickle", limit: 4_000_000))
    #expect(ContinuousClock.now - clock < .seconds(20))
  }

  @Test func `names of objects in objects may not become gigabytes`() throws {
    let object = Pickle.global("__torch__", "A") + .op(")") + .raw(0x81)
    let tensors = (0..<200).reduce(Pickle.dict + .tensor() + .op("q", 1) + .op("0") + .mark) {
      $0 + .text("t\($1)") + .op("h", 1)
    }
    let name = Pickle.text(String(repeating: "n", count: 1 << 20))
    let pickle =
      Pickle.start + object + .dict + name + object + tensors + .op("u") + .op("b") + .op("s")
      + .op("b") + .stop
    #expect(try fault(pickle) == .tooMany("bytes of names", limit: 16 << 20))
  }

  @Test func `a tensor that is described again and again is charged for its shape`() throws {
    let axes = [Int](repeating: 1, count: 32)
    let arguments =
      Pickle.global("torch._utils", "_rebuild_tensor_v2") + .op("q", 0) + .mark + .storage()
      + .int(0) + .ints(axes) + .ints(axes) + .op("t") + .op("q", 1)
    let again = Pickle.op("h", 0) + .op("h", 1) + .op("R") + .op("0")
    #expect(
      try fault(.start + arguments + .times(60_000, again))
        == .tooMany("values in its pickle", limit: 4_000_000))
  }
}
