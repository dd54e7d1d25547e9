import Foundation
import Store
import Tensor
import TestSupport
import Testing

@Suite struct SafetensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(_ bytes: [UInt8], _ name: String = "model.safetensors") throws -> String {
    try Data(bytes).write(to: URL(filePath: folder.file(name)))
    return folder.file(name)
  }

  @Test func `tensors of every type, as they were saved`() throws {
    let halves: [UInt16] = [0x3C00, 0x8001, 0x7BFF, 0xFC00, 0x7E01, 0x7C01]
    let brains: [UInt16] = [0x3F80, 0x0001, 0xFF80, 0x7FC1]
    let doubles: [Double] = [1.5, -0.0, 1 + 0x1p-24, 1 + 3 * 0x1p-24, 1e300, 0x1p-149]
    let file = try written(
      SafetensorsFile.bytes(
        [
          .init(
            name: "single", type: "F32", shape: [2, 3],
            bytes: [Float](arrayLiteral: 1, -2, 3, .nan, 0, .infinity).littleEndian),
          .init(name: "flags", type: "BOOL", shape: [3], bytes: [0, 1, 0]),
          .init(
            name: "odd", type: "F32", shape: [2], bytes: [Float](arrayLiteral: 5, 6).littleEndian),
          .init(name: "half", type: "F16", shape: [6], bytes: halves.littleEndian),
          .init(name: "brain", type: "BF16", shape: [2, 2], bytes: brains.littleEndian),
          .init(
            name: "double", type: "F64", shape: [6, 1],
            bytes: doubles.map(\.bitPattern).littleEndian),
          .init(name: "scalar", type: "F32", shape: [], bytes: [Float(4.25)].littleEndian),
          .init(name: "none", type: "F16", shape: [0, 7], bytes: []),
          .init(name: "ids", type: "I64", shape: [1, 2], bytes: [Int64(0), 1].littleEndian),
        ], metadata: "{\"format\":\"pt\"}"))
    let weights = try StateDict(reading: file)
    #expect(weights.kind == .safetensors && !weights.isTorchScript)
    #expect(
      weights.names == [
        "single", "flags", "odd", "half", "brain", "double", "scalar", "none", "ids",
      ])
    let single = try weights.tensor(named: "single")
    #expect(single.shape == [2, 3])
    #expect(
      single.elements.map(\.bitPattern)
        == [Float](arrayLiteral: 1, -2, 3, .nan, 0, .infinity).map(\.bitPattern))
    #expect(try weights.tensor(named: "odd").elements == [5, 6])
    #expect(
      try weights.tensor(named: "half").elements.map(\.bitPattern)
        == [0x3F80_0000, 0xB380_0000, 0x477F_E000, 0xFF80_0000, 0x7FC0_2000, 0x7F80_2000])
    #expect(
      try weights.tensor(named: "brain").elements.map(\.bitPattern)
        == [0x3F80_0000, 0x0001_0000, 0xFF80_0000, 0x7FC1_0000])
    #expect(
      try weights.tensor(named: "double").elements == [
        1.5, -0.0, 1, 1 + 0x1p-22, .infinity, 0x1p-149,
      ])
    #expect(try weights.tensor(named: "scalar").scalar == 4.25)
    #expect(try weights.tensor(named: "none").shape == [0, 7])
    #expect(weights["ids"]?.type == .int64 && weights["ids"]?.shape == [1, 2])
    #expect(
      throws: StoreError(file: file, path: "'ids'", .kind(expected: "floats", found: "int64"))
    ) {
      try weights.tensor(named: "ids")
    }
    #expect(throws: StoreError(file: file, path: "'x'", .absent)) { try weights.tensor(named: "x") }
  }

  @Test func `every half is widened to its own value`() throws {
    let all = (0...UInt16.max).map { $0 }
    let file = try written(
      SafetensorsFile.bytes([
        .init(name: "all", type: "F16", shape: [65536], bytes: all.littleEndian)
      ]))
    let read = try StateDict(reading: file).tensor(named: "all").elements
    for (bits, value) in zip(all, read) {
      let expected = Float(Float16(bitPattern: bits))
      #expect(value.isNaN ? expected.isNaN : value.bitPattern == expected.bitPattern, "\(bits)")
    }
  }

  @Test func `tensors outlive the state dict, and lie in the mapped file`() throws {
    let file = try written(
      SafetensorsFile.bytes([
        .init(
          name: "w", type: "F32", shape: [3], bytes: [Float](arrayLiteral: 1, 2, 3).littleEndian)
      ]))
    let tensor = try StateDict(reading: file).tensor(named: "w")
    try FileManager.default.removeItem(atPath: file)
    #expect(tensor.elements == [1, 2, 3])
    #expect(try isMapped(folder.path, expecting: true))
  }

  struct Case: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8]) { (self.name, self.bytes) = (name, bytes) }

    init(_ name: String, _ header: String, data: Int = 0) {
      self.init(
        name, SafetensorsFile.bytes(header: header, data: [UInt8](repeating: 0, count: data)))
    }
  }

  private static let w = #""dtype":"F32","shape":[1],"data_offsets":[0,4]"#

  @Test(arguments: [
    Case("nothing", [UInt8]()),
    Case("a piece of the length", [1, 0, 0]),
    Case("a length without a header", [1, 0, 0, 0, 0, 0, 0, 0]),
    Case("a length beyond every file", [UInt8](repeating: 0xFF, count: 8) + Array("{}".utf8)),
    Case("a length of 2^63", [0, 0, 0, 0, 0, 0, 0, 0x80] + Array("{}".utf8)),
    Case("a header of more than 100 MB", [UInt64(100_000_001)].littleEndian + Array("{}".utf8)),
    Case("no header", ""),
    Case("an array", "[]"),
    Case("a space first", " {}"),
    Case("an open object", "{"),
    Case("text after it", "{} x"),
    Case("a NUL after it", "{}\0"),
    Case("a name twice", "{\"w\":{\(w)},\"w\":{\(w)}}", data: 4),
    Case("a name twice in other letters", "{\"w\":{\(w)},\"\\u0077\":{\(w)}}", data: 4),
    Case("nesting", "{\"w\":" + String(repeating: "[", count: 50_000)),
    Case("metadata of numbers", "{\"__metadata__\":{\"a\":1}}"),
    Case("metadata that are a text", "{\"__metadata__\":\"a\"}"),
    Case("an entry that is no object", "{\"w\":[]}"),
    Case("a field too few", "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}", data: 4),
    Case("a field too many", "{\"w\":{\(w),\"x\":0}}", data: 4),
    Case(
      "a field of another name", "{\"w\":{\"type\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
      data: 4),
    Case(
      "an unknown type", "{\"w\":{\"dtype\":\"F8\",\"shape\":[4],\"data_offsets\":[0,4]}}", data: 4),
    Case(
      "a type that is a number", "{\"w\":{\"dtype\":1,\"shape\":[4],\"data_offsets\":[0,4]}}",
      data: 4),
    Case(
      "a negative extent", "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
      data: 4),
    Case(
      "two negative extents",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[-1,-1],\"data_offsets\":[0,4]}}", data: 4),
    Case(
      "a fraction of an extent",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", data: 4),
    Case(
      "an extent of 2^63",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,4]}}", data: 4),
    Case(
      "extents whose product overflows",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}",
      data: 4),
    Case(
      "extents whose bytes overflow",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[2305843009213693953],\"data_offsets\":[0,4]}}", data: 4),
    Case(
      "overflow hidden by a zero",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[0,4294967296,4294967296],\"data_offsets\":[0,0]}}"),
    Case(
      "a hundred axes",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":\([Int](repeating: 1, count: 100)),\"data_offsets\":[0,4]}}",
      data: 4),
    Case("one offset", "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}}", data: 4),
    Case(
      "three offsets", "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,4]}}", data: 4
    ),
    Case(
      "an end before its begin", "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
      data: 4),
    Case(
      "an end past the file", "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
      data: 4),
    Case(
      "a negative begin", "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-4,4]}}",
      data: 4),
    Case(
      "more bytes than its shape",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}", data: 8),
    Case(
      "fewer bytes than its shape",
      "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", data: 4),
    Case(
      "bytes before the first", "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
      data: 8),
    Case("bytes after the last", "{\"w\":{\(w)}}", data: 5),
    Case("bytes and no tensor", "{}", data: 1),
    Case("two tensors on the same bytes", "{\"v\":{\(w)},\"w\":{\(w)}}", data: 4),
    Case(
      "two tensors that overlap",
      "{\"v\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},\"w\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[4,10]}}",
      data: 10),
    Case(
      "a gap", "{\"v\":{\(w)},\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
      data: 12),
  ])
  func `what contradicts itself is refused`(_ test: Case) throws {
    let file = try written(test.bytes)
    let error = try #require(throws: StoreError.self) { try StateDict(reading: file) }
    #expect(error.file == file)
  }

  @Test func `files may be empty of tensors, and tensors of numbers`() throws {
    #expect(try StateDict(reading: try written(SafetensorsFile.bytes(header: "{}"))).names == [])
    let zeros = (0..<3).map {
      SafetensorsFile.Tensor(name: "z\($0)", type: "F32", shape: [0], bytes: [])
    }
    #expect(try StateDict(reading: try written(SafetensorsFile.bytes(zeros))).entries.count == 3)
  }

  @Test func `what is no checkpoint is told by its name`() throws {
    for (bytes, fault) in [
      ([], StoreError.Fault.notWeights(found: "an empty file")),
      (Array("just a text\n".utf8), .notWeights(found: "text")),
      (
        Array("version https://git-lfs.github.com/spec/v1\n".utf8),
        .notWeights(found: "a Git LFS pointer")
      ),
      ([0x80, 0x02, 0x7D, 0x2E], .notWeights(found: "a bare pickle")),
      ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), .notWeights(found: "an HDF5 file")),
      ([0, 1, 2], .notWeights(found: "something else")),
      (
        [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E],
        .legacyTorch
      ),
    ] as [([UInt8], StoreError.Fault)] {
      let file = try written(bytes, "model.bin")
      #expect(throws: StoreError(file: file, fault)) { try StateDict(reading: file) }
    }
    #expect(throws: StoreError(file: folder.path, .notRegular)) {
      try StateDict(reading: folder.path)
    }
  }
}
