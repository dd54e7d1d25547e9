import Foundation
import Store
import Testing

/// MATLAB's files of level 5, and what is refused of them.
struct MatFileTests {
  /// Bytes of an element: a tag, data, padding.
  private static func element(_ type: UInt32, _ data: [UInt8]) -> [UInt8] {
    word(type) + word(UInt32(data.count)) + data
      + [UInt8](repeating: 0, count: (8 - data.count % 8) % 8)
  }

  private static func word(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func matrix(
    _ kind: UInt8, _ shape: [UInt32], _ name: String, _ parts: [UInt8], flags: UInt8 = 0
  ) -> [UInt8] {
    element(
      14,
      element(6, [kind, flags, 0, 0, 0, 0, 0, 0]) + element(5, shape.flatMap(word))
        + element(1, Array(name.utf8)) + parts)
  }

  private static func file(_ elements: [UInt8]) -> [UInt8] {
    Array("MATLAB 5.0 MAT-file".utf8) + [UInt8](repeating: 32, count: 105) + [0, 1]
      + Array("IM".utf8) + elements
  }

  private func read(_ elements: [UInt8]) throws(StoreError.Fault) -> MatFile {
    try MatFile(parsing: Self.file(elements))
  }

  @Test func `numbers, texts, cells and structures are read`() throws {
    let small = Self.matrix(6, [1, 2], "", Self.element(2, [7, 9]))
    let text = Self.matrix(4, [1, 2], "", Self.element(4, [0x68, 0, 0xE9, 0]))
    let cells = Self.matrix(1, [2, 1], "c", small + text)
    let names = Self.element(5, Self.word(8)) + Self.element(1, Array("a\0\0\0\0\0\0\0".utf8))
    let records = Self.matrix(2, [1, 1], "s", names + small)
    let file = try read(cells + records)
    let numbers = MatValue.numbers([7, 9], shape: [1, 2])
    #expect(file["c"] == .cells([numbers, .text("hé")], shape: [2, 1]))
    #expect(file["s"] == .records([[MatField(name: "a", value: numbers)]], shape: [1, 1]))
    #expect(file.variables.map(\.name) == ["c", "s"])
  }

  @Test func `what is not known is refused`() throws {
    let numbers = Self.element(2, [7])
    #expect(throws: StoreError.Fault.unsupported("a sparse array")) {
      try read(Self.matrix(5, [1, 1], "x", numbers))
    }
    #expect(throws: StoreError.Fault.unsupported("complex numbers")) {
      try read(Self.matrix(6, [1, 1], "x", numbers, flags: 8))
    }
    #expect(throws: StoreError.Fault.unsupported("an object of MATLAB")) {
      try read(Self.matrix(3, [1, 1], "x", numbers))
    }
    #expect(throws: StoreError.Fault.self) { try MatFile(parsing: Array("no header".utf8)) }
  }

  @Test func `a file may end anywhere, and no count is believed`() throws {
    let whole = Self.file(
      Self.matrix(1, [1, 1], "c", Self.matrix(6, [1, 2], "", Self.element(2, [7, 9]))))
    for length in 129..<whole.count {
      #expect(throws: StoreError.Fault.self) { try MatFile(parsing: Array(whole[..<length])) }
    }
    for shape: [UInt32] in [[0x7FFF_FFFF, 0x7FFF_FFFF], [0x7FFF_FFFF, 1], [0xFFFF_FFFF, 1]] {
      for kind: UInt8 in [1, 2, 4, 6] {
        #expect(throws: StoreError.Fault.self) {
          try read(Self.matrix(kind, shape, "x", Self.element(2, [7])))
        }
      }
    }
    var deep = Self.matrix(6, [1, 1], "", Self.element(2, [7]))
    for _ in 0..<40 { deep = Self.matrix(1, [1, 1], "", deep) }
    #expect(throws: StoreError.Fault.tooMany("levels of cells", limit: 16)) { try read(deep) }
  }
}
