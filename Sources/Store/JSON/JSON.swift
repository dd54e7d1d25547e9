/// A JSON text: headers of checkpoints, configurations, vocabularies.
///
/// Names and texts are equal when their bytes are; members keep the order of the text. The reader is
/// strict (RFC 8259, UTF-8): no name twice in an object, nothing after the value, no comments, no
/// NaN. A whole number that fits is an ``integer(_:)``, every other number a ``number(_:)``.
package enum JSON: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  /// A name of an object, and what belongs to it.
  package struct Member: Equatable, Sendable {
    /// Any text; no other member of the object has the same bytes.
    package let name: String
    /// Any value.
    package let value: JSON

    /// A name with its value.
    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }

    /// Equal in every byte.
    package static func == (a: Member, b: Member) -> Bool {
      a.name.hasSameBytes(as: b.name) && a.value == b.value
    }
  }

  /// Levels of arrays and objects that a text may have.
  package static let depth = 64
  /// Values that a text may have: a text of few bytes a value would take many times its size.
  package static let values = 2_000_000

  /// Reads a text.
  package init(parsing text: [UInt8], depth: Int = depth, values: Int = values)
    throws(StoreError.Fault)
  {
    var parser = JSONParser(text, depth: depth, values: values)
    self = try parser.document()
  }

  /// Reads a file of at most `limit` bytes.
  package init(reading path: String, limit: Int, depth: Int = depth) throws(StoreError) {
    do throws(Fault) {
      let file = try FileBytes(opening: path)
      guard file.size <= limit else { throw .tooLarge(needed: file.size, limit: limit) }
      try self.init(parsing: try file.bytes(at: 0, count: file.size), depth: depth)
    } catch {
      throw StoreError(file: path, error)
    }
  }
}

extension JSON {
  /// The member of a name; nil also where there are no members.
  package subscript(name: String) -> JSON? {
    object?.first { $0.name.hasSameBytes(as: name) }?.value
  }

  /// Whether it is `null`.
  package var isNull: Bool {
    if case .null = self { true } else { false }
  }

  /// A truth value.
  package var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// A whole number that was written as one.
  package var int: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// Any number.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// A text.
  package var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements of an array.
  package var array: [JSON]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object.
  package var object: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}

extension JSON: Equatable {
  /// Equal in every byte of every text, in the same order; a whole number and a fraction differ.
  package static func == (a: JSON, b: JSON) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a.hasSameBytes(as: b)
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)): a == b
    default: false
    }
  }
}
