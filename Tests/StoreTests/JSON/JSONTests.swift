import Foundation
import Store
import TestSupport
import Testing

@Suite struct JSONTests {
  private func parsed(_ text: String, depth: Int = JSON.depth) throws -> JSON {
    try JSON(parsing: Array(text.utf8), depth: depth)
  }

  @Test func `values of every kind`() throws {
    #expect(
      try parsed(" {\"a\": [1, -2.5e-1, true, false, null, \"x\"], \"b\" : { } }\r\n\t")
        == .object([
          .init(
            "a",
            .array([.integer(1), .number(-0.25), .bool(true), .bool(false), .null, .string("x")])),
          .init("b", .object([])),
        ]))
    #expect(try parsed("[]") == .array([]))
    #expect(try parsed("9223372036854775807") == .integer(.max))
    #expect(try parsed("-9223372036854775808") == .integer(.min))
    #expect(try parsed("9223372036854775808") == .number(9223372036854775808))
    #expect(try parsed("1.0") == .number(1))
    #expect(try parsed("0e0") == .number(0))
    #expect(try parsed("1000000000000000019884624838656").double == 1e30)
  }

  @Test func `texts with escapes`() throws {
    #expect(
      try parsed(#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\uDE00é€😀""#)
        == .string("\"\\/\u{8}\u{c}\n\r\tAé😀é€😀"))
    #expect(try parsed(#""\u0000""#) == .string("\0"))
  }

  @Test func `members are found by the bytes of their names`() throws {
    let value = try parsed(#"{"\u00e9": 1, "e\u0301": 2}"#)
    #expect(value["\u{e9}"]?.int == 1)
    #expect(value["e\u{301}"]?.int == 2)
    #expect(value["e"] == nil && JSON.null["e"] == nil)
    #expect(value.object?.map(\.value) == [.integer(1), .integer(2)])
    #expect(JSON.string("\u{e9}") != .string("e\u{301}"))
  }

  @Test func `each value is only what it is`() throws {
    #expect(try parsed("3").double == 3 && parsed("3.0").int == nil && parsed("3").bool == nil)
    #expect(
      try parsed("null").isNull && parsed("true").bool == true && parsed("[0]").array?.count == 1)
    #expect(try parsed("\"x\"").string == "x" && parsed("[]").object == nil)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,",
    "{\"a\":1,}",
    "{a:1}", "{1:1}", "{\"a\" 1}", "[1 2]", "nul", "True", "NaN", "Infinity", "-Infinity", "+1",
    "-",
    "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "1e999", "'x'", "\"x", "\"\\", "\"\\x\"",
    "\"\\u12\"",
    "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "\"\u{1}\"",
    "1 2", "{} x",
    "[] // no", "\u{feff}{}", "}", "]", ",", "{\"a\":1,\"a\":2}", #"{"a":1,"\u0061":2}"#,
    "1" + String(repeating: "0", count: 500),
  ])
  func `what is no JSON is refused`(_ text: String) throws {
    let error = try #require(throws: StoreError.Fault.self) { try parsed(text) }
    guard case .damaged(let what) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(what.contains("of its JSON"))
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xE2, 0x82, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x80], [0x5B, 0xA0, 0x5D],
    ] as [[UInt8]])
  func `bytes that are no UTF-8 are refused`(_ bytes: [UInt8]) {
    #expect(throws: StoreError.Fault.self) { try JSON(parsing: bytes) }
  }

  @Test func `depth and number of values are limited`() throws {
    let nested = String(repeating: "[", count: 16) + String(repeating: "]", count: 16)
    #expect(try parsed(nested, depth: 16).array?.count == 1)
    #expect(throws: StoreError.Fault.tooMany("levels in its JSON", limit: 15)) {
      try parsed(nested, depth: 15)
    }
    #expect(throws: StoreError.Fault.tooMany("levels in its JSON", limit: 64)) {
      try parsed(String(repeating: "{\"a\":[", count: 100_000))
    }
    #expect(throws: StoreError.Fault.tooMany("values in its JSON", limit: 2)) {
      try JSON(parsing: Array("[1,2]".utf8), values: 2)
    }
  }

  @Test func `a vocabulary of many names is read at once, and its only duplicate found`() throws {
    let members = (0..<50_000).map { "\"token\($0)</w>\": \($0)" }
    let clock = ContinuousClock.now
    let value = try parsed("{" + members.joined(separator: ", ") + "}")
    #expect(value.object?.count == 50_000)
    #expect(throws: StoreError.Fault.self) {
      try parsed("{" + (members + ["\"token7</w>\": 1"]).joined(separator: ",") + "}")
    }
    #expect(ContinuousClock.now - clock < .seconds(5))
  }

  @Test func `a file says which file it is`() throws {
    let folder = try TemporaryFolder()
    try folder.write("{\"a\": 1}", to: "good.json")
    try folder.write("{\"a\": ", to: "cut.json")
    #expect(try JSON(reading: folder.file("good.json"), limit: 8)["a"] == .integer(1))
    #expect(throws: StoreError(file: folder.file("good.json"), .tooLarge(needed: 8, limit: 7))) {
      try JSON(reading: folder.file("good.json"), limit: 7)
    }
    #expect(throws: StoreError(file: folder.file("none"), .noFile)) {
      try JSON(reading: folder.file("none"), limit: 1)
    }
    #expect(
      throws: StoreError(file: folder.file("cut.json"), .damaged("no value at byte 6 of its JSON"))
    ) {
      try JSON(reading: folder.file("cut.json"), limit: 100)
    }
  }
}
