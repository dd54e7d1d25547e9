/// An array of any rank with elements of one kind: a scalar has no axes. Tensors of Float32 are not
/// among them; they are ``Tensor``s.
package struct StoredArray: Sendable {
  /// The extent of each axis.
  package let shape: [Int]
  /// All elements.
  package let elements: Elements

  /// The elements in row-major order.
  package enum Elements: Sendable {
    case integers([Int])
    case floats([Double])
    case booleans([Bool])
    case strings([String])

    /// How many there are.
    package var count: Int {
      switch self {
      case .integers(let values): values.count
      case .floats(let values): values.count
      case .booleans(let values): values.count
      case .strings(let values): values.count
      }
    }

    /// "int64", "float64", "bool" or "string".
    package var typeName: String {
      switch self {
      case .integers: "int64"
      case .floats: "float64"
      case .booleans: "bool"
      case .strings: "string"
      }
    }
  }

  /// An array; a contract is that the elements fill the shape.
  package init(shape: [Int], _ elements: Elements) {
    let count = shape.reduce(1, *)
    precondition(elements.count == count, "\(elements.count) elements in the shape \(shape)")
    self.shape = shape
    self.elements = elements
  }

  /// A scalar.
  package static func integer(_ value: Int) -> StoredArray { .init(shape: [], .integers([value])) }
  /// A scalar.
  package static func float(_ value: Double) -> StoredArray { .init(shape: [], .floats([value])) }
  /// A scalar.
  package static func boolean(_ value: Bool) -> StoredArray {
    .init(shape: [], .booleans([value]))
  }
  /// A scalar.
  package static func string(_ value: String) -> StoredArray { .init(shape: [], .strings([value])) }
  /// One axis.
  package static func strings(_ values: [String]) -> StoredArray {
    .init(shape: [values.count], .strings(values))
  }
  /// One axis.
  package static func integers(_ values: [Int]) -> StoredArray {
    .init(shape: [values.count], .integers(values))
  }

  /// The text, if this is a single one.
  package var text: String? {
    if case .strings(let values) = elements, shape.isEmpty { values.first } else { nil }
  }

  /// The number, if this is a single integer.
  package var integer: Int? {
    if case .integers(let values) = elements, shape.isEmpty { values.first } else { nil }
  }

  /// The texts, if this is one axis of them.
  package var texts: [String]? {
    if case .strings(let values) = elements, shape.count == 1 { values } else { nil }
  }
}

/// Equal means: would be stored as the same bytes. NaN equals a NaN of the same bits, 0 does not
/// equal −0, and texts are compared byte by byte.
extension StoredArray: Equatable {
  /// Equal in every bit.
  package static func == (a: StoredArray, b: StoredArray) -> Bool {
    guard a.shape == b.shape else { return false }
    switch (a.elements, b.elements) {
    case (.integers(let a), .integers(let b)): return a == b
    case (.booleans(let a), .booleans(let b)): return a == b
    case (.floats(let a), .floats(let b)):
      return a.elementsEqual(b) { $0.bitPattern == $1.bitPattern }
    case (.strings(let a), .strings(let b)):
      return a.elementsEqual(b) { $0.hasSameBytes(as: $1) }
    default: return false
    }
  }
}
